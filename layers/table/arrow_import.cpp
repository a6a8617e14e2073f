// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/table/detail/arrow_view.hpp>
#include <layers/table/table_builder.hpp>
#include <cmath>

namespace stadtgdi::table {

using detail::ArrowView;

namespace {

template <class Struct> struct Released {
    Struct* self;
    explicit Released(Struct* given) : self(given) {}
    Released(const Released&) = delete;
    Released& operator=(const Released&) = delete;
    ~Released()
    {
        if (self && self->release) self->release(self);
    }
};

/// Values of type From as a vector of To.
template <class From, class To> std::vector<To> widened(const ArrowView& view, To scale = 1)
{
    std::vector<To> out(view.rows);
    for (std::size_t i = 0; i < view.rows; ++i) out[i] = static_cast<To>(view.read<From>(1, i)) * scale;
    return out;
}

std::int64_t floor_divided(std::int64_t value, std::int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

template <class From> Column floored_dates(const ArrowView& view, std::int64_t per_day)
{
    std::vector<std::int32_t> days(view.rows);
    for (std::size_t i = 0; i < view.rows; ++i) days[i] = static_cast<std::int32_t>(floor_divided(view.read<From>(1, i), per_day));
    return Column::of_dates(std::move(days), view.validity());
}

Column unsigned_longs(const ArrowView& view)
{
    const Validity validity = view.validity();
    for (std::size_t i = 0; i < view.rows; ++i)
        if (validity.valid(i) && view.read<std::uint64_t>(1, i) > static_cast<std::uint64_t>(INT64_MAX))
            throw view.bad("Arrow column '{0}' has a number beyond the range of int64.", "Die Arrow-Spalte '{0}' enthält eine Zahl außerhalb von int64.");
    return Column::of_ints(view.shared<std::int64_t>(1, view.rows), validity);
}

Column timestamps(const ArrowView& view)
{
    switch (view.format()[2]) {
        case 's': return Column::of_datetimes(widened<std::int64_t, std::int64_t>(view, 1'000'000), view.validity());
        case 'm': return Column::of_datetimes(widened<std::int64_t, std::int64_t>(view, 1'000), view.validity());
        case 'u': return Column::of_datetimes(view.shared<std::int64_t>(1, view.rows), view.validity());
        case 'n': {
            std::vector<std::int64_t> out(view.rows);
            for (std::size_t i = 0; i < view.rows; ++i) out[i] = floor_divided(view.read<std::int64_t>(1, i), 1000);
            return Column::of_datetimes(std::move(out), view.validity());
        }
        default: throw view.unsupported();
    }
}

/// Tables have no time of day: "07:05:09" as text.
Column times(const ArrowView& view)
{
    const char unit = view.format()[2];
    const std::int64_t per_second = unit == 's' ? 1 : unit == 'm' ? 1'000 : unit == 'u' ? 1'000'000 : 1'000'000'000;
    const bool wide = unit == 'u' || unit == 'n';
    const Validity validity = view.validity();
    ColumnBuilder out(Type::text);
    for (std::size_t i = 0; i < view.rows; ++i) {
        if (!validity.valid(i)) {
            out.add_null();
            continue;
        }
        const std::int64_t value = wide ? view.read<std::int64_t>(1, i) : view.read<std::int32_t>(1, i);
        const std::string full = datetime_text(floor_divided(value * 1000, per_second) * 1000);  // to the millisecond
        out.add(std::string_view(full).substr(11, full.size() - 12));
    }
    return std::move(out).finish();
}

/// Characters of a (large) utf8 array; offsets as they are, relative to the characters' start.
template <class Offset> std::pair<Buffer<std::int64_t>, Buffer<char>> text_buffers(const ArrowView& view)
{
    if (view.rows == 0) return {Buffer<std::int64_t>{0}, {}};
    Buffer<std::int64_t> offsets;
    if constexpr (sizeof(Offset) == 8)
        offsets = view.shared<std::int64_t>(1, view.rows + 1);
    else {
        std::vector<std::int64_t> wide(view.rows + 1);
        for (std::size_t i = 0; i <= view.rows; ++i) wide[i] = view.read<Offset>(1, i);
        offsets = std::move(wide);
    }
    for (std::size_t i = 0; i < view.rows; ++i)
        if (offsets[i] < 0 || offsets[i] > offsets[i + 1])
            throw view.bad("The text offsets of Arrow column '{0}' are damaged.", "Die Textversätze der Arrow-Spalte '{0}' sind beschädigt.");
    const auto* chars = static_cast<const char*>(view.array->buffers[2]);
    const auto size = chars ? static_cast<std::size_t>(offsets[view.rows]) : 0;
    return {std::move(offsets), Buffer<char>(std::span(chars, size), view.owner)};
}

template <class Offset> Column text(const ArrowView& view)
{
    auto [offsets, chars] = text_buffers<Offset>(view);
    return Column::of_text(std::move(offsets), std::move(chars), view.validity());
}

/// Repeated texts get a dictionary, as tables have them; the characters of others stay where they are.
template <class Offset> Column text_or_dictionary(const ArrowView& view)
{
    Column plain = text<Offset>(view);
    ColumnBuilder builder(Type::text);
    builder.reserve(plain.size());
    constexpr std::size_t sample = 4096;
    for (std::size_t row = 0; row < plain.size(); ++row) {
        builder.add_from(plain, row);
        if (row + 1 == sample && !builder.repeats()) return plain;  // names, ids: not worth the look-ups
    }
    if (!builder.repeats()) return plain;
    return std::move(builder).finish();
}

std::int64_t index_at(const ArrowView& view, std::size_t row)
{
    switch (view.format()[0]) {
        case 'c': return view.read<std::int8_t>(1, row);
        case 'C': return view.read<std::uint8_t>(1, row);
        case 's': return view.read<std::int16_t>(1, row);
        case 'S': return view.read<std::uint16_t>(1, row);
        case 'i': return view.read<std::int32_t>(1, row);
        case 'I': return view.read<std::uint32_t>(1, row);
        case 'l':
        case 'L': return view.read<std::int64_t>(1, row);
        default: throw view.unsupported();
    }
}

Column dictionary(const ArrowView& view)
{
    const ArrowArray* values = view.array->dictionary;
    const ArrowView inner{view.schema->dictionary, values, static_cast<std::size_t>(values->offset), static_cast<std::size_t>(values->length), view.owner};
    Column texts;
    if (inner.format() == "u")
        texts = text<std::int32_t>(inner);
    else if (inner.format() == "U")
        texts = text<std::int64_t>(inner);
    else
        throw inner.unsupported();
    const Validity validity = view.validity();
    const auto value_of = [&](std::size_t row) {
        const std::int64_t index = index_at(view, row);
        if (index < 0 || static_cast<std::size_t>(index) >= texts.size())
            throw view.bad("A code of Arrow column '{0}' points outside its dictionary.", "Ein Code der Arrow-Spalte '{0}' zeigt hinter das Wörterbuch.");
        return static_cast<std::size_t>(index);
    };
    if (view.format() == "i" && texts.validity().all_valid() && texts.size() <= view.rows) {
        Buffer<std::int32_t> codes = view.shared<std::int32_t>(1, view.rows);
        for (std::size_t row = 0; row < view.rows; ++row)
            if (validity.valid(row)) value_of(row);
        return Column::of_dictionary(std::move(codes), std::move(texts), validity);
    }
    ColumnBuilder out(Type::text);
    for (std::size_t row = 0; row < view.rows; ++row) {
        if (validity.valid(row))
            out.add_from(texts, value_of(row));
        else
            out.add_null();
    }
    return std::move(out).finish();
}

Column column_of(const ArrowView& view)
{
    const std::string_view format = view.format();
    if (view.schema->dictionary) return dictionary(view);
    if (format == "b") {
        std::vector<std::uint8_t> out(view.rows);
        for (std::size_t i = 0; i < view.rows; ++i) out[i] = view.bit(1, i) ? 1 : 0;
        return Column::of_bools(std::move(out), view.validity());
    }
    if (format == "c") return Column::of_ints(widened<std::int8_t, std::int64_t>(view), view.validity());
    if (format == "C") return Column::of_ints(widened<std::uint8_t, std::int64_t>(view), view.validity());
    if (format == "s") return Column::of_ints(widened<std::int16_t, std::int64_t>(view), view.validity());
    if (format == "S") return Column::of_ints(widened<std::uint16_t, std::int64_t>(view), view.validity());
    if (format == "i") return Column::of_ints(widened<std::int32_t, std::int64_t>(view), view.validity());
    if (format == "I") return Column::of_ints(widened<std::uint32_t, std::int64_t>(view), view.validity());
    if (format == "l") return Column::of_ints(view.shared<std::int64_t>(1, view.rows), view.validity());
    if (format == "L") return unsigned_longs(view);
    if (format == "f") return Column::of_doubles(widened<float, double>(view), view.validity());
    if (format == "g") return Column::of_doubles(view.shared<double>(1, view.rows), view.validity());
    if (format == "u") return text_or_dictionary<std::int32_t>(view);
    if (format == "U") return text_or_dictionary<std::int64_t>(view);
    if (format == "tdD") return Column::of_dates(view.shared<std::int32_t>(1, view.rows), view.validity());
    if (format == "tdm") return floored_dates<std::int64_t>(view, 86'400'000);
    if (format.size() >= 3 && format.substr(0, 2) == "ts") return timestamps(view);
    if (format.size() == 3 && format.substr(0, 2) == "tt") return times(view);
    if (format == "n") {
        ColumnBuilder out(Type::text);
        for (std::size_t i = 0; i < view.rows; ++i) out.add_null();
        return std::move(out).finish();
    }
    throw view.unsupported();
}

}  // namespace

Validity ArrowView::validity() const
{
    if (array->n_buffers == 0 || array->null_count == 0 || !array->buffers[0] || rows == 0) return {};
    const auto* bits = static_cast<const std::uint8_t*>(array->buffers[0]);
    if (offset % 8 == 0) return Validity::of_bits(Buffer<std::uint8_t>(std::span(bits + offset / 8, (rows + 7) / 8), owner), rows);
    std::vector<bool> valid(rows);
    for (std::size_t i = 0; i < rows; ++i) valid[i] = bit(0, i);
    return Validity::of(valid);
}

std::string detail::metadata_of(const ArrowSchema& schema, std::string_view key)
{
    if (!schema.metadata) return {};
    const char* at = schema.metadata;
    const auto number = [&] {
        std::int32_t value = 0;
        std::memcpy(&value, at, sizeof value);
        at += sizeof value;
        return value;
    };
    const auto text = [&] {
        const auto size = static_cast<std::size_t>(number());
        std::string out(at, size);
        at += size;
        return out;
    };
    for (std::int32_t entries = number(); entries > 0; --entries) {
        const std::string found = text();
        std::string value = text();
        if (found == key) return value;
    }
    return {};
}

Table import_arrow(ArrowSchema* schema, ArrowArray* array, const ArrowImport& options)
{
    if (!schema->release || !array->release)
        throw Error(ErrorKind::invalid_argument, {"The Arrow batch was released before it was read.", "Die Arrow-Daten wurden vor dem Lesen freigegeben."});
    const Released<ArrowSchema> schema_guard(schema);
    // The batch moves into an owner of ours; the last buffer that shows its memory releases it.
    auto* batch = new ArrowArray(*array);
    array->release = nullptr;
    const std::shared_ptr<const ArrowArray> owner(batch, [](ArrowArray* held) {
        if (held->release) held->release(held);
        delete held;
    });
    const ArrowView whole{schema, owner.get(), static_cast<std::size_t>(owner->offset), static_cast<std::size_t>(owner->length), owner};
    if (whole.format() != "+s" || !whole.validity().all_valid()) throw whole.unsupported();
    if (schema->n_children != owner->n_children)
        throw whole.bad("The Arrow batch and its schema have another number of columns.", "Arrow-Daten und Arrow-Schema haben verschiedene Spaltenzahlen.");
    Schema out;
    std::vector<Column> columns;
    std::optional<GeometryColumn> geometry;
    for (std::size_t i = 0; i < static_cast<std::size_t>(schema->n_children); ++i) {
        const ArrowView view = whole.field(i);
        if (static_cast<std::size_t>(view.array->length) + static_cast<std::size_t>(view.array->offset) < view.offset + view.rows)
            throw view.bad("Arrow column '{0}' has fewer rows than its batch.", "Die Arrow-Spalte '{0}' hat weniger Zeilen als ihr Stapel.");
        const bool wkb = !options.wkb_column.empty() && view.name() == options.wkb_column;
        if (wkb || detail::is_geoarrow(view)) {
            if (geometry)
                throw view.bad("'{0}' is a second geometry column; a table has at most one.",
                               "'{0}' ist eine zweite Geometriespalte; eine Tabelle hat höchstens eine.");
            geometry = wkb ? detail::import_wkb(view, options) : detail::import_geoarrow(view);
            std::string name = wkb && options.geometry ? options.geometry->name : view.name();
            const bool has_z = wkb && options.geometry ? options.geometry->has_z : geometry->has_z();
            out.geometry = GeometryField{std::move(name), geometry->kind(), geometry->crs(), has_z};
            continue;
        }
        columns.push_back(column_of(view));
        out.fields.push_back({view.name(), columns.back().type()});
    }
    return {std::move(out), std::move(columns), std::move(geometry)};
}

}  // namespace stadtgdi::table
