// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/import/field_reader.hpp>
#include <layers/catalogue/import/values.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace stadtgdi::catalogue::detail {

using table::Type;

namespace {

Reading failed(std::string rule, base::Text message, std::string_view found)
{
    return {{}, std::move(rule), std::move(message), std::string(found)};
}

bool equal_but_case(std::string_view a, std::string_view b)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

Reading number(const FieldDefinition& field, std::string_view text, const std::string& default_unit, double factor, std::string_view found)
{
    if (field.type == Type::int64) {  // whole numbers beyond 2^53 keep their digits
        std::int64_t whole = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
        if (error == std::errc{} && end == text.data() + text.size() && factor == 1 && default_unit.empty())
            return {whole, {}, {}, {}};
    }
    const auto measure = parse_measure(text);
    if (!measure || (field.unit.empty() && !measure->unit.empty()))
        return failed("import.value", {"A number was expected", "Hier wurde eine Zahl erwartet"}, found);
    double value = measure->value * factor;
    const std::string& unit = measure->unit.empty() ? default_unit : measure->unit;
    if (!unit.empty() && unit != field.unit) {
        const auto by = conversion(unit, field.unit);
        if (!by)
            return failed("import.unit",
                          base::filled({"The unit '{0}' cannot be converted to '{1}'",
                                        "Die Einheit „{0}“ lässt sich nicht in „{1}“ umrechnen"},
                                       unit, field.unit),
                          found);
        value *= *by;
        // 0.1022 m in mm must give 102.2 and not 102.19999999999999.
        value = std::round(value * 1e9) / 1e9;
    }
    if (field.type == Type::float64)
        return {value, {}, {}, {}};
    if (value != std::floor(value) || std::abs(value) > 9e15)
        return failed("import.value", {"A whole number was expected", "Hier wurde eine ganze Zahl erwartet"}, found);
    return {static_cast<std::int64_t>(value), {}, {}, {}};
}

// The member of a JSON object in a text column; lists become "a; b".
std::string json_member(std::string_view text, const std::string& member)
{
    const nlohmann::json document = nlohmann::json::parse(text, nullptr, false);
    if (!document.is_object() || !document.contains(member))
        return {};
    const auto plain = [](const nlohmann::json& value) { return value.is_string() ? value.get<std::string>() : value.is_null() ? std::string() : value.dump(); };
    const nlohmann::json& value = document.at(member);
    if (!value.is_array())
        return plain(value);
    std::string out;
    for (const nlohmann::json& one : value)
        out += (out.empty() ? "" : "; ") + plain(one);
    return out;
}

}  // namespace

void add_to(table::ColumnBuilder& column, const Value& value)
{
    struct Adder {
        table::ColumnBuilder& to;
        void operator()(std::monostate) const { to.add_null(); }
        void operator()(bool v) const { to.add(v); }
        void operator()(std::int64_t v) const { to.add(v); }
        void operator()(double v) const { to.add(v); }
        void operator()(Day v) const { to.add_date(v.days); }
        void operator()(const std::string& v) const { to.add(std::string_view(v)); }
    };
    std::visit(Adder{column}, value);
}

std::string text_of(const Value& value)
{
    if (const auto* text = std::get_if<std::string>(&value))
        return *text;
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return std::to_string(*number);
    if (const auto* number = std::get_if<double>(&value))
        return table::number_text(*number);
    return {};
}

Reading typed_literal(const FieldDefinition& field, std::string_view text)
{
    switch (field.type) {
    case Type::text: return {std::string(text), {}, {}, {}};
    case Type::boolean:
        if (const auto value = parse_bool(text))
            return {*value, {}, {}, {}};
        return failed("import.value", {"Yes or no was expected", "Hier wurde ja oder nein erwartet"}, text);
    case Type::int64:
    case Type::float64: return number(field, text, {}, 1, text);
    case Type::date:
    case Type::datetime: break;
    }
    const auto time = parse_time(text, {}, false);
    if (!time)
        return failed("import.value", {"A date was expected", "Hier wurde ein Datum erwartet"}, text);
    if (field.type == Type::date)
        return {Day{day_of(*time, false)}, {}, {}, {}};
    return {*time, {}, {}, {}};
}

std::string object_uuid(std::string_view mapping, std::string_view layer, std::string_view key)
{
    return uuid_of(std::string(mapping) + "/" + std::string(layer) + "/" + std::string(key));
}

