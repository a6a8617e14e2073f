// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/project/seen_rows.hpp>

#include <algorithm>

namespace stadtgdi::project {

namespace {

std::string quoted(const std::string& text, char quote)
{
    std::string result(1, quote);
    for (const char c : text)
        result.append(c == quote ? 2U : 1U, c);
    return result + quote;
}

bool is_seen(std::string_view word, const SeenRows& seen)
{
    return word.empty() || std::find(seen.classes.begin(), seen.classes.end(), word) != seen.classes.end();
}

/// One answer for each row; a dictionary's entries are looked at once.
void mark_unseen(const table::Column& column, const SeenRows& seen, std::vector<bool>& unseen)
{
    if (column.is_dictionary()) {
        std::vector<bool> entry(column.dictionary().size());
        for (std::size_t i = 0; i < entry.size(); ++i)
            entry[i] = !is_seen(column.dictionary().text(i), seen);
        if (std::find(entry.begin(), entry.end(), true) == entry.end())
            return;
        for (std::size_t row = 0; row < unseen.size(); ++row)
            if (column.valid(row) && entry[static_cast<std::size_t>(column.codes()[row])])
                unseen[row] = true;
        return;
    }
    for (std::size_t row = 0; row < unseen.size(); ++row)
        if (column.valid(row) && !is_seen(column.text(row), seen))
            unseen[row] = true;
}

}  // namespace

std::string filter_expression(const SeenRows& seen)
{
    std::string list = "''";
    for (const std::string& name : seen.classes)
        list += ", " + quoted(name, '\'');
    std::string text;
    for (const std::string& field : seen.fields) {
        const std::string name = quoted(field, '"');
        text += (text.empty() ? "" : " AND ") + ("(" + name + " IS NULL OR " + name + " IN (" + list + "))");
    }
    return text;
}

std::optional<std::vector<std::int64_t>> rows_seen(const table::Table& table, const SeenRows& seen)
{
    std::vector<bool> unseen(table.rows());
    for (const std::string& field : seen.fields) {
        const table::Column* column = table.find(field);
        if (column == nullptr || column->type() != table::Type::text)
            return std::vector<std::int64_t>();  // the rows cannot tell: none is shown
        mark_unseen(*column, seen, unseen);
    }
    if (std::find(unseen.begin(), unseen.end(), true) == unseen.end())
        return {};
    std::vector<std::int64_t> rows;
    for (std::size_t row = 0; row < unseen.size(); ++row)
        if (!unseen[row])
            rows.push_back(static_cast<std::int64_t>(row));
    return rows;
}

}  // namespace stadtgdi::project
