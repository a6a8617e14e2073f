// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/detail/gdal.hpp>
#include <layers/io/detail/sources.hpp>
#include <layers/table/table_builder.hpp>

#include <nlohmann/json.hpp>
#include <unordered_map>

namespace stadtgdi::io::detail {
namespace {

using nlohmann::ordered_json;
using table::Type;

std::string text_of(const ordered_json& value)
{
    if (value.is_string())
        return value.get_ref<const std::string&>();
    if (value.is_number_float())
        return table::number_text(value.get<double>());
    return value.dump();
}

Type type_of(const ordered_json& value)
{
    if (value.is_boolean())
        return Type::boolean;
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > 0x7FFF'FFFF'FFFF'FFFFULL)
        return Type::float64;
    if (value.is_number_integer())
        return Type::int64;
    return value.is_number_float() ? Type::float64 : Type::text;
}

class JsonRecords final : public Source {
public:
    JsonRecords(std::string path, std::string records) : m_path(std::move(path)), m_records(std::move(records))
    {
        const std::string content = utf8(file_content(m_path), "", file_name(m_path));
        try {
            m_document = ordered_json::parse(content);
        } catch (const nlohmann::json::exception& error) {
            throw Error(ErrorKind::bad_data, base::filled({"File '{0}' is not JSON: {1}", "Die Datei '{0}' ist kein JSON: {1}"},
                                                          file_name(m_path), std::string(error.what())));
        }
        find_array();
    }

    std::vector<LayerInfo> layers() override
    {
        base::RunContext run(1);
        const table::Table table = read({}, run);
        return {{layer_name(), table.schema(), static_cast<std::int64_t>(table.rows()), ""}};
    }

    table::Table read(const ReadOptions& options, base::RunContext& run) override
    {
        if (!options.layer.empty() && options.layer != layer_name()) {
            throw Error(ErrorKind::not_found, base::filled({"There is no layer '{0}' in '{1}'; its only one is '{2}'.",
                                                            "Die Ebene '{0}' fehlt in '{1}'; die einzige heißt '{2}'."},
                                                           options.layer, file_name(m_path), layer_name()));
        }
        if (!options.where.empty())
            throw Error(ErrorKind::unsupported, base::filled({"A condition cannot be applied to the JSON file '{0}'.",
                                                              "Auf die JSON-Datei '{0}' lässt sich keine Bedingung anwenden."},
                                                             file_name(m_path)));
        const table::Schema schema = schema_of(options.as_text);
        std::unordered_map<std::string, std::size_t> place;
        for (std::size_t i = 0; i < schema.fields.size(); ++i)
            place.emplace(schema.fields[i].name, i);
        table::TableBuilder builder(schema);
        for (const ordered_json& record : *m_array) {
            if (builder.rows() % 4096 == 0)
                run.throw_if_stopped();
            for (const auto& [key, value] : record.items()) {
                table::ColumnBuilder& column = builder.column(place.at(key));
                if (value.is_null() || column.size() > builder.rows())
                    continue;
                switch (column.type()) {
                case Type::boolean: column.add(value.get<bool>()); break;
                case Type::int64: column.add(value.get<std::int64_t>()); break;
                case Type::float64: column.add(value.get<double>()); break;
                default: column.add(text_of(value)); break;
                }
            }
            builder.end_row();
        }
        table::Table table = std::move(builder).finish();
        if (options.fid) {
            std::vector<std::int64_t> ids(table.rows());
            for (std::size_t i = 0; i < ids.size(); ++i)
                ids[i] = static_cast<std::int64_t>(i) + 1;
            table = table.with_column({"fid", Type::int64}, table::Column::of_ints(std::move(ids)));
        }
        return finished(std::move(table), options, file_name(m_path), run);
    }

private:
    /// Follows the keys; a key may hold dots itself, so the longest that fits is taken.
    void find_array()
    {
        const ordered_json* at = &m_document;
        std::string rest = m_records;
        while (!rest.empty()) {
            std::size_t end = rest.size();
            while (at->is_object() && !at->contains(rest.substr(0, end))) {
                end = end == 0 ? std::string::npos : rest.find_last_of('.', end - 1);
                if (end == std::string::npos)
                    break;
            }
            if (!at->is_object() || end == std::string::npos)
                fail(rest);
            at = &at->at(rest.substr(0, end));
            rest = end < rest.size() ? rest.substr(end + 1) : "";
        }
        if (!at->is_array())
            fail(m_records);
        m_array = at;
        for (std::size_t i = 0; i < at->size(); ++i) {
            if (!(*at)[i].is_object())
                throw Error(ErrorKind::bad_data, base::filled({"File '{0}', row {1}: expected an object, found {2}.",
                                                               "Datei '{0}', Datensatz {1}: ein Objekt wurde erwartet, gefunden {2}."},
                                                              file_name(m_path), std::to_string(i + 1), base::shortened((*at)[i].dump(), 40)));
        }
    }

    [[noreturn]] void fail(const std::string& where) const
    {
        throw Error(ErrorKind::not_found, base::filled({"There is no list of records at '{0}' in '{1}' (asked for: '{2}').",
                                                        "Unter '{0}' gibt es in '{1}' keine Liste von Datensätzen (gefragt: '{2}')."},
                                                       where, file_name(m_path), m_records));
    }

    table::Schema schema_of(bool as_text) const
    {
        table::Schema schema;
        std::unordered_map<std::string, std::size_t> place;
        std::vector<bool> known;
        for (const ordered_json& record : *m_array) {
            for (const auto& [key, value] : record.items()) {
                const auto [at, added] = place.emplace(key, schema.fields.size());
                if (added) {
                    schema.fields.push_back({key, Type::text});
                    known.push_back(false);
                }
                if (value.is_null() || as_text)
                    continue;
                Type& type = schema.fields[at->second].type;
                const Type found = type_of(value);
                const auto number = [](Type t) { return t == Type::int64 || t == Type::float64; };
                if (!known[at->second])
                    type = found;
                else if (type != found)
                    type = number(type) && number(found) ? Type::float64 : Type::text;
                known[at->second] = true;
            }
        }
        return schema;
    }

    std::string layer_name() const
    {
        const std::string name = file_name(m_path);
        return name.substr(0, name.find('.'));
    }

    std::string m_path, m_records;
    ordered_json m_document;
    const ordered_json* m_array = nullptr;
};

}  // namespace

std::unique_ptr<Source> open_json_records(const std::string& path, const std::string& records)
{
    return std::make_unique<JsonRecords>(path, records);
}

}  // namespace stadtgdi::io::detail
