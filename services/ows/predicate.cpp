// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/parallel_for.hpp>
#include <layers/crs/transform.hpp>
#include <layers/geometry/box_filter.hpp>
#include <services/ows/coordinate_text.hpp>
#include <services/ows/fold.hpp>
#include <services/ows/predicate.hpp>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <iterator>
#include <map>

namespace stadtgdi::ows {

namespace {

using Rows = std::vector<std::int64_t>;

enum class Truth : std::uint8_t { no, yes, unknown };
using Test = std::function<Truth(std::size_t row)>;

Truth truth(bool yes) { return yes ? Truth::yes : Truth::no; }

/// Of a row or a literal; texts lie in the table, in the literal or, folded, in `own`.
struct Value {
    bool valid = false;
    table::Type type = table::Type::text;
    std::int64_t integer = 0;
    double number = 0;
    std::string_view text = {};
    std::string own = {};
    std::string_view shown() const { return own.empty() ? text : std::string_view(own); }
};
using Read = std::function<Value(std::size_t row)>;

constexpr std::int64_t day = 86'400'000'000;

Value of_number(double number)
{
    Value value;
    value.valid = std::isfinite(number);
    value.type = table::Type::float64;
    value.number = number;
    return value;
}

Value of_integer(table::Type type, std::int64_t integer)
{
    Value value;
    value.valid = true;
    value.type = type;
    value.integer = integer;
    return value;
}

Read of_column(const table::Column& column)
{
    switch (column.type()) {
    case table::Type::text:
        return [&column](std::size_t row) {
            Value value;
            value.valid = column.valid(row);
            if (value.valid) value.text = column.text(row);
            return value;
        };
    case table::Type::float64: return [&column](std::size_t row) { return column.valid(row) ? of_number(column.doubles()[row]) : Value{}; };
    case table::Type::int64: return [&column](std::size_t row) { return column.valid(row) ? of_integer(table::Type::int64, column.ints()[row]) : Value{}; };
    case table::Type::boolean: return [&column](std::size_t row) { return column.valid(row) ? of_integer(table::Type::boolean, column.bools()[row] != 0) : Value{}; };
    case table::Type::date: return [&column](std::size_t row) { return column.valid(row) ? of_integer(table::Type::date, column.dates()[row]) : Value{}; };
    case table::Type::datetime: return [&column](std::size_t row) { return column.valid(row) ? of_integer(table::Type::datetime, column.datetimes()[row]) : Value{}; };
    }
    return [](std::size_t) { return Value{}; };
}

double as_number(const Value& value) { return value.type == table::Type::float64 ? value.number : static_cast<double>(value.integer); }

Value worked_out(char operation, const Value& a, const Value& b)
{
    if (!a.valid || !b.valid) return {};
    if (a.type == table::Type::int64 && b.type == table::Type::int64) {
        std::int64_t result = 0;
        const bool fits = operation == '+'   ? !__builtin_add_overflow(a.integer, b.integer, &result)
                          : operation == '-' ? !__builtin_sub_overflow(a.integer, b.integer, &result)
                          : operation == '*' ? !__builtin_mul_overflow(a.integer, b.integer, &result)
                                             : false;
        if (fits) return of_integer(table::Type::int64, result);
        const bool divides = b.integer != 0 && !(a.integer == std::numeric_limits<std::int64_t>::min() && b.integer == -1);
        if (operation == '%') return divides ? of_integer(table::Type::int64, a.integer % b.integer) : Value{};
        if (operation == 'd') return divides ? of_integer(table::Type::int64, a.integer / b.integer) : Value{};
    }
    const double x = as_number(a), y = as_number(b);
    switch (operation) {
    case '+': return of_number(x + y);
    case '-': return of_number(x - y);
    case '*': return of_number(x * y);
    case '/': return of_number(x / y);  // nothing of a division by zero
    case '%': return of_number(std::fmod(x, y));
    case 'd': return of_number(std::trunc(x / y));
    case '^': return of_number(std::pow(x, y));
    default: return {};
    }
}

Read reader_of(const OperandPtr& operand, const store::Snapshot& rows)
{
    switch (operand->kind) {
    case Operand::Kind::field: return of_column(rows.table.column(operand->field));
    case Operand::Kind::value: {
        Value value;
        value.valid = true;
        value.type = operand->type;
        value.integer = operand->integer;
        value.number = operand->number;
        return [value, operand](std::size_t) {
            Value copy = value;
            copy.text = operand->text;
            return copy;
        };
    }
    case Operand::Kind::nothing: break;
    case Operand::Kind::arithmetic: {
        const Read a = reader_of(operand->operands[0], rows), b = reader_of(operand->operands[1], rows);
        return [a, b, operation = operand->operation](std::size_t row) { return worked_out(operation, a(row), b(row)); };
    }
    case Operand::Kind::casei:
    case Operand::Kind::accenti: {
        const Read inner = reader_of(operand->operands[0], rows);
        const bool accents = operand->kind == Operand::Kind::accenti;
        return [inner, accents](std::size_t row) {
            Value value = inner(row);
            if (value.valid) value.own = accents ? without_accents(value.shown()) : without_case(value.shown());
            if (value.own.empty()) value.text = {};
            return value;
        };
    }
    }
    return [](std::size_t) { return Value{}; };
}

int order(const Value& a, const Value& b)
{
    const auto sign = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
    if (a.type == table::Type::text) return sign(a.shown(), b.shown());
    if (a.type == table::Type::float64 || b.type == table::Type::float64) {
        const auto wide = [](const Value& value) { return value.type == table::Type::float64 ? static_cast<long double>(value.number) : static_cast<long double>(value.integer); };
        return sign(wide(a), wide(b));
    }
    if (a.type != b.type && (a.type == table::Type::date || b.type == table::Type::date)) {
        const auto time = [](const Value& value) { return value.type == table::Type::date ? value.integer * day : value.integer; };
        return sign(time(a), time(b));
    }
    return sign(a.integer, b.integer);
}

bool holds(Comparison comparison, int sign)
{
    switch (comparison) {
    case Comparison::equal: return sign == 0;
    case Comparison::not_equal: return sign != 0;
    case Comparison::less: return sign < 0;
    case Comparison::greater: return sign > 0;
    case Comparison::less_or_equal: return sign <= 0;
    case Comparison::greater_or_equal: return sign >= 0;
    }
    return false;
}

void collect_fields(const Operand& operand, std::vector<std::string>& fields)
{
    if (operand.kind == Operand::Kind::field && std::ranges::find(fields, operand.field) == fields.end()) fields.push_back(operand.field);
    for (const OperandPtr& part : operand.operands) collect_fields(*part, fields);
}

void collect_fields(const Predicate& predicate, std::vector<std::string>& fields)
{
    for (const OperandPtr& operand : predicate.operands) collect_fields(*operand, fields);
    for (const TimeOperand& time : predicate.times)
        for (const std::string& field : {time.from_field, time.to_field})
            if (!field.empty() && std::ranges::find(fields, field) == fields.end()) fields.push_back(field);
    for (const PredicatePtr& part : predicate.parts) collect_fields(*part, fields);
}

/// What depends on one text of a dictionary alone is worked out once for each of its entries.
Test once_an_entry(Test test, const Predicate& leaf, const store::Snapshot& rows)
{
    const std::vector<std::string> fields = fields_of(leaf);
    if (fields.size() != 1) return test;
    const table::Column& column = rows.table.column(fields.front());
    if (column.type() != table::Type::text || !column.is_dictionary()) return test;
    constexpr std::uint8_t not_yet = 255;
    const auto known = std::make_shared<std::vector<std::atomic<std::uint8_t>>>(column.dictionary().size());  // shared by the threads that test
    for (auto& entry : *known) entry.store(not_yet, std::memory_order_relaxed);
    return [test = std::move(test), &column, known](std::size_t row) {
        if (!column.valid(row)) return test(row);
        std::atomic<std::uint8_t>& entry = (*known)[static_cast<std::size_t>(column.codes()[row])];
        std::uint8_t value = entry.load(std::memory_order_relaxed);
        if (value == not_yet) {
            value = static_cast<std::uint8_t>(test(row));
            entry.store(value, std::memory_order_relaxed);
        }
        return static_cast<Truth>(value);
    };
}

void keep_common(std::optional<Rows>& rows, Rows more)
{
    if (!rows) {
        rows = std::move(more);
        return;
    }
    Rows common;
    std::ranges::set_intersection(*rows, more, std::back_inserter(common));
    rows = std::move(common);
}

/// Everything equals, contains and meets itself, and neither touches, crosses nor overlaps it.
Truth holds_with_itself(geometry::Relation relation)
{
    using geometry::Relation;
    return truth(relation == Relation::intersects || relation == Relation::equals || relation == Relation::contains || relation == Relation::within);
}

class Binder {
public:
    Binder(const store::Snapshot& rows, base::RunContext& run) : m_rows(rows), m_run(run) {}

