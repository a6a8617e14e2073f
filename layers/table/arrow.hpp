// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/table.hpp>

// The Arrow C data and stream interfaces (Apache Arrow specification): the structs are the ABI itself.
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
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
/// float32, utf8, date64, other time units). `wkb_column` names a binary column of WKB to be read as `geometry`
/// (GDAL's way); GeoArrow columns are recognised by themselves. Releases both structs. Unknown types: Error(unsupported).
struct ArrowImport {
    std::string wkb_column;
    std::optional<GeometryField> geometry;  ///< kind and crs of the WKB; single kinds in a multi column are widened
};
Table import_arrow(ArrowSchema* schema, ArrowArray* array, const ArrowImport& options = {});

/// Reads little or big endian (E)WKB into the builder's row; widens single to multi. False where the kinds do not fit
/// or the bytes are damaged: nothing is added then.
bool add_wkb(GeometryBuilder& builder, GeometryKind kind, std::span<const std::uint8_t> wkb);

}  // namespace stadtgdi::table
