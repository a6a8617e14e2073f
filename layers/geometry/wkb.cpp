// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/wkb.hpp>
#include <bit>
#include <cstring>
#include <limits>

namespace stadtgdi::geometry {

using table::GeometryColumn;
using table::GeometryKind;

namespace {

std::uint32_t type_of(GeometryKind kind)
{
    switch (kind) {
        case GeometryKind::point: return 1;
        case GeometryKind::line: return 2;
        case GeometryKind::polygon: return 3;
        case GeometryKind::multi_point: return 4;
        case GeometryKind::multi_line: return 5;
        case GeometryKind::multi_polygon: return 6;
    }
    return 0;
}

class Writer {
public:
    Writer(const GeometryColumn& geometry, std::vector<std::uint8_t>& out) : m_geometry(geometry), m_out(out) {}

    void header(GeometryKind kind)
    {
        m_out.push_back(1);  // little endian
        number(type_of(kind) + (m_geometry.has_z() ? 1000U : 0U));
    }
    void count(std::size_t n) { number(static_cast<std::uint32_t>(n)); }
    void coordinates(std::size_t first, std::size_t last)
    {
        for (std::size_t i = first; i < last; ++i) {
            number(m_geometry.x()[i]);
            number(m_geometry.y()[i]);
            if (m_geometry.has_z()) number(m_geometry.z()[i]);
        }
    }
    void counted(std::int32_t first, std::int32_t last)
    {
        count(static_cast<std::size_t>(last - first));
        coordinates(static_cast<std::size_t>(first), static_cast<std::size_t>(last));
    }
    void polygon(std::size_t first_ring, std::size_t last_ring)
    {
        const auto offsets = m_geometry.ring_offsets();
        header(GeometryKind::polygon);
        count(last_ring - first_ring);
        for (std::size_t ring = first_ring; ring < last_ring; ++ring) counted(offsets[ring], offsets[ring + 1]);
    }

private:
    template <class T> void number(T value)
    {
        std::uint8_t bytes[sizeof(T)];
        std::memcpy(bytes, &value, sizeof(T));
        if constexpr (std::endian::native == std::endian::big)
            for (std::size_t i = 0; i < sizeof(T) / 2; ++i) std::swap(bytes[i], bytes[sizeof(T) - 1 - i]);
        m_out.insert(m_out.end(), bytes, bytes + sizeof(T));
    }

    const GeometryColumn& m_geometry;
    std::vector<std::uint8_t>& m_out;
};

}  // namespace

void append_wkb(const GeometryColumn& geometry, std::size_t row, std::vector<std::uint8_t>& out)
{
    if (!geometry.valid(row)) return;
    Writer writer(geometry, out);
    const auto [first, last] = geometry.coordinates(row);
    switch (geometry.kind()) {
        case GeometryKind::point:
            writer.header(GeometryKind::point);
            writer.coordinates(row, row + 1);  // NaN is WKB's empty point
            break;
        case GeometryKind::line:
            writer.header(GeometryKind::line);
            writer.count(last - first);
            writer.coordinates(first, last);
            break;
        case GeometryKind::polygon: {
            const auto [ring, end] = geometry.rings(row);
            writer.polygon(ring, end);
            break;
        }
        case GeometryKind::multi_point:
            writer.header(GeometryKind::multi_point);
            writer.count(last - first);
            for (std::size_t i = first; i < last; ++i) {
                writer.header(GeometryKind::point);
                writer.coordinates(i, i + 1);
            }
            break;
        case GeometryKind::multi_line: {
            const auto [line, end] = geometry.rings(row);
            writer.header(GeometryKind::multi_line);
            writer.count(end - line);
            for (std::size_t i = line; i < end; ++i) {
                writer.header(GeometryKind::line);
                writer.counted(geometry.ring_offsets()[i], geometry.ring_offsets()[i + 1]);
            }
            break;
        }
        case GeometryKind::multi_polygon: {
            const auto parts = geometry.level(0), rings = geometry.level(1);
            writer.header(GeometryKind::multi_polygon);
            writer.count(geometry.part_count(row));
            for (auto part = static_cast<std::size_t>(parts[row]); part < static_cast<std::size_t>(parts[row + 1]); ++part)
                writer.polygon(static_cast<std::size_t>(rings[part]), static_cast<std::size_t>(rings[part + 1]));
            break;
        }
    }
}

}  // namespace stadtgdi::geometry