    Test bound(const PredicatePtr& predicate)
    {
        switch (predicate->kind) {
        case Predicate::Kind::constant: return [value = truth(predicate->constant)](std::size_t) { return value; };
        case Predicate::Kind::all_of: return joined(*predicate, Truth::no);
        case Predicate::Kind::any_of: return joined(*predicate, Truth::yes);
        case Predicate::Kind::none_of: {
            const Test inner = bound(predicate->parts.front());
            return [inner](std::size_t row) {
                const Truth value = inner(row);
                return value == Truth::unknown ? value : truth(value == Truth::no);
            };
        }
        case Predicate::Kind::compare: return once_an_entry(comparison(*predicate), *predicate, m_rows);
        case Predicate::Kind::like: return once_an_entry(likeness(predicate), *predicate, m_rows);
        case Predicate::Kind::in: return once_an_entry(membership(*predicate), *predicate, m_rows);
        case Predicate::Kind::is_null: return nullness(*predicate);
        case Predicate::Kind::ids: return [predicate, this](std::size_t row) { return truth(std::ranges::binary_search(predicate->ids, m_rows.fids[row])); };
        case Predicate::Kind::box: return in_box(*predicate->box);
        case Predicate::Kind::relation:
        case Predicate::Kind::distance: return related(*predicate);
        case Predicate::Kind::time: return timed(predicate);
        }
        return [](std::size_t) { return Truth::no; };
    }

