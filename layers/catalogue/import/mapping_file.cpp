// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/catalogue/import/mapping_file.hpp>
#include <algorithm>
#include <regex>
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

namespace stadtgdi::catalogue::detail {

namespace {

// One mapping file while it is read: knows its path for messages.
class Reader {
public:
    explicit Reader(std::filesystem::path file) : m_file(std::move(file)) {}

    Mapping mapping()
    {
        toml::table root;
        try {
            root = toml::parse_file(m_file.string());
        } catch (const toml::parse_error& e) {
            fail(e.source().begin.line, std::string(e.description()), std::string(e.description()));
        }
        allow(root, {"title", "licence", "attribution", "source", "demonstration", "codes", "sources", "totals"});
        Mapping mapping;
        mapping.info.name = m_file.stem().string();
        mapping.info.file = m_file.string();
        if (const toml::table* title = root["title"].as_table())
            mapping.info.title = {text(*title, "en"), text(*title, "de")};
        mapping.info.licence = text(root, "licence");
        mapping.info.attribution = text(root, "attribution");
        mapping.source = text(root, "source");
        mapping.demonstration = root["demonstration"].value_or(false);
        if (const toml::table* codes = root["codes"].as_table())
            for (const auto& [name, node] : *codes)
                m_codes[std::string(name.str())] = code_table(*node.as_table());
        for (const toml::table* one : tables(root, "sources"))
            mapping.sources.push_back(source(*one));
        for (const SourceRule& rule : mapping.sources)
            for (const TableRule& one : rule.tables)
                if (std::ranges::find(mapping.info.layers, one.layer->name) == mapping.info.layers.end())
                    mapping.info.layers.push_back(one.layer->name);
        for (const toml::table* one : tables(root, "totals"))
            mapping.totals.push_back(total(*one, mapping.info.layers));
        if (mapping.info.layers.empty())
            fail(1, "it fills no layer: a [[sources.tables]] is expected", "sie füllt keine Ebene: erwartet wird [[sources.tables]]");
        std::ranges::sort(mapping.info.layers);
        return mapping;
    }

private:
    [[noreturn]] void fail(std::size_t line, const std::string& en, const std::string& de) const
    {
        const std::string where = m_file.filename().string() + ":" + std::to_string(line);
        throw Error(ErrorKind::bad_data, {"Mapping " + where + ": " + en + ".", "Importabbildung " + where + ": " + de + "."});
    }
    [[noreturn]] void fail(const toml::node& at, const std::string& en, const std::string& de) const { fail(at.source().begin.line, en, de); }

    void allow(const toml::table& table, std::initializer_list<std::string_view> keys) const
    {
        for (const auto& [key, node] : table)
            if (std::ranges::find(keys, key.str()) == keys.end())
                fail(node, "unknown key '" + std::string(key.str()) + "'", "unbekannter Schlüssel „" + std::string(key.str()) + "“");
    }

    static std::string text(const toml::table& table, std::string_view key) { return table[key].value_or(std::string()); }

    // "x" or ["x", "y"], numbers and booleans as text.
    std::vector<std::string> texts(const toml::table& table, std::string_view key) const
    {
        std::vector<std::string> all;
        const toml::node* node = table.get(key);
        if (!node)
            return all;
        if (const toml::array* array = node->as_array())
            for (const toml::node& one : *array)
                all.push_back(scalar(one));
        else
            all.push_back(scalar(*node));
        return all;
    }

    std::string scalar(const toml::node& node) const
    {
        if (const auto value = node.value<std::string>())
            return *value;
        if (node.is_boolean())
            return *node.value<bool>() ? "true" : "false";
        if (node.is_integer())
            return std::to_string(*node.value<std::int64_t>());
        if (const auto value = node.value<double>())
            return table::number_text(*value);
        fail(node, "a text or number is expected", "hier wird ein Text oder eine Zahl erwartet");
    }

