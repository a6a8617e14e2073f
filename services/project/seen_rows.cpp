// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/project/seen_rows.hpp>

#include <layers/geometry/area_filter.hpp>

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

bool holds(const std::vector<std::string>& classes, std::string_view word)
{
    return std::find(classes.begin(), classes.end(), word) != classes.end();
}

/// Where rows of one class are seen.
struct Places {
    bool everywhere = false;
    std::vector<std::size_t> areas = {};
};

Places places_of(std::string_view word, const SeenRows& seen)
{
    Places places{word.empty() || holds(seen.classes, word)};
    for (std::size_t i = 0; i < seen.areas.size() && !places.everywhere; ++i)
        if (holds(seen.areas[i].classes, word))
            places.areas.push_back(i);
    return places;
}

class UnseenRows {
public:
    UnseenRows(const table::Table& table, const SeenRows& seen) : m_seen(seen), m_unseen(table.rows())
    {
        for (const SeenArea& area : seen.areas)
            m_inside.push_back(table.has_geometry() ? geometry::rows_in_area(table.geometry(), area.wkt) : std::vector<bool>(table.rows()));
    }

    /// Of the class that every row has.
    void mark(std::string_view word)
    {
        const Places places = places_of(word, m_seen);
        for (std::size_t row = 0; row < m_unseen.size() && !places.everywhere; ++row)
            mark(row, places);
    }

    /// Of the classes that rows have of their own; a dictionary's entries are looked at once.
    void mark(const table::Column& column)
    {
        std::vector<Places> entries;
        if (column.is_dictionary())
            for (std::size_t i = 0; i < column.dictionary().size(); ++i)
                entries.push_back(places_of(column.dictionary().text(i), m_seen));
        if (!entries.empty() && std::all_of(entries.begin(), entries.end(), [](const Places& places) { return places.everywhere; }))
            return;
        for (std::size_t row = 0; row < m_unseen.size(); ++row)
            if (column.valid(row))
                mark(row, column.is_dictionary() ? entries[static_cast<std::size_t>(column.codes()[row])] : places_of(column.text(row), m_seen));
    }

    const std::vector<bool>& rows() const { return m_unseen; }

private:
    void mark(std::size_t row, const Places& places)
    {
        if (!places.everywhere && std::none_of(places.areas.begin(), places.areas.end(), [&](std::size_t area) { return m_inside[area][row]; }))
            m_unseen[row] = true;
    }

    const SeenRows& m_seen;
    std::vector<std::vector<bool>> m_inside;   // by area
    std::vector<bool> m_unseen;
};

std::string inside(const SeenArea& area)
{
    return "coalesce(intersects($geometry, geom_from_wkt('" + area.wkt + "')), false)";
}

std::string list_of(const std::vector<std::string>& classes)
{
    std::string list;
    for (const std::string& name : classes)
        list += (list.empty() ? "" : ", ") + quoted(name, '\'');
    return list;
}

}  // namespace

std::string filter_expression(const SeenRows& seen)
{
    std::string text;
    const auto add = [&](const std::string& condition) { text += (text.empty() ? "(" : " AND (") + condition + ")"; };
    if (!seen.own_class.empty()) {
        std::string places;
        for (const SeenArea& area : seen.areas)
            if (holds(area.classes, seen.own_class))
                places += (places.empty() ? "" : " OR ") + inside(area);
        add(places.empty() ? "false" : places);
    }
    for (const std::string& field : seen.fields) {
        const std::string name = quoted(field, '"');
        std::string condition = name + " IS NULL OR " + name + " IN (''" + (seen.classes.empty() ? "" : ", ") + list_of(seen.classes) + ")";
        for (const SeenArea& area : seen.areas)
            condition += " OR (" + name + " IN (" + list_of(area.classes) + ") AND " + inside(area) + ")";
        add(condition);
    }
    return text;
}

std::optional<std::vector<std::int64_t>> rows_seen(const table::Table& table, const SeenRows& seen)
{
    if (seen.all())
        return {};
    UnseenRows unseen(table, seen);
    unseen.mark(seen.own_class);
    for (const std::string& field : seen.fields) {
        const table::Column* column = table.find(field);
        if (column == nullptr || column->type() != table::Type::text)
            return std::vector<std::int64_t>();  // the rows cannot tell: none is shown
        unseen.mark(*column);
    }
    if (std::find(unseen.rows().begin(), unseen.rows().end(), true) == unseen.rows().end())
        return {};
    std::vector<std::int64_t> rows;
    for (std::size_t row = 0; row < unseen.rows().size(); ++row)
        if (!unseen.rows()[row])
            rows.push_back(static_cast<std::int64_t>(row));
    return rows;
}

}  // namespace stadtgdi::project
