// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/cql2_json.hpp>
#include <services/ows/cql2_terms.hpp>
#include <nlohmann/json.hpp>

namespace stadtgdi::ows {

namespace {

using cql2::Term;
using Json = nlohmann::json;

class Cql2JsonReader {
public:
    explicit Cql2JsonReader(const FilterContext& context) : m_builder(context), m_terms(m_builder) {}

    PredicatePtr read(std::string_view text)
    {
        if (text.size() > FilterBuilder::longest_text) m_builder.too_complex();
        bool deep = false;
        const Json json = Json::parse(text.begin(), text.end(), [&deep](int depth, Json::parse_event_t, Json&) { return !(deep = deep || depth > 3 * FilterBuilder::deepest); }, false);
        if (deep) m_builder.too_complex();
        if (json.is_discarded()) m_builder.wrong({"it is no JSON", "er ist kein JSON"});
        return m_terms.predicate(term(json));
    }

private:
    [[noreturn]] void unexpected(const Json& json) const
    {
        m_builder.wrong(base::filled({"'{0}' is not expected", "'{0}' wird nicht erwartet"}, base::shortened(json.dump(-1, ' ', false, Json::error_handler_t::replace), 60)));
    }

    const std::string& text_of(const Json& json) const
    {
        if (!json.is_string()) unexpected(json);
        return json.get_ref<const std::string&>();
    }

    Term term(const Json& json)
    {
        if (json.is_string()) return m_terms.of(m_builder.text(text_of(json)));
        if (json.is_boolean()) return m_terms.of(m_builder.boolean(json.get<bool>()));
        if (json.is_number()) return m_terms.of(m_builder.number(json.dump()));
        if (json.is_object() && json.contains("property") && !json.contains("op")) {
            Term property;
            property.kind = Term::Kind::property;
            property.property = text_of(json["property"]);
            return property;
        }
        const FilterBuilder::Level level(m_builder);
        if (json.is_array()) {
            Term list;
            list.kind = Term::Kind::list;
            for (const Json& one : json) list.list.push_back(term(one));
            return list;
        }
        if (!json.is_object()) unexpected(json);
        if (json.contains("op")) return operation(json);
        if (json.contains("date")) return m_terms.of(m_builder.date(text_of(json["date"])));
        if (json.contains("timestamp")) return m_terms.of(m_builder.instant(text_of(json["timestamp"])));
        if (json.contains("interval")) return interval(json["interval"]);
        if (json.contains("bbox")) return box(json["bbox"]);
        if (json.contains("type")) {
            Term geometry;
            geometry.kind = Term::Kind::geometry;
            geometry.wkt = wkt(json);
            return geometry;
        }
        unexpected(json);
    }

    Term operation(const Json& json)
    {
        const std::string& name = text_of(json["op"]);
        if (!json.contains("args") || !json["args"].is_array()) unexpected(json);
        const Json& args = json["args"];
        const auto expect = [&](std::size_t least, std::size_t most) {
            if (args.size() < least || args.size() > most) unexpected(json);
        };
        const auto value = [&](std::size_t i) { return m_terms.operand(term(args[i])); };
        if (name == "and" || name == "or") {
            expect(2, FilterBuilder::most_terms);
            std::vector<PredicatePtr> parts;
            for (const Json& part : args) parts.push_back(m_terms.predicate(term(part)));
            return m_terms.of(name == "and" ? all_of(std::move(parts)) : any_of(std::move(parts)));
        }
        if (name == "not") {
            expect(1, 1);
            return m_terms.of(negated(m_terms.predicate(term(args[0]))));
        }
        for (const auto& [sign, comparison] : {std::pair<std::string_view, Comparison>{"=", Comparison::equal}, {"<>", Comparison::not_equal}, {"<", Comparison::less}, {">", Comparison::greater},
                                               {"<=", Comparison::less_or_equal}, {">=", Comparison::greater_or_equal}})
            if (name == sign) {
                expect(2, 2);
                return m_terms.of(m_builder.compare(comparison, value(0), value(1)));
            }
        for (const auto& [sign, operation] : {std::pair<std::string_view, char>{"+", '+'}, {"-", '-'}, {"*", '*'}, {"/", '/'}, {"%", '%'}, {"div", 'd'}, {"^", '^'}})
            if (name == sign) {
                expect(operation == '-' ? 1 : 2, 2);
                return m_terms.of(args.size() == 1 ? m_builder.arithmetic('-', m_builder.number("0"), value(0)) : m_builder.arithmetic(operation, value(0), value(1)));
            }
        if (name == "like") {
            expect(2, 2);
            const OperandPtr pattern = value(1);
            if (pattern->kind != Operand::Kind::value || pattern->type != table::Type::text) unexpected(args[1]);
            return m_terms.of(m_builder.like(value(0), pattern->text));
        }
        if (name == "between") {
            expect(3, 3);
            return m_terms.of(m_builder.between(value(0), value(1), value(2)));
        }
        if (name == "in") {
            expect(2, 2);
            if (!args[1].is_array()) unexpected(args[1]);
            std::vector<OperandPtr> list;
            for (const Json& one : args[1]) list.push_back(m_terms.operand(term(one)));
            return m_terms.of(m_builder.in(value(0), std::move(list)));
        }
        if (name == "isNull") {
            expect(1, 1);
            Term what = term(args[0]);
            const bool geometry = what.kind == Term::Kind::property && m_builder.is_geometry(what.property);
            return m_terms.of(geometry ? m_builder.geometry_is_null() : m_builder.is_null(m_terms.operand(std::move(what))));
        }
        std::vector<Term> arguments;
        for (const Json& argument : args) arguments.push_back(term(argument));
        std::string lower = name;
        for (char& c : lower)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        return m_terms.call(lower, std::move(arguments));
    }

