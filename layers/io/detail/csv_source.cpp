// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/detail/gdal.hpp>
#include <layers/io/detail/sources.hpp>
#include <layers/table/table_builder.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace stadtgdi::io::detail {
namespace {

struct Cell {
    std::string text;
    bool quoted = false;
};

/// Splits CSV text into records: cells in quotes may hold separators, line breaks and doubled quotes.
class CsvReader {
public:
    CsvReader(const std::string& text, std::string path) : m_text(text), m_path(std::move(path)), m_separator(separator()) {}

    /// False at the end. Empty lines are passed over.
    bool next(std::vector<Cell>& record)
    {
        while (m_at < m_text.size() && (m_text[m_at] == '\n' || m_text[m_at] == '\r'))
            step();
        if (m_at >= m_text.size())
            return false;
        record.clear();
        m_record_line = m_line;
        for (;;) {
            record.emplace_back();
            cell(record.back());
            if (m_at >= m_text.size())
                return true;
            if (m_text[m_at] == m_separator) {
                ++m_at;
                if (m_at == m_text.size())
                    record.emplace_back();
                continue;
            }
            if (m_text[m_at] == '\r')
                ++m_at;
            if (m_at < m_text.size() && m_text[m_at] == '\n')
                step();
            return true;
        }
    }

    std::size_t line() const { return m_record_line; }

private:
    void step()
    {
        if (m_text[m_at++] == '\n')
            ++m_line;
    }

    void cell(Cell& cell)
    {
        if (m_at < m_text.size() && m_text[m_at] == '"') {
            cell.quoted = true;
            const std::size_t begun = m_line;
            ++m_at;
            for (;;) {
                if (m_at >= m_text.size()) {
                    throw Error(ErrorKind::bad_data,
                                base::filled({"File '{0}', line {1}: a quotation mark is opened and never closed.",
                                              "Datei '{0}', Zeile {1}: Ein Anführungszeichen wird geöffnet und nie geschlossen."},
                                             m_path, std::to_string(begun)));
                }
                if (m_text[m_at] == '"') {
                    if (m_at + 1 < m_text.size() && m_text[m_at + 1] == '"') {
                        cell.text += '"';
                        m_at += 2;
                        continue;
                    }
                    ++m_at;
                    break;
                }
                cell.text += m_text[m_at];
                step();
            }
        }
        const std::size_t rest = m_at;
        while (m_at < m_text.size() && m_text[m_at] != m_separator && m_text[m_at] != '\n' && m_text[m_at] != '\r')
            ++m_at;
        cell.text.append(m_text, rest, m_at - rest);
    }

    /// The separator that stands most often in the first line, outside of quotes.
    char separator() const
    {
        constexpr std::array candidates{',', ';', '\t', '|'};
        std::array<std::size_t, candidates.size()> counts{};
        bool quoted = false;
        for (const char c : m_text) {
            if (c == '"')
                quoted = !quoted;
            if (!quoted && (c == '\n' || c == '\r'))
                break;
            if (!quoted)
                for (std::size_t i = 0; i < candidates.size(); ++i)
                    counts[i] += c == candidates[i] ? 1U : 0U;
        }
        return candidates[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin())];
    }

    const std::string& m_text;
    std::string m_path;
    char m_separator;
    std::size_t m_at = 0, m_line = 1, m_record_line = 1;
};

/// Names are unique: an empty one becomes column_N, a second "a" becomes a_2.
std::vector<std::string> unique_names(const std::vector<Cell>& header)
{
    std::vector<std::string> names;
    std::set<std::string> used;
    for (std::size_t i = 0; i < header.size(); ++i) {
        const std::string wanted = header[i].text.empty() ? "column_" + std::to_string(i + 1) : header[i].text;
        std::string name = wanted;
        for (int number = 2; !used.insert(name).second; ++number)
            name = wanted + "_" + std::to_string(number);
        names.push_back(name);
    }
    return names;
}

class CsvSource final : public Source {
public:
    explicit CsvSource(std::string path) : m_path(std::move(path)), m_content(file_content(m_path)) {}