    // An array of tables, or one table.
    std::vector<const toml::table*> tables(const toml::table& table, std::string_view key) const
    {
        std::vector<const toml::table*> all;
        const toml::node* node = table.get(key);
        if (!node)
            return all;
        if (const toml::table* one = node->as_table())
            return {one};
        if (const toml::array* array = node->as_array())
            for (const toml::node& one : *array)
                if (const toml::table* entry = one.as_table())
                    all.push_back(entry);
        if (all.empty())
            fail(*node, "tables are expected under '" + std::string(key) + "'", "unter „" + std::string(key) + "“ werden Tabellen erwartet");
        return all;
    }

    CodeTable code_table(const toml::table& table) const
    {
        CodeTable codes;
        for (const auto& [key, node] : table)
            codes[std::string(key.str())] = scalar(node);
        return codes;
    }

    SourceRule source(const toml::table& table)
    {
        allow(table, {"files", "layer", "where", "encoding", "records", "nulls", "ignored", "geometry", "joins", "tables"});
        SourceRule rule{.files = text(table, "files"),
                        .layer = text(table, "layer"),
                        .where = text(table, "where"),
                        .encoding = text(table, "encoding"),
                        .records = text(table, "records"),
                        .nulls = texts(table, "nulls"),
                        .ignored = texts(table, "ignored"),
                        .joins = {},
                        .tables = {}};
        for (const toml::table* one : tables(table, "joins")) {
            allow(*one, {"name", "files", "records", "here", "there"});
            rule.joins.push_back({text(*one, "name"), text(*one, "files"), text(*one, "records"), text(*one, "here"), text(*one, "there")});
        }
        GeometryRule common;
        if (const toml::table* one = table["geometry"].as_table())
            common = geometry(*one, {});
        for (const toml::table* one : tables(table, "tables"))
            rule.tables.push_back(table_rule(*one, common, rule));
        return rule;
    }

    GeometryRule geometry(const toml::table& table, GeometryRule rule) const
    {
        allow(table, {"from", "x", "y", "column", "crs", "part", "required"});
        static const std::map<std::string, GeometryFrom, std::less<>> ways = {{"geometry", GeometryFrom::geometry}, {"xy", GeometryFrom::xy},
                                                                             {"wkt", GeometryFrom::wkt},           {"wkb", GeometryFrom::wkb},
                                                                             {"cell", GeometryFrom::cell},         {"none", GeometryFrom::none}};
        static const std::map<std::string, GeometryPart, std::less<>> parts = {
            {"whole", GeometryPart::whole}, {"start", GeometryPart::start}, {"end", GeometryPart::end}, {"inside", GeometryPart::inside}};
        if (table.contains("from"))
            rule.from = one_of(table, "from", ways);
        if (table.contains("part"))
            rule.part = one_of(table, "part", parts);
        for (auto [key, target] : {std::pair{"x", &rule.x}, {"y", &rule.y}, {"column", &rule.column}, {"crs", &rule.crs}})
            if (table.contains(key))
                *target = text(table, key);
        rule.required = table["required"].value_or(rule.required);
        return rule;
    }

    template <class T> T one_of(const toml::table& table, std::string_view key, const std::map<std::string, T, std::less<>>& known) const
    {
        const auto found = known.find(text(table, key));
        if (found == known.end()) {
            std::string names;
            for (const auto& [name, value] : known)
                names += (names.empty() ? "" : ", ") + name;
            fail(*table.get(key), "'" + std::string(key) + "' must be one of " + names, "„" + std::string(key) + "“ muss eines von " + names + " sein");
        }
        return found->second;
    }