    /// Rows of which all that match are some, ascending; nothing: any may match.
    std::optional<Rows> candidates(const Predicate& predicate) const
    {
        switch (predicate.kind) {
        case Predicate::Kind::ids: return rows_of(predicate.ids);
        case Predicate::Kind::all_of: {
            std::optional<Rows> found;
            for (const PredicatePtr& part : predicate.parts)
                if (auto some = candidates(*part)) keep_common(found, std::move(*some));
            return found;
        }
        case Predicate::Kind::any_of: {
            Rows found;
            for (const PredicatePtr& part : predicate.parts) {
                const auto some = candidates(*part);
                if (!some) return std::nullopt;
                Rows both;
                std::ranges::set_union(found, *some, std::back_inserter(both));
                found = std::move(both);
            }
            return found;
        }
        case Predicate::Kind::box: return in_reach(*predicate.box);
        case Predicate::Kind::relation:
            if (predicate.relation == geometry::Relation::disjoint || !predicate.geometry) return std::nullopt;
            return in_reach({predicate.geometry->box(0), {predicate.geometry->crs(), false, {}}});
        case Predicate::Kind::distance: {
            if (predicate.beyond) return std::nullopt;
            table::Box box = predicate.geometry->box(0);
            box.xmin -= predicate.distance, box.ymin -= predicate.distance, box.xmax += predicate.distance, box.ymax += predicate.distance;
            return in_reach({box, {predicate.geometry->crs(), false, {}}});
        }
        default: return std::nullopt;
        }
    }

    Rows rows_of(const std::vector<std::int64_t>& ids) const
    {
        Rows rows;
        for (const std::int64_t fid : ids)
            if (const std::int64_t row = m_rows.row_of(fid); row >= 0) rows.push_back(row);
        std::ranges::sort(rows);
        rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
        return rows;
    }

    /// Whether every row lies in the box, so that nothing is to be tested.
    bool covers_all(const Predicate& predicate) const
    {
        return predicate.kind == Predicate::Kind::box && m_rows.table.has_geometry() && predicate.box->crs.code == own_crs() && m_rows.index.size() == m_rows.table.rows() && m_rows.index.covered_by(predicate.box->box);
    }

private:
    const std::string& own_crs() const { return m_rows.table.geometry().crs(); }

    Rows in_reach(const BoxWithCrs& box) const
    {
        if (!m_rows.table.has_geometry()) return {};
        const table::Box place = box_at(box, m_rows.index.extent(), own_crs());
        return place.empty() ? Rows{} : m_rows.index.search(place);
    }

