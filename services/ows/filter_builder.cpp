// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <layers/geometry/wkt.hpp>
#include <services/ows/coordinate_text.hpp>
#include <services/ows/filter_builder.hpp>
#include <services/ows/fold.hpp>
#include <services/ows/kvp.hpp>
#include <algorithm>
#include <cmath>

namespace stadtgdi::ows {

namespace {


base::Text name_of_type(table::Type type)
{
    switch (type) {
    case table::Type::text: return {"a text", "ein Text"};
    case table::Type::int64: return {"a whole number", "eine ganze Zahl"};
    case table::Type::float64: return {"a number", "eine Zahl"};
    case table::Type::boolean: return {"true or false", "true oder false"};
    case table::Type::date: return {"a date like 2024-06-07", "ein Datum wie 2024-06-07"};
    case table::Type::datetime: return {"a time like 2024-06-07T19:05:41Z", "eine Zeit wie 2024-06-07T19:05:41Z"};
    }
    return {};
}

bool is_number(table::Type type) { return type == table::Type::int64 || type == table::Type::float64; }
bool is_time(table::Type type) { return type == table::Type::date || type == table::Type::datetime; }

bool comparable(table::Type a, table::Type b) { return a == b || (is_number(a) && is_number(b)) || (is_time(a) && is_time(b)); }

std::string shown(const Operand& operand)
{
    const auto side = [&](std::size_t i) {
        const Operand& one = *operand.operands[i];
        return one.kind == Operand::Kind::arithmetic ? "(" + shown(one) + ")" : shown(one);
    };
    switch (operand.kind) {
    case Operand::Kind::field: return operand.field;
    case Operand::Kind::arithmetic: return side(0) + (operand.operation == 'd' ? " div " : std::string({' ', operand.operation, ' '})) + side(1);
    case Operand::Kind::casei: return "casei(" + shown(*operand.operands[0]) + ")";
    case Operand::Kind::accenti: return "accenti(" + shown(*operand.operands[0]) + ")";
    case Operand::Kind::value:
    case Operand::Kind::nothing: break;
    }
    return operand.text;
}

/// The first two numbers of every position the other way round.
std::string turned(std::string_view wkt)
{
    std::string out, position;
    const auto flush = [&] {
        std::vector<std::string> words;
        std::ranges::replace_if(position, [](char c) { return c == '\t' || c == '\r' || c == '\n'; }, ' ');
        for (std::string& part : split(position, ' '))
            if (!part.empty()) words.push_back(std::move(part));
        if (words.size() > 1 && parse_number(words[0]) && parse_number(words[1])) std::swap(words[0], words[1]);
        for (std::size_t i = 0; i < words.size(); ++i) out += (i == 0 ? "" : " ") + words[i];
        position.clear();
    };
    for (const char c : wkt) {
        if (c == '(' || c == ')' || c == ',') {
            flush();
            out += c;
        } else {
            position += c;
        }
    }
    flush();
    return out;
}

bool is_empty(const table::GeometryColumn& one)
{
    const auto [first, last] = one.coordinates(0);
    return !one.valid(0) || first == last;
}

/// The members of "GEOMETRYCOLLECTION(a, b)"; nothing for other geometries.
std::optional<std::vector<std::string>> members_of(std::string_view wkt)
{
    const std::string_view text = trimmed(wkt);
    if (!upper(text.substr(0, 18)).starts_with("GEOMETRYCOLLECTION")) return {};
    const auto open = text.find('('), close = text.rfind(')');
    std::vector<std::string> members;
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) return members;
    int depth = 0;
    std::string member;
    for (const char c : text.substr(open + 1, close - open - 1)) {
        if (c == ',' && depth == 0) {
            members.push_back(std::exchange(member, {}));
            continue;
        }
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        member += c;
    }
    if (!trimmed(member).empty()) members.push_back(member);
    return members;
}

/// The zone of UTM, whose units are metres on the ground there (to a thousandth), around a place.
std::string metric_crs_at(double longitude, double latitude)
{
    if (latitude > 84) return "EPSG:32661";
    if (latitude < -80) return "EPSG:32761";
    const int zone = std::clamp(static_cast<int>(std::floor((longitude + 180) / 6)) + 1, 1, 60);
    return "EPSG:" + std::to_string((latitude < 0 ? 32700 : 32600) + zone);
}

/// In metres; of degrees, and of units that are not known, nothing.
std::optional<double> metres_of(std::string_view unit)
{
    std::string name = upper(unit);
    if (const auto slash = name.find_last_of("#/:"); slash != std::string::npos) name = name.substr(slash + 1);
    for (const auto& [known, metres] : {std::pair<std::string_view, double>{"", 1}, {"M", 1}, {"METRE", 1}, {"METER", 1}, {"METRES", 1}, {"METERS", 1}, {"9001", 1}, {"KM", 1000}, {"KILOMETRE", 1000},
                                        {"KILOMETER", 1000}, {"KILOMETERS", 1000}, {"KILOMETRES", 1000}, {"CM", 0.01}, {"MM", 0.001}, {"FT", 0.3048}, {"FOOT", 0.3048}, {"FEET", 0.3048}, {"MI", 1609.344},
                                        {"MILE", 1609.344}, {"STATUTE MILES", 1609.344}, {"NAUTICAL MILES", 1852}, {"NMI", 1852}})
        if (name == known) return metres;
    return {};
}

}  // namespace