    TableRule table_rule(const toml::table& table, const GeometryRule& common, const SourceRule& source)
    {
        allow(table, {"layer", "key", "when", "geometry", "fields"});
        TableRule rule;
        rule.layer = find_layer(text(table, "layer"));
        if (!rule.layer)
            fail(table, "there is no layer '" + text(table, "layer") + "'", "eine Ebene „" + text(table, "layer") + "“ gibt es nicht");
        rule.key = text(table, "key");
        rule.geometry = common;
        if (!rule.layer->geometry)
            rule.geometry.from = GeometryFrom::none;
        else if (const toml::table* one = table["geometry"].as_table())
            rule.geometry = geometry(*one, common);
        for (const toml::table* one : tables(table, "when")) {
            allow(*one, {"column", "is", "is_not"});
            Condition condition{text(*one, "column"), texts(*one, "is"), false};
            if (one->contains("is_not"))
                condition = {condition.column, texts(*one, "is_not"), true};
            rule.when.push_back(std::move(condition));
        }
        if (const toml::table* fields = table["fields"].as_table())
            for (const auto& [name, node] : *fields)
                rule.fields.push_back(field(*rule.layer, std::string(name.str()), node, source));
        return rule;
    }

    TotalRule total(const toml::table& table, const std::vector<std::string>& layers) const
    {
        allow(table, {"layer", "parts", "wholes", "part", "whole", "sum", "same"});
        TotalRule rule;
        rule.layer = find_layer(text(table, "layer"));
        if (!rule.layer || std::ranges::find(layers, rule.layer->name) == layers.end())
            fail(table, "the mapping fills no layer '" + text(table, "layer") + "'", "die Abbildung füllt keine Ebene „" + text(table, "layer") + "“");
        const auto known = [&](const std::string& name) {
            if (!rule.layer->find(name))
                fail(table, rule.layer->name + " has no field '" + name + "'", rule.layer->name + " hat kein Feld „" + name + "“");
            return name;
        };
        for (const auto& [key, conditions] : {std::pair{"parts", &rule.parts}, std::pair{"wholes", &rule.wholes}})
            if (const toml::table* given = table[key].as_table())
                for (const auto& [name, node] : *given)
                    conditions->emplace(known(std::string(name.str())), scalar(node));
        if (rule.parts == rule.wholes)
            fail(table, "'parts' and 'wholes' must pick different rows", "„parts“ und „wholes“ müssen verschiedene Zeilen meinen");
        rule.part_key = text(table, "part");
        rule.whole_key = text(table, "whole");
        if (rule.part_key.empty() != rule.whole_key.empty())
            fail(table, "'part' and 'whole' come together", "„part“ und „whole“ gehören zusammen");
        for (const std::string& key : {rule.part_key, rule.whole_key})
            if (!key.empty())
                known(key);
        rule.sum = texts(table, "sum");
        rule.same = texts(table, "same");
        for (const auto* names : {&rule.sum, &rule.same})
            for (const std::string& name : *names)
                if (const table::Type type = rule.layer->find(known(name))->type; type != table::Type::int64 && type != table::Type::float64)
                    fail(table, "'" + name + "' is no number", "„" + name + "“ ist keine Zahl");
        if (rule.sum.empty())
            fail(table, "'sum' is expected", "„sum“ wird erwartet");
        return rule;
    }

