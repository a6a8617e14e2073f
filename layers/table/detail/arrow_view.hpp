// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/error.hpp>
#include <layers/table/arrow.hpp>
#include <cstring>

namespace stadtgdi::table::detail {

/// One Arrow array with its schema, the rows that count and the owner that keeps its memory alive.
struct ArrowView {
    const ArrowSchema* schema;
    const ArrowArray* array;
    std::size_t offset;  ///< first row, with the offsets of the structs around it
    std::size_t rows;
    std::shared_ptr<const void> owner;  ///< shared by all columns of the batch

    std::string_view format() const { return schema->format ? schema->format : ""; }
    std::string name() const { return schema->name ? schema->name : ""; }

    /// A child of a struct: its rows are those of the struct.
    ArrowView field(std::size_t i) const
    {
        const ArrowArray* child = array->children[i];
        return {schema->children[i], child, offset + static_cast<std::size_t>(child->offset), rows, owner};
    }
    /// The items of a list: all the child has.
    ArrowView items() const
    {
        const ArrowArray* child = array->children[0];
        return {schema->children[0], child, static_cast<std::size_t>(child->offset), static_cast<std::size_t>(child->length), owner};
    }

    template <class T> T read(int buffer, std::size_t row) const
    {
        T value;
        std::memcpy(&value, static_cast<const char*>(array->buffers[buffer]) + (offset + row) * sizeof(T), sizeof(T));
        return value;
    }
    bool bit(int buffer, std::size_t row) const
    {
        const auto* bits = static_cast<const std::uint8_t*>(array->buffers[buffer]);
        return (bits[(offset + row) >> 3] >> ((offset + row) & 7) & 1) != 0;
    }
    /// Shared where the memory is aligned, copied else.
    template <class T> Buffer<T> shared(int buffer, std::size_t count) const
    {
        if (count == 0) return {};
        const char* data = static_cast<const char*>(array->buffers[buffer]);
        if (!data) throw bad("A buffer is missing in Arrow column '{0}'.", "In der Arrow-Spalte '{0}' fehlt ein Puffer.");
        data += offset * sizeof(T);
        if (reinterpret_cast<std::uintptr_t>(data) % alignof(T) == 0) return {std::span(reinterpret_cast<const T*>(data), count), owner};
        std::vector<T> copy(count);
        std::memcpy(copy.data(), data, count * sizeof(T));
        return copy;
    }
    Validity validity() const;

    Error bad(const char* en, const char* de) const { return {ErrorKind::bad_data, base::filled({en, de}, name(), format())}; }
    Error unsupported() const
    {
        return {ErrorKind::unsupported, base::filled({"Arrow column '{0}' has type '{1}', which a table cannot hold.",
                                                      "Die Arrow-Spalte '{0}' hat den Typ '{1}', den eine Tabelle nicht aufnehmen kann."},
                                                     name(), format())};
    }
};

std::string metadata_of(const ArrowSchema& schema, std::string_view key);

bool is_geoarrow(const ArrowView& view);
GeometryColumn import_geoarrow(const ArrowView& view);
GeometryColumn import_wkb(const ArrowView& view, const ArrowImport& options);

}  // namespace stadtgdi::table::detail
