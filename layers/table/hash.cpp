// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/table/table.hpp>
#include <bit>
#include <cmath>
#include <cstring>

namespace stadtgdi::table {

namespace {

constexpr std::uint64_t null_mark = 0x6e756c6c6e756c6cULL;

/// Takes whole 64 bit numbers, so that the byte order of the machine does not matter.
class Hasher {
public:
    void add(std::uint64_t value)
    {
        m_state = (m_state ^ value) * 0x9e3779b97f4a7c15ULL;
        m_state ^= m_state >> 32;
    }
    void add(double value)
    {
        // All NaN are one value, and so are 0 and -0.
        add(std::isnan(value) ? std::uint64_t{0x7ff8000000000000ULL} : std::bit_cast<std::uint64_t>(value + 0.0));
    }
    void add(std::string_view text)
    {
        add(static_cast<std::uint64_t>(text.size()));
        while (!text.empty()) {
            std::uint64_t word = 0;
            const std::size_t count = std::min<std::size_t>(text.size(), 8);
            if (std::endian::native == std::endian::little)
                std::memcpy(&word, text.data(), count);
            else
                for (std::size_t i = 0; i < count; ++i) word |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[i])) << (8 * i);
            add(word);
            text.remove_prefix(count);
        }
    }
    std::uint64_t result() const
    {
        std::uint64_t out = m_state;  // the finalizer of MurmurHash3 (public domain)
        out = (out ^ (out >> 33)) * 0xff51afd7ed558ccdULL;
        out = (out ^ (out >> 33)) * 0xc4ceb9fe1a85ec53ULL;
        return out ^ (out >> 33);
    }

private:
    std::uint64_t m_state = 0x53746164744744ULL;
};

std::uint64_t hash_of(std::string_view text)
{
    Hasher hasher;
    hasher.add(text);
    return hasher.result();
}

template <class Get> void add_rows(Hasher& hasher, const Column& column, const Get& get)
{
    for (std::size_t row = 0; row < column.size(); ++row) {
        if (column.valid(row))
            hasher.add(get(row));
        else
            hasher.add(null_mark);
    }
    // Tells a null from a value that happens to equal the mark.
    hasher.add(static_cast<std::uint64_t>(column.validity().null_count()));
}

void add_text(Hasher& hasher, const Column& column)
{
    if (!column.is_dictionary()) {
        add_rows(hasher, column, [&](std::size_t row) { return hash_of(column.text(row)); });
        return;
    }
    const Column& dictionary = column.dictionary();
    std::vector<std::uint64_t> hashes(dictionary.size());
    for (std::size_t i = 0; i < hashes.size(); ++i) hashes[i] = hash_of(dictionary.text(i));
    const auto codes = column.codes();
    add_rows(hasher, column, [&](std::size_t row) { return hashes[static_cast<std::size_t>(codes[row])]; });
}

void add_column(Hasher& hasher, const Column& column)
{
    switch (column.type()) {
        case Type::boolean: {
            const auto values = column.bools();
            return add_rows(hasher, column, [&](std::size_t row) { return std::uint64_t{values[row] != 0 ? 1U : 0U}; });
        }
        case Type::int64: {
            const auto values = column.ints();
            return add_rows(hasher, column, [&](std::size_t row) { return static_cast<std::uint64_t>(values[row]); });
        }
        case Type::float64: {
            const auto values = column.doubles();
            return add_rows(hasher, column, [&](std::size_t row) { return values[row]; });
        }
        case Type::date: {
            const auto values = column.dates();
            return add_rows(hasher, column, [&](std::size_t row) { return static_cast<std::uint64_t>(values[row]); });
        }
        case Type::datetime: {
            const auto values = column.datetimes();
            return add_rows(hasher, column, [&](std::size_t row) { return static_cast<std::uint64_t>(values[row]); });
        }
        case Type::text: return add_text(hasher, column);
    }
}

void add_geometry(Hasher& hasher, const GeometryColumn& geometry)
{
    for (std::size_t row = 0; row < geometry.size(); ++row) {
        if (!geometry.valid(row)) {
            hasher.add(null_mark);
            continue;
        }
        // Counts, not offsets: a table taken from a larger one hashes like one built anew.
        std::size_t first = row, last = row + 1;
        for (int depth = 0; depth < geometry.level_count(); ++depth) {
            const auto level = geometry.level(depth);
            for (std::size_t i = first; i < last; ++i) hasher.add(static_cast<std::uint64_t>(level[i + 1] - level[i]));
            first = static_cast<std::size_t>(level[first]);
            last = static_cast<std::size_t>(level[last]);
        }
        for (std::size_t i = first; i < last; ++i) {
            hasher.add(geometry.x()[i]);
            hasher.add(geometry.y()[i]);
            if (geometry.has_z()) hasher.add(geometry.z()[i]);
        }
    }
    hasher.add(static_cast<std::uint64_t>(geometry.validity().null_count()));
}

}  // namespace

std::uint64_t hash(const Table& table)
{
    Hasher hasher;
    hasher.add(static_cast<std::uint64_t>(table.rows()));
    for (std::size_t i = 0; i < table.columns().size(); ++i) {
        const Field& field = table.schema().fields[i];
        hasher.add(std::string_view(field.name));
        hasher.add(name_of(field.type));
        add_column(hasher, table.column(i));
    }
    if (const auto& field = table.schema().geometry) {
        hasher.add(std::string_view(field->name));
        hasher.add(name_of(field->kind));
        hasher.add(std::string_view(field->crs));
        hasher.add(std::uint64_t{field->has_z ? 1U : 0U});
        add_geometry(hasher, table.geometry());
    }
    return hasher.result();
}

}  // namespace stadtgdi::table