    FieldRule field(const LayerDefinition& layer, const std::string& name, const toml::node& node, const SourceRule& source)
    {
        FieldRule rule;
        rule.field = layer.find(name);
        if (!rule.field)
            fail(node, layer.name + " has no field '" + name + "'", layer.name + " hat kein Feld „" + name + "“");
        const toml::table* table = node.as_table();
        if (!table) {  // field = "column" or ["first", "second"]
            if (const toml::array* array = node.as_array())
                for (const toml::node& one : *array)
                    rule.from.push_back(scalar(one));
            else
                rule.from.push_back(scalar(node));
            return rule;
        }
        allow(*table, {"from", "join", "text", "value", "measure", "object", "json", "pattern", "chooses", "nulls", "codes", "otherwise", "unit", "factor", "dates", "zone"});
        rule.from = texts(*table, "from");
        rule.join = text(*table, "join");
        rule.text = text(*table, "text");
        if (const toml::node* value = table->get("value"))
            rule.constant = scalar(*value);
        rule.measure = text(*table, "measure");
        rule.object_layer = text(*table, "object");
        rule.json = text(*table, "json");
        rule.patterns = texts(*table, "pattern");
        rule.chooses = (*table)["chooses"].value_or(false);
        rule.nulls = texts(*table, "nulls");
        if (const toml::node* codes = table->get("codes"))
            rule.codes = codes->is_table() ? code_table(*codes->as_table()) : shared_codes(*codes);
        if (const toml::node* value = table->get("otherwise"))
            rule.otherwise = scalar(*value);
        rule.unit = text(*table, "unit");
        rule.factor = (*table)["factor"].value_or(1.0);
        rule.dates = texts(*table, "dates");
        rule.central_european_time = text(*table, "zone") == "CET";
        check(rule, *table, source);
        return rule;
    }

    const CodeTable& shared_codes(const toml::node& node) const
    {
        const auto found = m_codes.find(scalar(node));
        if (found == m_codes.end())
            fail(node, "there is no code list [codes." + scalar(node) + "]", "eine Codeliste [codes." + scalar(node) + "] gibt es nicht");
        return found->second;
    }

    void check(const FieldRule& rule, const toml::node& at, const SourceRule& source) const
    {
        const int ways = !rule.from.empty() + !rule.text.empty() + rule.constant.has_value() + !rule.measure.empty();
        if (ways != 1)
            fail(at, "one of 'from', 'text', 'value' and 'measure' is expected", "genau eines von „from“, „text“, „value“ und „measure“ wird erwartet");
        if (!rule.measure.empty() && rule.measure != "area" && rule.measure != "length")
            fail(at, "'measure' must be area or length", "„measure“ muss area oder length sein");
        if (!rule.object_layer.empty() && !find_layer(rule.object_layer))
            fail(at, "there is no layer '" + rule.object_layer + "'", "eine Ebene „" + rule.object_layer + "“ gibt es nicht");
        if (!rule.join.empty() && std::ranges::none_of(source.joins, [&](const JoinRule& join) { return join.name == rule.join; }))
            fail(at, "there is no join '" + rule.join + "'", "eine Verknüpfung „" + rule.join + "“ gibt es nicht");
        for (const std::string& pattern : rule.patterns) {
            try {
                const std::regex tried(pattern);
            } catch (const std::regex_error& e) {
                fail(at, "the pattern is no regular expression", "das Muster ist kein regulärer Ausdruck");
            }
        }
        const auto known = [&](const std::string& code) {
            return rule.field->codes.empty() || std::ranges::any_of(rule.field->codes, [&](const Code& one) { return one.value == code; });
        };
        std::vector<std::string> stored;
        for (const auto& [from, to] : rule.codes)
            stored.push_back(to);
        for (const auto& value : {rule.otherwise, rule.constant})
            if (value)
                stored.push_back(*value);
        for (const std::string& code : stored)
            if (!code.empty() && !known(code))
                fail(at, "'" + code + "' is no code of " + rule.field->name, "„" + code + "“ ist kein Code von " + rule.field->name);
    }

    std::filesystem::path m_file;
    std::map<std::string, CodeTable> m_codes;
};

}  // namespace

Mapping read_mapping(const std::filesystem::path& file)
{
    return Reader(file).mapping();
}

bool matches(std::string_view pattern, std::string_view name)
{
    std::size_t p = 0, n = 0, star = std::string_view::npos, mark = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = n;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
            ++p;
            ++n;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            n = ++mark;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::vector<std::string> columns_of(std::string_view text)
{
    std::vector<std::string> all;
    for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1))
        if (const std::size_t close = text.find('}', open); close != std::string_view::npos)
            all.emplace_back(text.substr(open + 1, close - open - 1));
    return all;
}

}  // namespace stadtgdi::catalogue::detail
