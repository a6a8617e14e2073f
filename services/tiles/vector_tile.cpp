// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/tiles/vector_tile.hpp>

#include <services/tiles/protobuf.hpp>

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace stadtgdi::tiles {

namespace {

// Numbers of the fields in the messages of the format.
namespace of_tile { constexpr std::uint32_t layers = 3; }
namespace of_layer { constexpr std::uint32_t name = 1, features = 2, keys = 3, values = 4, extent = 5, version = 15; }
namespace of_feature { constexpr std::uint32_t id = 1, tags = 2, type = 3, geometry = 4; }
namespace of_value { constexpr std::uint32_t text = 1, real = 3, unsigned_number = 5, signed_number = 6, boolean = 7; }

struct CutRow {
    std::int64_t row;
    TileShape shape;
};

struct CutLayer {
    const VectorLayer* of;
    std::vector<CutRow> rows;              // in the order of the layer
    std::vector<std::size_t> by_weight;    // places in `rows`, what shows most first
};

std::uint64_t scattered(std::uint64_t id)
{
    // splitmix64: the same choice of points in every tile.
    id += 0x9e3779b97f4a7c15ULL;
    id = (id ^ (id >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    id = (id ^ (id >> 27U)) * 0x94d049bb133111ebULL;
    return id ^ (id >> 31U);
}

CutLayer cut_layer(const VectorLayer& layer, const table::Box& tile, base::RunContext& run)
{
    CutLayer cut{&layer, {}, {}};
    for (const std::int64_t row : layer.near) {
        if (cut.rows.size() % 1024 == 0)
            run.throw_if_stopped();
        TileShape shape = tile_shape(*layer.geometry, static_cast<std::size_t>(row), tile, run);
        if (shape.type != TileShape::Type::none)
            cut.rows.push_back({row, std::move(shape)});
    }
    return cut;
}

/// Sorted only where some must go.
void sort_by_weight(CutLayer& cut)
{
    if (!cut.by_weight.empty())
        return;
    for (std::size_t i = 0; i < cut.rows.size(); ++i)
        cut.by_weight.push_back(i);
    const auto scatter = [&](std::size_t i) { return scattered(static_cast<std::uint64_t>(cut.of->rows->fids[static_cast<std::size_t>(cut.rows[i].row)])); };
    const bool points = cut.rows.front().shape.type == TileShape::Type::point;
    std::stable_sort(cut.by_weight.begin(), cut.by_weight.end(),
                     [&](std::size_t a, std::size_t b) { return points ? scatter(a) < scatter(b) : cut.rows[a].shape.size > cut.rows[b].shape.size; });
}

std::vector<std::uint32_t> commands_of(const TileShape& shape)
{
    constexpr std::uint32_t move_to = 1, line_to = 2, close_path = 7;
    std::vector<std::uint32_t> commands;
    TilePoint pen{0, 0};
    const auto go = [&](const TilePoint& to) {
        commands.push_back(static_cast<std::uint32_t>(ProtobufWriter::zigzag(to.x - pen.x)));
        commands.push_back(static_cast<std::uint32_t>(ProtobufWriter::zigzag(to.y - pen.y)));
        pen = to;
    };
    const auto begin = [&](std::uint32_t command, std::size_t count) { commands.push_back(static_cast<std::uint32_t>(count) << 3U | command); };
    for (const std::vector<TilePoint>& part : shape.parts) {
        if (shape.type == TileShape::Type::point) {
            begin(move_to, part.size());
            for (const TilePoint& p : part)
                go(p);
            continue;
        }
        begin(move_to, 1);
        go(part.front());
        begin(line_to, part.size() - 1);
        for (std::size_t i = 1; i < part.size(); ++i)
            go(part[i]);
        if (shape.type == TileShape::Type::polygon)
            begin(close_path, 1);
    }
    return commands;
}

/// The keys and values of a layer, each once.
class Dictionary {
public:
    std::uint32_t key(const std::string& name) { return place(m_keys, m_key_places, name); }
    std::uint32_t value(std::string encoded) { return place(m_values, m_value_places, std::move(encoded)); }

    void write(ProtobufWriter& layer) const
    {
        for (const std::string& key : m_keys)
            layer.bytes(of_layer::keys, key);
        for (const std::string& value : m_values)
            layer.bytes(of_layer::values, value);
    }

private:
    static std::uint32_t place(std::vector<std::string>& all, std::unordered_map<std::string, std::uint32_t>& places, std::string one)
    {
        const auto [found, is_new] = places.try_emplace(one, static_cast<std::uint32_t>(all.size()));
        if (is_new)
            all.push_back(std::move(one));
        return found->second;
    }

    std::vector<std::string> m_keys, m_values;
    std::unordered_map<std::string, std::uint32_t> m_key_places, m_value_places;
};

/// A Value message; empty where the format has no word for it.
std::string encoded_value(const table::Column& column, std::size_t row)
{
    std::string message;
    ProtobufWriter value(message);
    switch (column.type()) {
    case table::Type::boolean: value.number(of_value::boolean, column.bools()[row] != 0 ? 1 : 0); break;
    case table::Type::int64:
        if (const std::int64_t number = column.ints()[row]; number >= 0)
            value.number(of_value::unsigned_number, static_cast<std::uint64_t>(number));
        else
            value.number(of_value::signed_number, ProtobufWriter::zigzag(number));
        break;
    case table::Type::float64:
        if (std::isfinite(column.doubles()[row]))
            value.real(of_value::real, column.doubles()[row]);
        break;
    case table::Type::text: value.bytes(of_value::text, column.text(row)); break;
    case table::Type::date:
    case table::Type::datetime: value.bytes(of_value::text, column.as_text(row)); break;
    }
    return message;
}

struct ShownColumn {
    std::string name;
    const table::Column* column;
    std::vector<std::int64_t> value_of_code = {};  // of a dictionary; -1: not written yet
};

std::vector<ShownColumn> shown_columns(const VectorLayer& layer)
{
    std::vector<ShownColumn> columns;
    for (const project::PublishedField& field : layer.layer->fields)
        if (const table::Column* column = field.in_wfs ? layer.rows->table.find(field.name) : nullptr) {
            columns.push_back({field.name, column});
            if (column->is_dictionary())
                columns.back().value_of_code.assign(column->dictionary().size(), -1);
        }
    return columns;
}

void write_layer(ProtobufWriter& tile, const CutLayer& cut, const std::vector<std::uint8_t>& kept)
{
    std::string message;
    ProtobufWriter layer(message);
    layer.bytes(of_layer::name, cut.of->layer->name_of_features());
    layer.number(of_layer::version, 2);
    layer.number(of_layer::extent, tile_extent);
    Dictionary dictionary;
    std::vector<ShownColumn> columns = shown_columns(*cut.of);
    std::string feature_message;
    std::vector<std::uint32_t> tags;
    for (std::size_t i = 0; i < cut.rows.size(); ++i) {
        if (kept[i] == 0)
            continue;
        const auto row = static_cast<std::size_t>(cut.rows[i].row);
        tags.clear();
        for (ShownColumn& shown : columns) {
            if (!shown.column->valid(row))
                continue;
            std::int64_t* known = shown.value_of_code.empty() ? nullptr : &shown.value_of_code[static_cast<std::size_t>(shown.column->codes()[row])];
            if (known == nullptr || *known < 0) {
                std::string value = encoded_value(*shown.column, row);
                if (value.empty())
                    continue;
                const std::uint32_t place = dictionary.value(std::move(value));
                tags.push_back(dictionary.key(shown.name));
                tags.push_back(place);
                if (known != nullptr)
                    *known = place;
                continue;
            }
            tags.push_back(dictionary.key(shown.name));
            tags.push_back(static_cast<std::uint32_t>(*known));
        }
        feature_message.clear();
        ProtobufWriter feature(feature_message);
        if (const std::int64_t fid = cut.of->rows->fids[row]; fid >= 0)
            feature.number(of_feature::id, static_cast<std::uint64_t>(fid));
        if (!tags.empty())
            feature.packed(of_feature::tags, tags);
        feature.number(of_feature::type, static_cast<std::uint64_t>(cut.rows[i].shape.type));
        feature.packed(of_feature::geometry, commands_of(cut.rows[i].shape));
        layer.bytes(of_layer::features, feature_message);
    }
    dictionary.write(layer);
    tile.bytes(of_tile::layers, message);
}

std::string written(std::vector<CutLayer>& layers, std::size_t most, double share)
{
    std::string bytes;
    ProtobufWriter tile(bytes);
    for (CutLayer& cut : layers) {
        const auto part = static_cast<std::size_t>(std::ceil(share * static_cast<double>(cut.rows.size())));
        const std::size_t count = std::min({cut.rows.size(), most, part});
        std::vector<std::uint8_t> kept(cut.rows.size(), count == cut.rows.size() ? 1 : 0);
        if (count < cut.rows.size()) {
            sort_by_weight(cut);
            for (std::size_t i = 0; i < count; ++i)
                kept[cut.by_weight[i]] = 1;
        }
        write_layer(tile, cut, kept);
    }
    return bytes;
}

}  // namespace

std::string vector_tile(const std::vector<VectorLayer>& layers, const table::Box& tile, const VectorLimits& limits, base::RunContext& run)
{
    std::vector<CutLayer> cut;
    for (const VectorLayer& layer : layers)
        if (CutLayer one = cut_layer(layer, tile, run); !one.rows.empty())
            cut.push_back(std::move(one));
    const auto most = static_cast<std::size_t>(std::max<std::int64_t>(1, limits.features));
    double share = 1;
    for (int attempt = 0;; ++attempt) {
        run.throw_if_stopped();
        std::string bytes = written(cut, most, share);
        if (bytes.size() <= limits.bytes || attempt == 12)
            return bytes;
        std::size_t largest = 0;
        for (const CutLayer& one : cut)
            largest = std::max(largest, one.rows.size());
        // Of what was kept, so that the limit of features does not hide what a smaller share does.
        share = std::min(share, static_cast<double>(most) / static_cast<double>(largest)) * 0.9 * static_cast<double>(limits.bytes) / static_cast<double>(bytes.size());
    }
}

}  // namespace stadtgdi::tiles