    /// The rows' geometries in the CRS that they are compared in; kept for other requests where these may ask in it too.
    const table::GeometryColumn& rows_in(const std::string& crs, bool keep = true)
    {
        if (crs == own_crs()) return m_rows.table.geometry();
        std::shared_ptr<const table::GeometryColumn>& known = m_columns[crs];
        if (!known && keep) known = m_rows.geometry_in(crs, m_run);
        if (!known) known = std::make_shared<const table::GeometryColumn>(crs::transformed(m_rows.table.geometry(), crs, m_run));
        return *known;
    }

    /// Neither null nor out of what its CRS can show.
    static bool is_there(const table::GeometryColumn& column, std::size_t row)
    {
        if (!column.valid(row)) return false;
        const auto [first, last] = column.coordinates(row);
        return finite(column.x(), column.y(), first, last);
    }

    Test joined(const Predicate& predicate, Truth decisive)
    {
        std::vector<Test> parts;
        for (const PredicatePtr& part : predicate.parts) parts.push_back(bound(part));
        return [parts = std::move(parts), decisive](std::size_t row) {
            Truth result = decisive == Truth::no ? Truth::yes : Truth::no;
            for (const Test& part : parts) {
                const Truth value = part(row);
                if (value == decisive) return decisive;
                if (value == Truth::unknown) result = Truth::unknown;
            }
            return result;
        };
    }

    Test comparison(const Predicate& predicate) const
    {
        const Read a = reader_of(predicate.operands[0], m_rows), b = reader_of(predicate.operands[1], m_rows);
        return [a, b, comparison = predicate.comparison](std::size_t row) {
            const Value x = a(row);
            if (!x.valid) return Truth::unknown;
            const Value y = b(row);
            return y.valid ? truth(holds(comparison, order(x, y))) : Truth::unknown;
        };
    }

    Test likeness(const PredicatePtr& predicate) const
    {
        const Read text = reader_of(predicate->operands[0], m_rows);
        const auto pattern = std::make_shared<const LikePattern>(predicate->pattern, predicate->wildcard, predicate->single, predicate->escape, !predicate->match_case);  // shared by the threads that test
        return [text, pattern](std::size_t row) {
            const Value value = text(row);
            return value.valid ? truth(pattern->matches(value.shown())) : Truth::unknown;
        };
    }

    Test membership(const Predicate& predicate) const
    {
        const Read value = reader_of(predicate.operands[0], m_rows);
        std::vector<Read> list;
        for (std::size_t i = 1; i < predicate.operands.size(); ++i) list.push_back(reader_of(predicate.operands[i], m_rows));
        return [value, list = std::move(list)](std::size_t row) {
            const Value x = value(row);
            if (!x.valid) return Truth::unknown;
            Truth result = Truth::no;
            for (const Read& one : list) {
                const Value y = one(row);
                if (!y.valid)
                    result = Truth::unknown;
                else if (order(x, y) == 0)
                    return Truth::yes;
            }
            return result;
        };
    }

    Test nullness(const Predicate& predicate) const
    {
        if (predicate.operands.empty()) {
            if (!m_rows.table.has_geometry()) return [](std::size_t) { return Truth::yes; };
            return [&geometry = m_rows.table.geometry()](std::size_t row) { return truth(!geometry.valid(row)); };
        }
        const Read value = reader_of(predicate.operands[0], m_rows);
        return [value](std::size_t row) { return truth(!value(row).valid); };
    }

    /// Boxes and geometries are compared in their own CRS, where their sides are straight.
    Test in_box(const BoxWithCrs& box)
    {
        if (!m_rows.table.has_geometry()) return [](std::size_t) { return Truth::unknown; };
        return [&there = rows_in(box.crs.code), area = box.box](std::size_t row) { return is_there(there, row) ? truth(geometry::intersects(there, row, area)) : Truth::unknown; };
    }