    std::vector<LayerInfo> layers() override
    {
        base::RunContext run(1);
        ReadOptions options;
        // Latin-1 reads anything; only names and types are wanted here.
        options.encoding = "";
        table::Table table;
        try {
            table = read(options, run);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::bad_data)
                throw;
            options.encoding = "ISO-8859-1";
            table = read(options, run);
        }
        return {{layer_name(), table.schema(), static_cast<std::int64_t>(table.rows()), ""}};
    }

    table::Table read(const ReadOptions& options, base::RunContext& run) override
    {
        const std::string name = file_name(m_path);
        if (!options.layer.empty() && options.layer != layer_name()) {
            throw Error(ErrorKind::not_found, base::filled({"There is no layer '{0}' in '{1}'; its only one is '{2}'.",
                                                            "Die Ebene '{0}' fehlt in '{1}'; die einzige heißt '{2}'."},
                                                           options.layer, name, layer_name()));
        }
        if (!options.where.empty()) {
            throw Error(ErrorKind::unsupported, base::filled({"A condition cannot be applied to the CSV file '{0}'.",
                                                              "Auf die CSV-Datei '{0}' lässt sich keine Bedingung anwenden."},
                                                             name));
        }
        const std::string content = utf8(m_content, options.encoding, name);
        CsvReader reader(content, name);
        std::vector<Cell> record;
        if (!reader.next(record))
            throw Error(ErrorKind::bad_data, base::filled({"The CSV file '{0}' is empty; expected a line of column names.",
                                                           "Die CSV-Datei '{0}' ist leer; erwartet wird eine Zeile mit Spaltennamen."},
                                                          name));
        const std::vector<std::string> names = unique_names(record);
        std::vector<table::ColumnBuilder> builders;
        for (std::size_t i = 0; i < names.size(); ++i)
            builders.emplace_back(table::Type::text);
        std::int64_t rows = 0;
        std::vector<std::int64_t> places;  // of the rows taken, in the file
        for (; reader.next(record); ++rows) {
            if (rows % 4096 == 0)
                run.throw_if_stopped();
            while (record.size() > names.size() && record.back().text.empty())
                record.pop_back();  // separators at the end of a line
            if (options.as_text && record.size() != names.size()) {
                report_cells(name, rows, reader.line(), record.size(), names.size(), run);
                continue;
            }
            places.push_back(rows);
            for (std::size_t i = names.size(); i < record.size(); ++i) {
                if (record[i].text.empty())
                    continue;
                throw Error(ErrorKind::bad_data,
                            base::filled({"File '{0}', line {1} (row {2}): {3} cells, but there are {4} columns.",
                                          "Datei '{0}', Zeile {1} (Datensatz {2}): {3} Zellen, es gibt aber {4} Spalten."},
                                         name, std::to_string(reader.line()), std::to_string(rows + 1), std::to_string(record.size()),
                                         std::to_string(names.size())));
            }
            for (std::size_t i = 0; i < names.size(); ++i) {
                if (i >= record.size())
                    builders[i].add_null();  // a short line
                else if (record[i].text.empty() && !options.as_text && !record[i].quoted)
                    builders[i].add_null();
                else
                    builders[i].add(std::string_view(record[i].text));
            }
        }
        table::Schema schema;
        std::vector<table::Column> columns;
        for (std::size_t i = 0; i < names.size(); ++i) {
            table::Column column = std::move(builders[i]).finish();
            if (!options.as_text)
                column = typed(column);
            schema.fields.push_back({names[i], column.type()});
            columns.push_back(std::move(column));
        }
        table::Table table(std::move(schema), std::move(columns));
        if (options.fid) {
            std::vector<std::int64_t> ids(table.rows());
            for (std::size_t i = 0; i < ids.size(); ++i)
                ids[i] = static_cast<std::int64_t>(i) + 1;
            table = table.with_column({"fid", table::Type::int64}, table::Column::of_ints(std::move(ids)));
        }
        table = finished(std::move(table), options, name, run);
        if (options.source_file && static_cast<std::int64_t>(places.size()) != rows)
            table = table.with_column({"source_row", table::Type::int64}, table::Column::of_ints(std::move(places)));
        return table;
    }

private:
    // A row that was cut off, or whose separators are wrong: which cell belongs to which column is anybody's guess.
    static void report_cells(const std::string& file, std::int64_t row, std::size_t line, std::size_t found, std::size_t expected, base::RunContext& run)
    {
        base::Finding finding;
        finding.rule = "import.cells";
        finding.severity = base::Severity::error;
        finding.file = file;
        finding.row = row;
        finding.value = std::to_string(found);
        finding.message = base::filled({"Line {0} has {1} cells, {2} are expected; the row is left out.", "Zeile {0} der Datei hat {1} Zellen, erwartet werden {2}; der Datensatz wird nicht übernommen."},
                                       std::to_string(line), std::to_string(found), std::to_string(expected));
        run.report(std::move(finding));
    }

    std::string layer_name() const
    {
        const std::string name = file_name(m_path);
        return name.substr(0, name.find('.'));
    }

    std::string m_path, m_content;
};

}  // namespace

std::unique_ptr<Source> open_csv(const std::string& path)
{
    return std::make_unique<CsvSource>(path);
}

}  // namespace stadtgdi::io::detail