void FilterBuilder::wrong(const base::Text& what) const
{
    throw invalid_parameter(m_context.parameter, base::Text{"The filter cannot be used: " + what.en + ".", "Der Filter ist nicht verwendbar: " + what.de + "."});
}

void FilterBuilder::not_offered(std::string_view what) const
{
    throw OwsException(Code::option_not_supported, m_context.parameter,
                       base::filled({"Filters with '{0}' are not offered.", "Filter mit '{0}' werden nicht angeboten."}, base::shortened(std::string(what), 60)));
}

void FilterBuilder::too_complex() const
{
    wrong(base::filled({"it is nested deeper than {0} or has more than {1} terms", "er ist tiefer als {0} geschachtelt oder hat mehr als {1} Terme"}, std::to_string(deepest), std::to_string(most_terms)));
}

void FilterBuilder::count(std::size_t terms)
{
    m_terms += terms;
    if (m_terms > most_terms) too_complex();
}

std::shared_ptr<Predicate> FilterBuilder::made(Predicate::Kind kind)
{
    count();
    auto predicate = std::make_shared<Predicate>();
    predicate->kind = kind;
    return predicate;
}

bool FilterBuilder::is_geometry(std::string_view reference) const { return m_context.names(reference).empty(); }

OperandPtr FilterBuilder::field(std::string_view reference)
{
    const std::string name = m_context.names(reference);
    if (name.empty()) wrong({"a geometry cannot be compared with a value", "eine Geometrie lässt sich nicht mit einem Wert vergleichen"});
    const auto known = std::ranges::find(m_context.layer.fields, name, &project::PublishedField::name);
    if (known == m_context.layer.fields.end()) wrong({"a property is not there", "eine Eigenschaft gibt es nicht"});
    count();
    Operand operand;
    operand.kind = Operand::Kind::field;
    operand.field = name;
    operand.type = known->type;
    return std::make_shared<const Operand>(std::move(operand));
}

OperandPtr FilterBuilder::nothing()
{
    count();
    Operand operand;
    operand.kind = Operand::Kind::nothing;
    return std::make_shared<const Operand>(std::move(operand));
}

OperandPtr FilterBuilder::untyped(std::string text)
{
    count();
    Operand operand;
    operand.untyped = true;
    operand.text = std::move(text);
    return std::make_shared<const Operand>(std::move(operand));
}

OperandPtr FilterBuilder::text(std::string value)
{
    count();
    Operand operand;
    operand.text = std::move(value);
    return std::make_shared<const Operand>(std::move(operand));
}

OperandPtr FilterBuilder::number(std::string_view digits)
{
    count();
    Operand operand;
    operand.text = digits;
    if (const auto whole = parse_integer(digits)) {
        operand.type = table::Type::int64;
        operand.integer = *whole;
    } else if (const auto value = parse_number(digits)) {
        operand.type = table::Type::float64;
        operand.number = *value;
    } else {
        wrong(base::filled({"'{0}' is no number", "'{0}' ist keine Zahl"}, base::shortened(std::string(digits), 60)));
    }
    return std::make_shared<const Operand>(std::move(operand));
}