    Term interval(const Json& ends)
    {
        if (!ends.is_array() || ends.size() != 2) unexpected(ends);
        const auto side = [&](const Json& json) { return json.is_string() && text_of(json) == ".." ? TimeOperand{} : m_terms.time(term(json)); };
        Term made;
        made.kind = Term::Kind::time;
        const TimeOperand from = side(ends[0]), to = side(ends[1]);
        made.time = m_builder.interval(from, to);
        return made;
    }

    Term box(const Json& numbers)
    {
        if (!numbers.is_array() || (numbers.size() != 4 && numbers.size() != 6)) unexpected(numbers);
        Term made;
        made.kind = Term::Kind::box;
        for (const Json& number : numbers) {
            if (!number.is_number()) unexpected(number);
            made.box.push_back(number.dump());
        }
        return made;
    }

    /// A GeoJSON geometry.
    std::string wkt(const Json& json)
    {
        const FilterBuilder::Level level(m_builder);
        const std::string& type = text_of(json["type"]);
        static const std::vector<std::pair<std::string_view, int>> kinds{{"Point", 0}, {"MultiPoint", 1}, {"LineString", 1}, {"MultiLineString", 2}, {"Polygon", 2}, {"MultiPolygon", 3}};
        if (type == "GeometryCollection" && json.contains("geometries") && json["geometries"].is_array()) {
            std::string out;
            for (const Json& member : json["geometries"]) {
                if (!member.is_object() || !member.contains("type")) unexpected(member);
                out += (out.empty() ? "" : ",") + wkt(member);
            }
            return "GEOMETRYCOLLECTION(" + out + ")";
        }
        for (const auto& [kind, depth] : kinds)
            if (type == kind && json.contains("coordinates")) {
                std::string word = type;
                for (char& c : word)
                    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
                if (json["coordinates"].is_array() && json["coordinates"].empty()) return word + " EMPTY";
                return word + (depth == 0 ? "(" + positions(json["coordinates"], 0) + ")" : positions(json["coordinates"], depth));
            }
        unexpected(json);
    }

    std::string positions(const Json& json, int depth) const
    {
        if (!json.is_array() || json.empty()) unexpected(json);
        std::string out;
        for (const Json& one : json) {
            if (depth == 0) {
                if (!one.is_number() || json.size() > 4) unexpected(json);
                out += (out.empty() ? "" : " ") + one.dump();
            } else {
                out += (out.empty() ? "" : ",") + positions(one, depth - 1);
            }
        }
        return depth == 0 ? first_two(out) : "(" + out + ")";
    }

    /// Heights are passed over.
    static std::string first_two(const std::string& position)
    {
        const auto first = position.find(' ');
        return first == std::string::npos ? position : position.substr(0, position.find(' ', first + 1));
    }

    FilterBuilder m_builder;
    cql2::Terms m_terms;
};

}  // namespace

PredicatePtr read_cql2_json(std::string_view text, const FilterContext& context)
{
    return Cql2JsonReader(context).read(text);
}

}  // namespace stadtgdi::ows
