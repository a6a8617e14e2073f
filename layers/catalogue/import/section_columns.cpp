// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/catalogue/import/section.hpp>
#include <algorithm>

namespace stadtgdi::catalogue::detail {

using base::Severity;

std::vector<std::string> report_columns(ImportState& state, const SourceRule& rule, const SourceRows& source)
{
    std::vector<std::string> left;
    std::set<std::string> used = {"source_file", "source_row"};
    bool any_known = rule.tables.empty();
    std::vector<std::string> absent;
    const auto use = [&](const std::string& name) {
        used.insert(name);
        const bool known = source.column(name) != nullptr;
        any_known = any_known || known;
        if (!known && !name.empty() && std::ranges::find(absent, name) == absent.end())
            absent.push_back(name);
    };
    bool from_columns = false;
    for (const TableRule& one : rule.tables) {
        for (const std::string& name : columns_of(one.key))
            use(name);
        for (const Condition& condition : one.when)
            use(condition.column);
        for (const std::string* name : {&one.geometry.x, &one.geometry.y, &one.geometry.column})
            if (!name->empty())
                use(*name);
        for (const FieldRule& field : one.fields) {
            if (!field.join.empty())
                continue;
            from_columns = from_columns || !field.from.empty() || !field.text.empty();
            for (const std::string& name : field.from)
                use(name);
            for (const std::string& name : columns_of(field.text))
                use(name);
        }
    }
    for (const JoinRule& join : rule.joins)
        use(join.here);
    if (from_columns && !any_known) {
        std::string names;
        for (const table::Field& field : source.table().schema().fields)
            if (!field.name.starts_with("source_"))
                names += (names.empty() ? "" : ", ") + field.name;
        throw Error(ErrorKind::bad_data,
                    base::filled({"The mapping '{0}' does not fit this source: it has none of the columns that the mapping reads, but {1}.",
                                  "Die Importabbildung „{0}“ passt nicht zu dieser Quelle: keine der erwarteten Spalten ist da, sondern {1}."},
                                 state.mapping.info.name, names.empty() ? "-" : names));
    }
    for (const std::string& name : absent)
        state.report.findings.push_back({.rule = "import.column",
                                         .severity = Severity::info,
                                         .file = source.rows() > 0 ? source.file(0) : std::string(),
                                         .layer = rule.tables.front().layer->name,
                                         .uuid = {},
                                         .field = name,
                                         .value = {},
                                         .message = base::filled({"The source has no column '{0}'; what is read from it stays empty.",
                                                                  "Der Quelle fehlt die Spalte „{0}“; was aus ihr gelesen wird, bleibt leer."},
                                                                 name),
                                         .x = {},
                                         .y = {}});
    for (const table::Field& field : source.table().schema().fields) {
        if (used.contains(field.name))
            continue;
        const bool ignored = std::ranges::any_of(rule.ignored, [&](const std::string& pattern) { return matches(pattern, field.name); });
        auto& list = ignored ? state.report.ignored_columns : state.report.unmapped_columns;
        if (!ignored)
            left.push_back(field.name);
        if (std::ranges::find(list, field.name) == list.end())
            list.push_back(field.name);
    }
    return left;
}

}  // namespace stadtgdi::catalogue::detail