OperandPtr FilterBuilder::boolean(bool value)
{
    count();
    Operand operand;
    operand.type = table::Type::boolean;
    operand.integer = value ? 1 : 0;
    operand.text = value ? "true" : "false";
    return std::make_shared<const Operand>(std::move(operand));
}

OperandPtr FilterBuilder::date(std::string_view iso)
{
    std::int32_t days = 0;
    if (!table::parse_date(iso, days)) wrong(base::filled({"'{0}' is no date like 2024-06-07", "'{0}' ist kein Datum wie 2024-06-07"}, base::shortened(std::string(iso), 60)));
    count();
    Operand operand;
    operand.type = table::Type::date;
    operand.integer = days;
    operand.text = iso;
    return std::make_shared<const Operand>(std::move(operand));
}

OperandPtr FilterBuilder::instant(std::string_view iso)
{
    std::int64_t microseconds = 0;
    if (!table::parse_datetime(iso, microseconds)) wrong(base::filled({"'{0}' is no time like 2024-06-07T19:05:41Z", "'{0}' ist keine Zeit wie 2024-06-07T19:05:41Z"}, base::shortened(std::string(iso), 60)));
    count();
    Operand operand;
    operand.type = table::Type::datetime;
    operand.integer = microseconds;
    operand.text = iso;
    return std::make_shared<const Operand>(std::move(operand));
}

/// A value as text takes the type of what it is compared with.
OperandPtr FilterBuilder::coerced(OperandPtr value, const Operand& other) const
{
    const bool is_text = value->kind == Operand::Kind::value && value->type == table::Type::text;
    if (!is_text || other.type == table::Type::text || other.untyped) return value;
    Operand typed = *value;
    typed.untyped = false;
    typed.type = other.type;
    const std::string_view text = trimmed(value->text);
    bool well = false;
    switch (other.type) {
    case table::Type::int64:
    case table::Type::float64:
        if (const auto whole = parse_integer(text)) {
            typed.type = table::Type::int64;
            typed.integer = *whole;
            well = true;
        } else if (const auto number = parse_number(text)) {
            typed.type = table::Type::float64;
            typed.number = *number;
            well = true;
        }
        break;
    case table::Type::boolean:
        well = text == "true" || text == "false" || text == "1" || text == "0";
        typed.integer = text == "true" || text == "1" ? 1 : 0;
        break;
    case table::Type::date:
    case table::Type::datetime: {
        std::int32_t days = 0;
        std::int64_t microseconds = 0;
        if (table::parse_date(text, days)) {
            typed.type = table::Type::date;
            typed.integer = days;
            well = true;
        } else if (table::parse_datetime(text, microseconds)) {
            typed.type = table::Type::datetime;
            typed.integer = microseconds;
            well = true;
        }
        break;
    }
    case table::Type::text: break;
    }
    if (!well) {
        const base::Text expected = name_of_type(other.type);
        wrong(base::filled({"{0} is compared with '{1}'; expected is {2}", "{0} wird mit '{1}' verglichen; erwartet wird {3}"}, shown(other), base::shortened(std::string(text), 60), expected.en, expected.de));
    }
    return std::make_shared<const Operand>(std::move(typed));
}

OperandPtr FilterBuilder::arithmetic(char operation, OperandPtr a, OperandPtr b)
{
    Operand some_number;
    some_number.type = table::Type::float64;
    a = coerced(std::move(a), some_number);
    b = coerced(std::move(b), some_number);
    for (const OperandPtr& side : {a, b})
        if (!is_number(side->type)) wrong(base::filled({"'{0}' is no number to calculate with", "mit '{0}' lässt sich nicht rechnen"}, shown(*side)));
    count();
    Operand operand;
    operand.kind = Operand::Kind::arithmetic;
    operand.type = a->type == table::Type::int64 && b->type == table::Type::int64 && operation != '/' && operation != '^' ? table::Type::int64 : table::Type::float64;
    operand.operation = operation;
    operand.operands = {std::move(a), std::move(b)};
    return std::make_shared<const Operand>(std::move(operand));
}