    Test related(const Predicate& predicate)
    {
        if (!m_rows.table.has_geometry()) return [](std::size_t) { return Truth::unknown; };
        if (!predicate.geometry) return [&own = m_rows.table.geometry(), holds = holds_with_itself(predicate.relation)](std::size_t row) { return own.box(row).empty() ? Truth::unknown : holds; };
        std::shared_ptr<const geometry::PreparedGeometry>& prepared = m_prepared[predicate.geometry.get()];
        if (!prepared) prepared = std::make_shared<const geometry::PreparedGeometry>(*predicate.geometry, 0);
        const table::GeometryColumn& there = rows_in(predicate.geometry->crs(), predicate.kind == Predicate::Kind::relation);
        if (predicate.kind == Predicate::Kind::distance)
            return [prepared, &there, most = predicate.distance, beyond = predicate.beyond](std::size_t row) {
                const auto distance = is_there(there, row) ? prepared->distance(there, row) : std::nullopt;
                return distance ? truth(beyond ? *distance > most : *distance <= most) : Truth::unknown;
            };
        return [prepared, &there, relation = predicate.relation](std::size_t row) {
            const auto holds = is_there(there, row) ? prepared->holds(relation, there, row) : std::nullopt;
            return holds ? truth(*holds) : Truth::unknown;
        };
    }

    /// `open`: an interval of a row has no end where that is null; else nothing is known of it then.
    std::function<std::optional<TimeSpan>(std::size_t row)> spans_of(const TimeOperand& operand, bool open) const
    {
        if (operand.span && operand.from_field.empty() && operand.to_field.empty()) return [span = *operand.span](std::size_t) { return std::optional(span); };
        const auto read = [this](const std::string& field) { return field.empty() ? Read() : of_column(m_rows.table.column(field)); };
        const Read from = read(operand.from_field), to = read(operand.to_field);
        return [from, to, given = operand.span.value_or(TimeSpan{}), interval = operand.is_interval, open](std::size_t row) -> std::optional<TimeSpan> {
            TimeSpan span = given;
            const Value begin = from ? from(row) : Value{};
            const Value end = to ? to(row) : Value{};
            if (!interval && !begin.valid) return {};
            if (interval && !open && ((from && !begin.valid) || (to && !end.valid))) return {};
            if (interval && from && to && !begin.valid && !end.valid) return {};
            if (begin.valid) span.from = begin.type == table::Type::date ? begin.integer * day : begin.integer;
            if (end.valid) span.to = end.type == table::Type::date ? end.integer * day + day - 1 : end.integer;
            return span;
        };
    }

    static bool stand(TimeRelation relation, const TimeSpan& a, const TimeSpan& b)
    {
        switch (relation) {
        case TimeRelation::after: return a.from > b.to;
        case TimeRelation::before: return a.to < b.from;
        case TimeRelation::contains: return a.from < b.from && a.to > b.to;
        case TimeRelation::disjoint: return a.from > b.to || a.to < b.from;
        case TimeRelation::during: return a.from > b.from && a.to < b.to;
        case TimeRelation::equals: return a.from == b.from && a.to == b.to;
        case TimeRelation::finished_by: return a.from < b.from && a.to == b.to;
        case TimeRelation::finishes: return a.from > b.from && a.to == b.to;
        case TimeRelation::intersects: return a.from <= b.to && a.to >= b.from;
        case TimeRelation::meets: return a.to == b.from;
        case TimeRelation::met_by: return a.from == b.to;
        case TimeRelation::overlapped_by: return a.from > b.from && a.from < b.to && a.to > b.to;
        case TimeRelation::overlaps: return a.from < b.from && a.to > b.from && a.to < b.to;
        case TimeRelation::started_by: return a.from == b.from && a.to > b.to;
        case TimeRelation::starts: return a.from == b.from && a.to < b.to;
        }
        return false;
    }

    Test timed(const PredicatePtr& predicate) const
    {
        const auto a = spans_of(predicate->times[0], predicate->null_matches), b = spans_of(predicate->times[1], predicate->null_matches);
        return [a, b, predicate](std::size_t row) {
            const auto x = a(row), y = b(row);
            if (!x || !y) return predicate->null_matches ? Truth::yes : Truth::unknown;
            return truth(stand(predicate->time_relation, *x, *y));
        };
    }

