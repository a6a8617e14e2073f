// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/table.hpp>
#include <cstdint>

// The Arrow C data and stream interfaces (Apache Arrow specification): the structs are the ABI itself.
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4
extern "C" {
struct ArrowSchema {
    const char* format;
    const char* name;
    const char* metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema** children;
    struct ArrowSchema* dictionary;
    void (*release)(struct ArrowSchema*);
    void* private_data;
};
struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void** buffers;
    struct ArrowArray** children;
    struct ArrowArray* dictionary;
    void (*release)(struct ArrowArray*);
    void* private_data;
};
}
#endif
#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE
extern "C" {
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
    int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
    const char* (*get_last_error)(struct ArrowArrayStream*);
    void (*release)(struct ArrowArrayStream*);
    void* private_data;
};
}
#endif

namespace stadtgdi::table {

/// The table as one struct batch. Values are shared, not copied, but booleans (bits in Arrow). Geometry is a
/// GeoArrow column (separated coordinates, extension metadata with the CRS).
void export_arrow(const Table& table, ArrowSchema* schema, ArrowArray* array);
/// The same as a stream of one batch.
void export_arrow_stream(const Table& table, ArrowArrayStream* stream);

/// Takes over a struct batch; values are shared where the layouts are equal, converted else (smaller integers,
/// float32, utf8, date64, other time units; times of day become text). `wkb_column` names a binary column of WKB to be read as `geometry`
/// (GDAL's way); GeoArrow columns are recognised by themselves. Releases both structs. Unknown types: Error(unsupported).
struct ArrowImport {
    std::string wkb_column;
    std::optional<GeometryField> geometry;  ///< kind and crs of the WKB; single kinds in a multi column are widened;
                                            ///< without it the kind is that of the rows (multi where one row is)
    std::vector<std::int64_t>* damaged = nullptr;  ///< gets the rows whose WKB is damaged or of another kind (null then);
                                                   ///< without it such a row is Error(bad_data)
};
Table import_arrow(ArrowSchema* schema, ArrowArray* array, const ArrowImport& options = {});

/// Reads little or big endian (E)WKB into the builder's row; widens single to multi. False where the kinds do not fit
/// or the bytes are damaged: nothing is added then.
bool add_wkb(GeometryBuilder& builder, GeometryKind kind, std::span<const std::uint8_t> wkb);

/// The kind a WKB says it is, and whether it has a z; false where it is none of ours.
bool kind_of_wkb(std::span<const std::uint8_t> wkb, GeometryKind& kind, bool& has_z);

}  // namespace stadtgdi::table