OperandPtr FilterBuilder::folded(Operand::Kind kind, OperandPtr text)
{
    if (text->type != table::Type::text) wrong(base::filled({"'{0}' is no text", "'{0}' ist kein Text"}, shown(*text)));
    count();
    Operand operand = *text;
    if (text->kind == Operand::Kind::value) {
        operand.untyped = false;
        operand.text = kind == Operand::Kind::casei ? without_case(text->text) : without_accents(text->text);
        return std::make_shared<const Operand>(std::move(operand));
    }
    operand = {};
    operand.kind = kind;
    operand.operands = {std::move(text)};
    return std::make_shared<const Operand>(std::move(operand));
}

PredicatePtr FilterBuilder::compare(Comparison comparison, OperandPtr a, OperandPtr b, bool match_case)
{
    const OperandPtr first = coerced(a, *b), second = coerced(b, *a);
    if (!comparable(first->type, second->type)) {
        const base::Text expected = name_of_type(first->type);
        wrong(base::filled({"'{0}' and '{1}' cannot be compared; expected is {2}", "'{0}' und '{1}' lassen sich nicht vergleichen; erwartet wird {3}"}, shown(*first), shown(*second), expected.en, expected.de));
    }
    const bool fold = !match_case && first->type == table::Type::text;
    auto predicate = made(Predicate::Kind::compare);
    predicate->comparison = comparison;
    predicate->operands = {fold ? folded(Operand::Kind::casei, first) : first, fold ? folded(Operand::Kind::casei, second) : second};
    return predicate;
}

PredicatePtr FilterBuilder::like(OperandPtr text, std::string pattern, char32_t wildcard, char32_t single, char32_t escape, bool match_case)
{
    if (text->type != table::Type::text) wrong(base::filled({"'{0}' is no text", "'{0}' ist kein Text"}, shown(*text)));
    if (pattern.size() > 4096) too_complex();
    auto predicate = made(Predicate::Kind::like);
    predicate->operands = {std::move(text)};
    predicate->pattern = std::move(pattern);
    predicate->wildcard = wildcard;
    predicate->single = single;
    predicate->escape = escape;
    predicate->match_case = match_case;
    return predicate;
}

PredicatePtr FilterBuilder::between(OperandPtr value, OperandPtr low, OperandPtr high)
{
    return all_of({compare(Comparison::greater_or_equal, value, std::move(low)), compare(Comparison::less_or_equal, value, std::move(high))});
}

PredicatePtr FilterBuilder::in(OperandPtr value, std::vector<OperandPtr> list)
{
    if (list.empty()) wrong({"a list is empty", "eine Liste ist leer"});
    auto predicate = made(Predicate::Kind::in);
    predicate->operands = {value};
    for (OperandPtr& one : list) {
        OperandPtr typed = coerced(std::move(one), *value);
        if (!comparable(value->type, typed->type)) wrong(base::filled({"'{0}' and '{1}' cannot be compared", "'{0}' und '{1}' lassen sich nicht vergleichen"}, shown(*value), shown(*typed)));
        predicate->operands.push_back(std::move(typed));
    }
    return predicate;
}

PredicatePtr FilterBuilder::is_null(OperandPtr value)
{
    auto predicate = made(Predicate::Kind::is_null);
    predicate->operands = {std::move(value)};
    return predicate;
}

PredicatePtr FilterBuilder::geometry_is_null() { return made(Predicate::Kind::is_null); }

PredicatePtr FilterBuilder::is_true(OperandPtr value)
{
    if (value->type != table::Type::boolean) wrong(base::filled({"'{0}' is neither true nor false", "'{0}' ist weder wahr noch falsch"}, shown(*value)));
    return compare(Comparison::equal, std::move(value), boolean(true));
}

PredicatePtr FilterBuilder::ids(const std::vector<std::string>& ids)
{
    count(ids.size());
    auto predicate = made(Predicate::Kind::ids);
    for (const std::string& id : ids)
        if (const auto fid = m_context.ids(id)) predicate->ids.push_back(*fid);
    std::ranges::sort(predicate->ids);
    return predicate;
}

PredicatePtr FilterBuilder::fids(const std::vector<OperandPtr>& values)
{
    count(values.size());
    auto predicate = made(Predicate::Kind::ids);
    Operand whole;
    whole.type = table::Type::int64;
    for (const OperandPtr& value : values) {
        if (value->kind != Operand::Kind::value) wrong({"$id is compared with values", "$id wird mit Werten verglichen"});
        if (const OperandPtr typed = coerced(value, whole); typed->type == table::Type::int64) predicate->ids.push_back(typed->integer);
    }
    std::ranges::sort(predicate->ids);
    return predicate;
}