    const store::Snapshot& m_rows;
    base::RunContext& m_run;
    std::map<const table::GeometryColumn*, std::shared_ptr<const geometry::PreparedGeometry>> m_prepared;  // shared by the tests
    std::map<std::string, std::shared_ptr<const table::GeometryColumn>> m_columns;                         // by CRS; shared with the snapshot
};

void flatten(const PredicatePtr& predicate, std::vector<PredicatePtr>& parts)
{
    if (predicate->kind == Predicate::Kind::all_of)
        for (const PredicatePtr& part : predicate->parts) flatten(part, parts);
    else
        parts.push_back(predicate);
}

/// Of all rows or of the list, those that pass; in order.
Rows passing(const std::optional<Rows>& rows, std::size_t count, const Test& test, base::RunContext& run)
{
    const std::size_t size = rows ? rows->size() : count;
    std::vector<std::uint8_t> kept(size);
    base::parallel_for(run, size, 8192, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) kept[i] = test(rows ? static_cast<std::size_t>((*rows)[i]) : i) == Truth::yes ? 1 : 0;
    });
    Rows passed;
    for (std::size_t i = 0; i < size; ++i)
        if (kept[i] != 0) passed.push_back(rows ? (*rows)[i] : static_cast<std::int64_t>(i));
    return passed;
}

}  // namespace

PredicatePtr all_of(std::vector<PredicatePtr> parts)
{
    if (parts.size() == 1) return parts.front();
    auto made = std::make_shared<Predicate>();
    made->kind = Predicate::Kind::all_of;
    made->parts = std::move(parts);
    return made;
}

PredicatePtr any_of(std::vector<PredicatePtr> parts)
{
    if (parts.size() == 1) return parts.front();
    auto made = std::make_shared<Predicate>();
    made->kind = Predicate::Kind::any_of;
    made->parts = std::move(parts);
    return made;
}

PredicatePtr negated(PredicatePtr part)
{
    auto made = std::make_shared<Predicate>();
    made->kind = Predicate::Kind::none_of;
    made->parts.push_back(std::move(part));
    return made;
}

PredicatePtr constant(bool value)
{
    auto made = std::make_shared<Predicate>();
    made->constant = value;
    return made;
}

table::Box box_at(const BoxWithCrs& box, const table::Box& place, const std::string& crs)
{
    if (box.crs.code == crs || place.empty()) return place.empty() ? place : box.box;
    // Sides that are straight in one CRS are curves in the other: the boxes of these curves' points get a little room.
    const auto with_room = [](const table::Box& b) {
        const double room = 0.02 * std::max({b.xmax - b.xmin, b.ymax - b.ymin, 1e-4 * std::max(std::abs(b.xmin), std::abs(b.ymin)), 1e-6});
        return table::Box{b.xmin - room, b.ymin - room, b.xmax + room, b.ymax + room};
    };
    const table::Box there = crs::transformed(place, crs, box.crs.code);
    if (there.empty()) return place;
    const table::Box around = with_room(there), &asked = box.box;
    const table::Box common{std::max(around.xmin, asked.xmin), std::max(around.ymin, asked.ymin), std::min(around.xmax, asked.xmax), std::min(around.ymax, asked.ymax)};
    if (common.empty() || common == around) return common.empty() ? table::Box::none() : place;
    const table::Box here = crs::transformed(common, box.crs.code, crs);
    return here.empty() ? place : with_room(here);
}

std::vector<std::string> fields_of(const Predicate& predicate)
{
    std::vector<std::string> fields;
    collect_fields(predicate, fields);
    return fields;
}

std::optional<std::vector<std::int64_t>> matching_rows(const store::Snapshot& rows, const Predicate& predicate, base::RunContext& run)
{
    Binder binder(rows, run);
    std::vector<PredicatePtr> parts, rest;
    flatten(std::make_shared<const Predicate>(predicate), parts);
    std::optional<Rows> found;
    for (const PredicatePtr& part : parts) {
        if (binder.covers_all(*part)) continue;
        if (auto some = binder.candidates(*part)) keep_common(found, std::move(*some));
        if (found && found->empty()) return Rows{};
        if (part->kind != Predicate::Kind::ids) rest.push_back(part);
    }
    // What is compared once an entry goes first, what asks GEOS last.
    const auto cost = [](const PredicatePtr& part) { return part->kind == Predicate::Kind::relation || part->kind == Predicate::Kind::distance ? 2 : part->kind == Predicate::Kind::box ? 1 : 0; };
    std::ranges::stable_sort(rest, {}, cost);
    for (const PredicatePtr& part : rest) found = passing(found, rows.table.rows(), binder.bound(part), run);
    return found;
}

}  // namespace stadtgdi::ows
