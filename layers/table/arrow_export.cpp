// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/table/arrow.hpp>
#include <cerrno>
#include <cstring>

namespace stadtgdi::table {

namespace {

/// What an exported schema points to; freed by its release callback.
struct SchemaHold {
    std::string format, name, metadata;
    std::vector<ArrowSchema> children;
    std::vector<ArrowSchema*> child_pointers;
    std::unique_ptr<ArrowSchema> dictionary;
};

/// What an exported array points to, with a share in every buffer.
struct ArrayHold {
    std::vector<const void*> buffers;
    std::vector<std::shared_ptr<const void>> owners;
    std::vector<ArrowArray> children;
    std::vector<ArrowArray*> child_pointers;
    std::unique_ptr<ArrowArray> dictionary;
};

template <class Struct, class Hold> void release(Struct* self)
{
    if (!self || !self->release) return;
    auto* hold = static_cast<Hold*>(self->private_data);
    for (auto* child : hold->child_pointers)
        if (child->release) child->release(child);  // a consumer may have moved a child away
    if (hold->dictionary && hold->dictionary->release) hold->dictionary->release(hold->dictionary.get());
    delete hold;
    self->release = nullptr;
}

extern "C" {
static void release_schema(ArrowSchema* schema) { release<ArrowSchema, SchemaHold>(schema); }
static void release_array(ArrowArray* array) { release<ArrowArray, ArrayHold>(array); }
}

/// Owns the struct until it is handed over, so that an exception leaks nothing.
template <class Struct> struct Owned : Struct {
    Owned() : Struct{} {}
    Owned(Owned&& other) noexcept : Struct(other) { other.release = nullptr; }
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    ~Owned()
    {
        if (this->release) this->release(this);
    }
    void move_to(Struct* out)
    {
        *out = *this;
        this->release = nullptr;
    }
};
using OwnedSchema = Owned<ArrowSchema>;
using OwnedArray = Owned<ArrowArray>;

constexpr std::int64_t nullable = ARROW_FLAG_NULLABLE;

OwnedSchema schema_of(std::string format, std::string name, std::vector<OwnedSchema> children = {}, std::string metadata = {}, std::int64_t flags = nullable)
{
    auto hold = std::make_unique<SchemaHold>();
    hold->format = std::move(format);
    hold->name = std::move(name);
    hold->metadata = std::move(metadata);
    hold->children.resize(children.size());
    hold->child_pointers.reserve(children.size());
    for (ArrowSchema& child : hold->children) hold->child_pointers.push_back(&child);
    for (std::size_t i = 0; i < children.size(); ++i) children[i].move_to(&hold->children[i]);
    OwnedSchema out;
    out.format = hold->format.c_str();
    out.name = hold->name.c_str();
    out.metadata = hold->metadata.empty() ? nullptr : hold->metadata.data();
    out.flags = flags;
    out.n_children = static_cast<std::int64_t>(hold->children.size());
    out.children = hold->child_pointers.empty() ? nullptr : hold->child_pointers.data();
    out.release = release_schema;
    out.private_data = hold.release();
    return out;
}

/// Buffers in Arrow's order, validity first; children and dictionary are added by the caller.
class ArrayMaker {
public:
    ArrayMaker(std::size_t length, const Validity& validity) : m_hold(std::make_unique<ArrayHold>()), m_length(length), m_nulls(validity.null_count())
    {
        if (validity.all_valid())
            m_hold->buffers.push_back(nullptr);
        else
            buffer(validity.bits().data(), validity.bits().owner());
    }
    ArrayMaker& buffer(const void* data, std::shared_ptr<const void> owner)
    {
        static const std::int64_t nothing = 0;  // some consumers refuse null even for no values
        m_hold->buffers.push_back(data ? data : &nothing);
        if (owner) m_hold->owners.push_back(std::move(owner));
        return *this;
    }
    ArrayMaker& children(std::vector<OwnedArray> children)
    {
        m_hold->children.resize(children.size());
        m_hold->child_pointers.reserve(children.size());
        for (ArrowArray& child : m_hold->children) m_hold->child_pointers.push_back(&child);
        for (std::size_t i = 0; i < children.size(); ++i) children[i].move_to(&m_hold->children[i]);
        return *this;
    }
    ArrayMaker& dictionary(OwnedArray dictionary)
    {
        m_hold->dictionary = std::make_unique<ArrowArray>();
        dictionary.move_to(m_hold->dictionary.get());
        return *this;
    }
    OwnedArray finish()
    {
        OwnedArray out;
        out.length = static_cast<std::int64_t>(m_length);
        out.null_count = static_cast<std::int64_t>(m_nulls);
        out.n_buffers = static_cast<std::int64_t>(m_hold->buffers.size());
        out.buffers = m_hold->buffers.data();
        out.n_children = static_cast<std::int64_t>(m_hold->children.size());
        out.children = m_hold->child_pointers.empty() ? nullptr : m_hold->child_pointers.data();
        out.dictionary = m_hold->dictionary.get();
        out.release = release_array;
        out.private_data = m_hold.release();
        return out;
    }

private:
    std::unique_ptr<ArrayHold> m_hold;
    std::size_t m_length, m_nulls;
};

std::string metadata_of(const std::vector<std::pair<std::string, std::string>>& entries)
{
    std::string out;
    const auto number = [&](std::size_t value) {
        const auto small = static_cast<std::int32_t>(value);
        char bytes[sizeof small];
        std::memcpy(bytes, &small, sizeof small);
        out.append(bytes, sizeof small);
    };
    number(entries.size());
    for (const auto& [key, value] : entries) {
        number(key.size());
        out += key;
        number(value.size());
        out += value;
    }
    return out;
}

OwnedSchema schema_of(const Field& field, const Column& column)
{
    switch (field.type) {
        case Type::boolean: return schema_of("b", field.name);
        case Type::int64: return schema_of("l", field.name);
        case Type::float64: return schema_of("g", field.name);
        case Type::date: return schema_of("tdD", field.name);
        case Type::datetime: return schema_of("tsu:UTC", field.name);
        case Type::text: break;
    }
    if (!column.is_dictionary()) return schema_of("U", field.name);
    OwnedSchema out = schema_of("i", field.name);
    OwnedSchema values = schema_of("U", "", {}, {}, 0);
    auto* hold = static_cast<SchemaHold*>(out.private_data);
    hold->dictionary = std::make_unique<ArrowSchema>();
    values.move_to(hold->dictionary.get());
    out.dictionary = hold->dictionary.get();
    return out;
}

OwnedArray array_of(const Column& column)
{
    ArrayMaker maker(column.size(), column.validity());
    switch (column.type()) {
        case Type::boolean: {
            auto bits = std::make_shared<std::vector<std::uint8_t>>((column.size() + 7) / 8, std::uint8_t{0});
            const auto values = column.bools();
            for (std::size_t i = 0; i < values.size(); ++i)
                (*bits)[i >> 3] = static_cast<std::uint8_t>((*bits)[i >> 3] | (values[i] != 0 ? 1U : 0U) << (i & 7));
            const void* data = bits->data();
            return maker.buffer(data, std::move(bits)).finish();
        }
        case Type::int64: return maker.buffer(column.ints().data(), column.owner()).finish();
        case Type::float64: return maker.buffer(column.doubles().data(), column.owner()).finish();
        case Type::date: return maker.buffer(column.dates().data(), column.owner()).finish();
        case Type::datetime: return maker.buffer(column.datetimes().data(), column.owner()).finish();
        case Type::text: break;
    }
    if (column.is_dictionary()) return maker.buffer(column.codes().data(), column.owner()).dictionary(array_of(column.dictionary())).finish();
    return maker.buffer(column.text_offsets().data(), column.offsets_owner()).buffer(column.text_chars().data(), column.owner()).finish();
}

std::string_view extension_of(GeometryKind kind)
{
    switch (kind) {
        case GeometryKind::point: return "geoarrow.point";
        case GeometryKind::line: return "geoarrow.linestring";
        case GeometryKind::polygon: return "geoarrow.polygon";
        case GeometryKind::multi_point: return "geoarrow.multipoint";
        case GeometryKind::multi_line: return "geoarrow.multilinestring";
        case GeometryKind::multi_polygon: return "geoarrow.multipolygon";
    }
    return "";
}

/// Names of the lists' items, from the row inwards, as GeoArrow writes them.
std::vector<std::string> item_names(GeometryKind kind)
{
    switch (kind) {
        case GeometryKind::point: return {};
        case GeometryKind::line: return {"vertices"};
        case GeometryKind::multi_point: return {"points"};
        case GeometryKind::polygon: return {"rings", "vertices"};
        case GeometryKind::multi_line: return {"linestrings", "vertices"};
        case GeometryKind::multi_polygon: return {"polygons", "rings", "vertices"};
    }
    return {};
}

template <class T> std::vector<T> one(T value)
{
    std::vector<T> out;
    out.push_back(std::move(value));
    return out;
}

OwnedSchema schema_of(const GeometryField& field, const GeometryColumn& geometry)
{
    const std::string crs = field.crs.empty() ? "{}" : "{\"crs\": \"" + field.crs + "\"}";
    const std::string metadata = metadata_of({{"ARROW:extension:name", std::string(extension_of(field.kind))}, {"ARROW:extension:metadata", crs}});
    const std::vector<std::string> names = item_names(field.kind);
    std::vector<OwnedSchema> axes;
    axes.push_back(schema_of("g", "x", {}, {}, 0));
    axes.push_back(schema_of("g", "y", {}, {}, 0));
    if (geometry.has_z()) axes.push_back(schema_of("g", "z", {}, {}, 0));
    if (names.empty()) return schema_of("+s", field.name, std::move(axes), metadata);
    OwnedSchema inner = schema_of("+s", names.back(), std::move(axes), {}, 0);
    std::vector<OwnedSchema> items = one(std::move(inner));
    for (std::size_t depth = names.size() - 1; depth > 0; --depth) items = one(schema_of("+l", names[depth - 1], std::move(items), {}, 0));
    return schema_of("+l", field.name, std::move(items), metadata);
}

OwnedArray array_of(const GeometryColumn& geometry)
{
    const auto axis = [](const Buffer<double>& values) { return ArrayMaker(values.size(), {}).buffer(values.data(), values.owner()).finish(); };
    std::vector<OwnedArray> axes;
    axes.push_back(axis(geometry.x_buffer()));
    axes.push_back(axis(geometry.y_buffer()));
    if (geometry.has_z()) axes.push_back(axis(geometry.z_buffer()));
    const auto& levels = geometry.levels();
    std::vector<OwnedArray> inner = one(ArrayMaker(geometry.x().size(), levels.empty() ? geometry.validity() : Validity()).children(std::move(axes)).finish());
    for (std::size_t depth = levels.size(); depth > 0; --depth) {
        const Buffer<std::int32_t>& level = levels[depth - 1];
        ArrayMaker list(level.size() - 1, depth == 1 ? geometry.validity() : Validity());
        list.buffer(level.data(), level.owner()).children(std::move(inner));
        inner = one(list.finish());
    }
    return std::move(inner.front());
}

OwnedSchema schema_of(const Table& table)
{
    std::vector<OwnedSchema> children;
    for (std::size_t i = 0; i < table.columns().size(); ++i) children.push_back(schema_of(table.schema().fields[i], table.column(i)));
    if (table.has_geometry()) children.push_back(schema_of(*table.schema().geometry, table.geometry()));
    return schema_of("+s", "", std::move(children), {}, 0);
}

OwnedArray array_of(const Table& table)
{
    std::vector<OwnedArray> children;
    for (const Column& column : table.columns()) children.push_back(array_of(column));
    if (table.has_geometry()) children.push_back(array_of(table.geometry()));
    return ArrayMaker(table.rows(), {}).children(std::move(children)).finish();
}

struct StreamHold {
    Table table;
    bool done = false;
    std::string error;
};

/// C callers get an error code, never an exception.
template <class Work> int guarded(ArrowArrayStream* stream, const Work& work)
{
    auto* hold = static_cast<StreamHold*>(stream->private_data);
    try {
        work(*hold);
        return 0;
    } catch (const std::bad_alloc&) {
        return ENOMEM;
    } catch (const std::exception& error) {
        hold->error = error.what();
        return EIO;
    }
}

extern "C" {
static int stream_schema(ArrowArrayStream* stream, ArrowSchema* out)
{
    return guarded(stream, [&](StreamHold& hold) { schema_of(hold.table).move_to(out); });
}
static int stream_next(ArrowArrayStream* stream, ArrowArray* out)
{
    return guarded(stream, [&](StreamHold& hold) {
        if (hold.done)
            *out = ArrowArray{};  // released: the end of the stream
        else
            array_of(hold.table).move_to(out);
        hold.done = true;
    });
}
static const char* stream_error(ArrowArrayStream* stream) { return static_cast<StreamHold*>(stream->private_data)->error.c_str(); }
static void release_stream(ArrowArrayStream* stream)
{
    if (!stream || !stream->release) return;
    delete static_cast<StreamHold*>(stream->private_data);
    stream->release = nullptr;
}
}

}  // namespace

void export_arrow(const Table& table, ArrowSchema* schema, ArrowArray* array)
{
    OwnedSchema made_schema = schema_of(table);
    OwnedArray made_array = array_of(table);
    made_schema.move_to(schema);
    made_array.move_to(array);
}

void export_arrow_stream(const Table& table, ArrowArrayStream* stream)
{
    auto hold = std::make_unique<StreamHold>(StreamHold{table, false, {}});
    *stream = ArrowArrayStream{stream_schema, stream_next, stream_error, release_stream, hold.release()};
}

}  // namespace stadtgdi::table