void FilterBuilder::expect_place() const
{
    if (!m_context.layer.geometry) wrong({"the layer has no geometry", "der Layer hat keine Geometrie"});
    if (m_context.layer.crs.empty()) wrong({"the layer has no CRS", "der Layer hat kein Bezugssystem"});
}

PredicatePtr FilterBuilder::box(const BoxWithCrs& box)
{
    expect_place();
    auto predicate = made(Predicate::Kind::box);
    predicate->box = box;
    return predicate;
}

std::shared_ptr<const table::GeometryColumn> FilterBuilder::geometry_of(const std::string& wkt, const CrsName& crs)
{
    expect_place();
    m_vertices += 1 + static_cast<std::size_t>(std::ranges::count(wkt, ','));
    if (m_vertices > most_vertices) too_complex();
    table::GeometryKind kind{};
    const std::string text = crs.swapped ? turned(wkt) : wkt;
    const auto refuse = [&] { wrong(base::filled({"'{0}' is no geometry that can be used", "'{0}' ist keine verwendbare Geometrie"}, base::shortened(wkt, 60))); };
    if (!geometry::kind_of_wkt(trimmed(text), kind)) refuse();
    table::GeometryBuilder builder(kind, crs.code);
    if (!geometry::add_wkt(builder, kind, trimmed(text))) refuse();
    auto column = std::make_shared<const table::GeometryColumn>(std::move(builder).finish());
    if (!is_empty(*column)) {
        const auto [first, last] = column->coordinates(0);
        if (!finite(column->x(), column->y(), first, last)) refuse();
        try {
            const geometry::PreparedGeometry usable(*column, 0);
        } catch (const base::Error&) {
            refuse();
        }
    }
    return column;
}

PredicatePtr FilterBuilder::relation(geometry::Relation relation, const std::string& wkt, const CrsName& crs)
{
    const Level level(*this);
    if (const auto members = members_of(wkt)) {
        if (relation != geometry::Relation::intersects && relation != geometry::Relation::disjoint) not_offered("GEOMETRYCOLLECTION");
        std::vector<PredicatePtr> parts;
        for (const std::string& member : *members) parts.push_back(this->relation(relation, member, crs));
        if (parts.empty()) return constant(relation == geometry::Relation::disjoint);
        return relation == geometry::Relation::intersects ? any_of(std::move(parts)) : all_of(std::move(parts));
    }
    auto predicate = made(Predicate::Kind::relation);
    predicate->relation = relation;
    predicate->geometry = geometry_of(wkt, crs);
    // Nothing meets an empty geometry.
    if (is_empty(*predicate->geometry)) return constant(relation == geometry::Relation::disjoint);
    return predicate;
}

PredicatePtr FilterBuilder::relation_to_itself(geometry::Relation relation)
{
    expect_place();
    auto predicate = made(Predicate::Kind::relation);
    predicate->relation = relation;
    return predicate;
}

PredicatePtr FilterBuilder::relation_between(geometry::Relation relation, const std::string& a, const std::string& b, const CrsName& crs)
{
    const Level level(*this);
    count();
    for (const bool first : {true, false})
        if (const auto members = members_of(first ? a : b)) {
            if (relation != geometry::Relation::intersects && relation != geometry::Relation::disjoint) not_offered("GEOMETRYCOLLECTION");
            std::vector<PredicatePtr> parts;
            for (const std::string& member : *members) parts.push_back(first ? relation_between(relation, member, b, crs) : relation_between(relation, a, member, crs));
            if (parts.empty()) return constant(relation == geometry::Relation::disjoint);
            return relation == geometry::Relation::intersects ? any_of(std::move(parts)) : all_of(std::move(parts));
        }
    const auto one = geometry_of(a, crs), other = geometry_of(b, crs);
    if (is_empty(*one) || is_empty(*other)) return constant(relation == geometry::Relation::disjoint);
    const auto holds = geometry::PreparedGeometry(*other, 0).holds(relation, *one, 0);
    return holds ? constant(*holds) : compare(Comparison::equal, nothing(), nothing());
}

