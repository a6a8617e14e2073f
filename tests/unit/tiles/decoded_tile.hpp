// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/tiles/tile_shapes.hpp>
#include <cstdint>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace stadtgdi::testing {

/// A vector tile read as the specification says, apart from the writer.
struct DecodedFeature {
    std::uint64_t id = 0;
    int type = 0;
    std::vector<std::uint32_t> commands;
    std::vector<std::vector<tiles::TilePoint>> parts;   // rings without the closing point
    std::map<std::string, std::string> tags;            // "text:Linde", "double:1.5", "uint:3", "sint:-3", "bool:1"
};
struct DecodedLayer {
    std::string name;
    std::uint64_t version = 0, extent = 0;
    std::vector<std::string> keys, values;
    std::vector<DecodedFeature> features;
};

namespace detail {

class Reader {
public:
    explicit Reader(std::string_view bytes) : m_bytes(bytes) {}
    bool done() const { return m_place == m_bytes.size(); }
    std::uint64_t varint()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0;; shift += 7) {
            const auto byte = static_cast<unsigned char>(m_bytes.at(m_place++));
            value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
            if (byte < 0x80U)
                return value;
        }
    }
    std::string_view bytes()
    {
        const std::uint64_t size = varint();
        if (size > m_bytes.size() - m_place)
            throw std::runtime_error("cut off");
        const std::string_view value = m_bytes.substr(m_place, size);
        m_place += size;
        return value;
    }
    double real()
    {
        double value = 0;
        std::memcpy(&value, m_bytes.substr(m_place, 8).data(), 8);
        m_place += 8;
        return value;
    }

private:
    std::string_view m_bytes;
    std::size_t m_place = 0;
};

inline std::int64_t unzigzag(std::uint64_t value) { return static_cast<std::int64_t>(value >> 1U) ^ -static_cast<std::int64_t>(value & 1U); }

inline std::string value_of(std::string_view message)
{
    Reader reader(message);
    switch (reader.varint()) {
    case 1 << 3 | 2: return "text:" + std::string(reader.bytes());
    case 3 << 3 | 1: return "double:" + table::number_text(reader.real());
    case 5 << 3: return "uint:" + std::to_string(reader.varint());
    case 6 << 3: return "sint:" + std::to_string(unzigzag(reader.varint()));
    case 7 << 3: return "bool:" + std::to_string(reader.varint());
    default: throw std::runtime_error("value of no type");
    }
}

inline void read_geometry(DecodedFeature& feature)
{
    tiles::TilePoint pen{0, 0};
    const auto& commands = feature.commands;
    for (std::size_t i = 0; i < commands.size();) {
        const std::uint32_t id = commands[i] & 7U, count = commands[i] >> 3U;
        ++i;
        if (id == 7)
            continue;
        for (std::uint32_t k = 0; k < count; ++k, i += 2) {
            pen.x += static_cast<std::int32_t>(unzigzag(commands.at(i)));
            pen.y += static_cast<std::int32_t>(unzigzag(commands.at(i + 1)));
            if (id == 1 && (feature.type != 1 || feature.parts.empty()))
                feature.parts.emplace_back();
            feature.parts.back().push_back(pen);
        }
    }
}

}  // namespace detail

inline std::vector<DecodedLayer> decoded(std::string_view bytes)
{
    std::vector<DecodedLayer> layers;
    for (detail::Reader tile(bytes); !tile.done();) {
        if (tile.varint() != (3U << 3U | 2U))
            throw std::runtime_error("no layer");
        DecodedLayer layer;
        std::vector<std::string_view> features;
        for (detail::Reader reader(tile.bytes()); !reader.done();)
            switch (reader.varint()) {
            case 1 << 3 | 2: layer.name = reader.bytes(); break;
            case 2 << 3 | 2: features.push_back(reader.bytes()); break;
            case 3 << 3 | 2: layer.keys.emplace_back(reader.bytes()); break;
            case 4 << 3 | 2: layer.values.push_back(detail::value_of(reader.bytes())); break;
            case 5 << 3: layer.extent = reader.varint(); break;
            case 15 << 3: layer.version = reader.varint(); break;
            default: throw std::runtime_error("field of a layer");
            }
        for (const std::string_view message : features) {
            DecodedFeature feature;
            for (detail::Reader reader(message); !reader.done();)
                switch (reader.varint()) {
                case 1 << 3: feature.id = reader.varint(); break;
                case 2 << 3 | 2:
                    for (detail::Reader tags(reader.bytes()); !tags.done();) {
                        const std::string key = layer.keys.at(tags.varint());
                        feature.tags[key] = layer.values.at(tags.varint());
                    }
                    break;
                case 3 << 3: feature.type = static_cast<int>(reader.varint()); break;
                case 4 << 3 | 2:
                    for (detail::Reader numbers(reader.bytes()); !numbers.done();)
                        feature.commands.push_back(static_cast<std::uint32_t>(numbers.varint()));
                    break;
                default: throw std::runtime_error("field of a feature");
                }
            detail::read_geometry(feature);
            layer.features.push_back(std::move(feature));
        }
        layers.push_back(std::move(layer));
    }
    return layers;
}

}  // namespace stadtgdi::testing
