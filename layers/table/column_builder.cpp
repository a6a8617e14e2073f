// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/table/table_builder.hpp>

namespace stadtgdi::table {

namespace {

constexpr std::size_t most_distinct = 65536;  // above this looking up costs more than a dictionary saves

}  // namespace

ColumnBuilder::ColumnBuilder(Type type) : m_type(type) {}

void ColumnBuilder::expect(Type type) const
{
    if (m_type != type)
        throw Error(ErrorKind::internal, base::filled({"A value of type {0} was added to a column of type {1}.", "Ein Wert vom Typ {0} wurde in eine Spalte vom Typ {1} geschrieben."},
                                                      name_of(type), name_of(m_type)));
}

void ColumnBuilder::reserve(std::size_t rows)
{
    switch (m_type) {
        case Type::boolean: m_bools.reserve(rows); break;
        case Type::int64:
        case Type::datetime: m_ints.reserve(rows); break;
        case Type::float64: m_doubles.reserve(rows); break;
        case Type::date:
        case Type::text: m_codes.reserve(rows); break;
    }
}

void ColumnBuilder::mark(bool valid)
{
    if (!valid && m_nulls++ == 0) m_valid.assign(m_size, true);
    if (m_nulls > 0) m_valid.push_back(valid);
    ++m_size;
}

void ColumnBuilder::add_null()
{
    switch (m_type) {
        case Type::boolean: m_bools.push_back(0); break;
        case Type::int64:
        case Type::datetime: m_ints.push_back(0); break;
        case Type::float64: m_doubles.push_back(0.0); break;
        case Type::date: m_codes.push_back(0); break;
        case Type::text:
            if (m_plain)
                add_plain({});
            else
                m_codes.push_back(0);
            break;
    }
    mark(false);
}

void ColumnBuilder::add(bool value)
{
    expect(Type::boolean);
    m_bools.push_back(value ? 1 : 0);
    mark(true);
}

void ColumnBuilder::add(std::int64_t value)
{
    if (m_type == Type::float64) {
        m_doubles.push_back(static_cast<double>(value));
    } else {
        if (m_type != Type::datetime) expect(Type::int64);
        m_ints.push_back(value);
    }
    mark(true);
}

void ColumnBuilder::add(double value)
{
    expect(Type::float64);
    m_doubles.push_back(value);
    mark(true);
}

void ColumnBuilder::add_date(std::int32_t days)
{
    expect(Type::date);
    m_codes.push_back(days);
    mark(true);
}

void ColumnBuilder::add_plain(std::string_view value)
{
    m_chars.insert(m_chars.end(), value.begin(), value.end());
    m_ints.push_back(static_cast<std::int64_t>(m_chars.size()));
}

void ColumnBuilder::make_plain()
{
    m_plain = true;
    m_ints.reserve(m_codes.capacity() + 1);
    m_ints.push_back(0);
    for (std::size_t row = 0; row < m_codes.size(); ++row) {
        const bool has = m_nulls == 0 || m_valid[row];
        add_plain(has ? std::string_view(*m_distinct[static_cast<std::size_t>(m_codes[row])]) : std::string_view());
    }
    m_codes = {};
    m_distinct = {};
    m_code_of = {};
}

void ColumnBuilder::add(std::string_view value)
{
    expect(Type::text);
    if (m_plain) {
        add_plain(value);
    } else if (const auto found = m_code_of.find(value); found != m_code_of.end()) {
        m_codes.push_back(found->second);
    } else if (m_distinct.size() >= most_distinct) {
        make_plain();
        add_plain(value);
    } else {
        const auto code = static_cast<std::int32_t>(m_distinct.size());
        m_distinct.push_back(&m_code_of.emplace(value, code).first->first);
        m_codes.push_back(code);
    }
    mark(true);
}

void ColumnBuilder::add_from(const Column& from, std::size_t row)
{
    if (!from.valid(row)) {
        add_null();
        return;
    }
    switch (from.type()) {
        case Type::boolean: add(from.bools()[row] != 0); break;
        case Type::int64: add(from.ints()[row]); break;
        case Type::float64: add(from.doubles()[row]); break;
        case Type::text: add(from.text(row)); break;
        case Type::date: add_date(from.dates()[row]); break;
        case Type::datetime:
            expect(Type::datetime);
            add(from.datetimes()[row]);
            break;
    }
}

Column ColumnBuilder::finish() &&
{
    Validity validity = m_nulls > 0 ? Validity::of(m_valid) : Validity();
    switch (m_type) {
        case Type::boolean: return Column::of_bools(std::move(m_bools), std::move(validity));
        case Type::int64: return Column::of_ints(std::move(m_ints), std::move(validity));
        case Type::datetime: return Column::of_datetimes(std::move(m_ints), std::move(validity));
        case Type::float64: return Column::of_doubles(std::move(m_doubles), std::move(validity));
        case Type::date: return Column::of_dates(std::move(m_codes), std::move(validity));
        case Type::text: break;
    }
    if (!m_plain && !repeats()) make_plain();
    if (m_plain) return Column::of_text(std::move(m_ints), std::move(m_chars), std::move(validity));
    std::vector<std::int64_t> offsets{0};
    std::vector<char> chars;
    for (const std::string* value : m_distinct) {
        chars.insert(chars.end(), value->begin(), value->end());
        offsets.push_back(static_cast<std::int64_t>(chars.size()));
    }
    return Column::of_dictionary(std::move(m_codes), Column::of_text(std::move(offsets), std::move(chars)), std::move(validity));
}

}  // namespace stadtgdi::table