PredicatePtr FilterBuilder::distance(bool beyond, const std::string& wkt, const CrsName& crs, double distance, std::string_view unit)
{
    if (!(distance >= 0) || !std::isfinite(distance)) wrong({"a distance is not a number from zero on", "eine Entfernung ist keine Zahl ab null"});
    auto predicate = made(Predicate::Kind::distance);
    predicate->geometry = geometry_of(wkt, crs);
    predicate->beyond = beyond;
    if (is_empty(*predicate->geometry)) return constant(beyond);
    const crs::CrsInfo& info = crs::info(m_context.layer.crs);
    const std::string name = upper(unit);
    const bool degrees = info.geographic && (name == "DEG" || name == "DEGREE" || name == "DEGREES");
    const auto metres = metres_of(unit);
    if (!degrees && !metres) wrong(base::filled({"the unit '{0}' is not known", "die Einheit '{0}' ist nicht bekannt"}, base::shortened(std::string(unit), 60)));
    // Units of Mercator's projection are no metres but at the equator, degrees nowhere.
    std::string target = info.code;
    const bool on_the_ground = !degrees && (info.geographic || info.code == "EPSG:3857" || info.code == "EPSG:3395");
    if (on_the_ground) {
        const table::Box box = predicate->geometry->crs() == "OGC:CRS84" ? predicate->geometry->box(0) : crs::transformed(predicate->geometry->box(0), predicate->geometry->crs(), "OGC:CRS84");
        if (box.empty()) wrong({"a geometry lies nowhere on Earth", "eine Geometrie liegt nirgends auf der Erde"});
        target = metric_crs_at((box.xmin + box.xmax) / 2, (box.ymin + box.ymax) / 2);
    }
    predicate->distance = degrees ? distance : distance * *metres / (on_the_ground ? 1 : info.metres_per_unit);
    base::RunContext run(1);
    predicate->geometry = std::make_shared<const table::GeometryColumn>(crs::transformed(*predicate->geometry, target, run));
    if (const auto [first, last] = predicate->geometry->coordinates(0); !finite(predicate->geometry->x(), predicate->geometry->y(), first, last))
        wrong({"a geometry lies outside of what the layer's CRS can show", "eine Geometrie liegt außerhalb dessen, was das Bezugssystem des Layers zeigen kann"});
    return predicate;
}

TimeOperand FilterBuilder::time_field(std::string_view reference)
{
    const OperandPtr operand = field(reference);
    if (!is_time(operand->type)) wrong(base::filled({"'{0}' is neither a date nor a time", "'{0}' ist weder Datum noch Zeit"}, operand->field));
    TimeOperand time;
    time.from_field = time.to_field = operand->field;
    return time;
}

TimeOperand FilterBuilder::time_value(std::string_view iso)
{
    if (std::int32_t days = 0; table::parse_date(iso, days)) return time_position(iso);
    count();
    const OperandPtr operand = instant(iso);
    TimeOperand time;
    time.span = TimeSpan{operand->integer, operand->integer};
    return time;
}

TimeOperand FilterBuilder::time_position(std::string_view iso)
{
    count();
    TimeOperand time;
    time.span = span_of_time(iso);
    if (!time.span) wrong(base::filled({"'{0}' is no time like 2024, 2024-06, 2024-06-07 or 2024-06-07T19:05:41Z", "'{0}' ist keine Zeit wie 2024, 2024-06, 2024-06-07 oder 2024-06-07T19:05:41Z"}, base::shortened(std::string(iso), 60)));
    return time;
}

TimeOperand FilterBuilder::interval(const TimeOperand& from, const TimeOperand& to)
{
    TimeOperand time;
    time.is_interval = true;
    time.from_field = from.from_field;
    time.to_field = to.to_field;
    TimeSpan span;
    if (from.span) span.from = from.span->from;
    if (to.span) span.to = to.span->to;
    if (span.from > span.to) wrong({"an interval ends before it begins", "ein Intervall endet vor seinem Anfang"});
    time.span = span;
    return time;
}

PredicatePtr FilterBuilder::time(TimeRelation relation, TimeOperand a, TimeOperand b)
{
    auto predicate = made(Predicate::Kind::time);
    predicate->time_relation = relation;
    predicate->times = {std::move(a), std::move(b)};
    return predicate;
}

CrsName FilterBuilder::crs(std::string_view name) const { return wfs_crs(name, m_context.model, m_context.parameter); }

}  // namespace stadtgdi::ows