FieldReader::FieldReader(const FieldRule& rule, const SourceRows& source, std::string mapping)
    : m_rule(&rule), m_source(&source), m_mapping(std::move(mapping))
{
    for (const std::string& name : rule.from)
        m_columns.push_back(source.column(name, rule.join));
    for (const std::string& name : columns_of(rule.text))
        m_columns.push_back(source.column(name, rule.join));
    for (const std::string& pattern : rule.patterns)
        m_patterns.emplace_back(pattern, std::regex::ECMAScript | std::regex::optimize);
}

bool FieldReader::has_columns() const
{
    return m_columns.empty() || std::ranges::any_of(m_columns, [](const table::Column* column) { return column != nullptr; });
}

bool FieldReader::is_null(std::string_view text) const
{
    return text.empty() || std::ranges::find(m_rule->nulls, text) != m_rule->nulls.end();
}

const Reading& FieldReader::read(std::size_t row)
{
    std::string key;
    if (m_rule->constant) {
        key = *m_rule->constant;
    } else if (!m_rule->text.empty()) {
        key = m_source->filled(m_rule->text, row, m_rule->join);
    } else {
        for (const table::Column* column : m_columns) {
            const std::string_view value = m_source->text(column, row, m_rule->join, m_scratch);
            if (!is_null(value)) {
                key = value;
                break;
            }
        }
    }
    if (const auto known = m_known.find(key); known != m_known.end())
        return known->second;
    // Columns without repetition would only fill the memory.
    if (m_known.size() > 20000)
        m_known.clear();
    return m_known[key] = convert(key);
}

Reading FieldReader::convert(std::string_view text) const
{
    if (is_null(text))
        return {};
    if (m_rule->constant)
        return typed_literal(field(), text);
    const std::string_view original = text;
    std::string taken;
    if (!m_rule->json.empty()) {
        taken = json_member(text, m_rule->json);
        text = taken;
    }
    if (!m_patterns.empty()) {
        std::match_results<std::string_view::const_iterator> match;
        if (std::ranges::none_of(m_patterns, [&](const std::regex& one) { return std::regex_search(text.begin(), text.end(), match, one); }))
            return m_rule->chooses ? Reading{}
                                   : failed("import.pattern", {"The text does not have the form that the mapping expects", "Der Text hat nicht die Form, die die Importabbildung erwartet"}, original);
        const auto& group = match.size() > 1 ? match[1] : match[0];
        taken = group.str();
        text = trimmed(taken);
    }
    if (is_null(text))
        return {};
    if (!m_rule->object_layer.empty())
        return {object_uuid(m_mapping, m_rule->object_layer, text), {}, {}, {}};
    if (!m_rule->codes.empty() || m_rule->otherwise) {
        auto found = m_rule->codes.find(text);
        if (found == m_rule->codes.end())
            found = std::ranges::find_if(m_rule->codes, [&](const auto& code) { return equal_but_case(code.first, text); });
        if (found != m_rule->codes.end())
            text = found->second;
        else if (m_rule->otherwise)
            text = *m_rule->otherwise;
        else
            return failed("import.code", {"The mapping does not know this code", "Die Importabbildung kennt diesen Code nicht"},
                          original);
        if (text.empty())
            return {};
    }
    return typed(text, original);
}

Reading FieldReader::typed(std::string_view text, std::string_view original) const
{
    const FieldDefinition& field = this->field();
    if (field.type == Type::int64 || field.type == Type::float64) {
        return number(field, text, m_rule->unit, m_rule->factor, original);
    }
    if (field.type == Type::date || field.type == Type::datetime) {
        const auto time = parse_time(text, m_rule->dates, m_rule->central_european_time);
        if (!time)
            return failed("import.value", {"A date was expected", "Hier wurde ein Datum erwartet"}, original);
        if (field.type == Type::date)
            return {Day{day_of(*time, m_rule->central_european_time)}, {}, {}, {}};
        return {*time, {}, {}, {}};
    }
    if (field.type == Type::text && !field.codes.empty() && std::ranges::none_of(field.codes, [&](const Code& code) { return code.value == text; }))
        return failed("import.code",
                      base::filled({"This is no code of the field {0}", "Das ist kein Code des Feldes {0}"}, field.name), original);
    Reading reading = typed_literal(field, text);
    if (!reading.problem.empty())
        reading.found = original;
    return reading;
}

}  // namespace stadtgdi::catalogue::detail
