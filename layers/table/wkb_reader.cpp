// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/table/arrow.hpp>
#include <bit>
#include <cstring>
#include <limits>

namespace stadtgdi::table {

namespace {

constexpr double no_height = std::numeric_limits<double>::quiet_NaN();

struct Header {
    GeometryKind kind;
    bool has_z, has_m, swapped;
};

/// Walks through a WKB twice: first to check it, then to add it, so that a damaged one leaves no trace.
class Reader {
public:
    Reader(std::span<const std::uint8_t> bytes, GeometryBuilder* builder) : m_bytes(bytes), m_builder(builder) {}

    bool header(Header& out)
    {
        if (m_at + 5 > m_bytes.size() || m_bytes[m_at] > 1) return false;
        out.swapped = (m_bytes[m_at] == 1) != (std::endian::native == std::endian::little);
        ++m_at;
        std::uint32_t type = 0;
        if (!number(type, out.swapped)) return false;
        const bool srid = (type & 0x20000000U) != 0;
        out.has_z = (type & 0x80000000U) != 0;  // EWKB: flags; ISO: thousands
        out.has_m = (type & 0x40000000U) != 0;
        type &= 0x1fffffffU;
        if (type / 1000 == 1 || type / 1000 == 3) out.has_z = true;
        if (type / 1000 == 2 || type / 1000 == 3) out.has_m = true;
        if (type / 1000 > 3) return false;
        switch (type % 1000) {
            case 1: out.kind = GeometryKind::point; break;
            case 2: out.kind = GeometryKind::line; break;
            case 3: out.kind = GeometryKind::polygon; break;
            case 4: out.kind = GeometryKind::multi_point; break;
            case 5: out.kind = GeometryKind::multi_line; break;
            case 6: out.kind = GeometryKind::multi_polygon; break;
            default: return false;
        }
        std::uint32_t ignored = 0;
        return !srid || number(ignored, out.swapped);
    }

    /// `kind` is that of the column.
    bool geometry(GeometryKind kind)
    {
        Header top{};
        if (!header(top) || (top.kind != kind && top.kind != single_of(kind))) return false;
        if (m_builder) m_builder->begin_row();
        if (!is_multi(top.kind)) return single(top, kind);
        std::uint32_t parts = 0;
        if (!number(parts, top.swapped)) return false;
        for (std::uint32_t i = 0; i < parts; ++i) {
            Header part{};
            if (!header(part) || part.kind != single_of(kind) || !single(part, kind)) return false;
        }
        return true;
    }

private:
    bool single(const Header& header, GeometryKind column)
    {
        if (header.kind == GeometryKind::point) return point(header, column);
        std::uint32_t count = 0;
        if (header.kind == GeometryKind::line) {
            if (!number(count, header.swapped)) return false;
            if (m_builder && column == GeometryKind::multi_line && count > 0) m_builder->begin_ring();
            return coordinates(header, count, false);
        }
        if (!number(count, header.swapped)) return false;
        if (m_builder && column == GeometryKind::multi_polygon && count > 0) m_builder->begin_part();
        for (std::uint32_t ring = 0; ring < count; ++ring) {
            std::uint32_t points = 0;
            if (!number(points, header.swapped)) return false;
            if (m_builder) m_builder->begin_ring();
            if (!coordinates(header, points, true)) return false;
        }
        return true;
    }

    bool point(const Header& header, GeometryKind column)
    {
        double x = 0, y = 0, z = no_height;
        if (!coordinate(header, x, y, z)) return false;
        const bool empty = x != x && y != y;  // NaN: WKB's way to write an empty point
        if (m_builder && !(empty && is_multi(column))) m_builder->add(x, y, z);
        return true;
    }

    bool coordinates(const Header& header, std::uint32_t count, bool close)
    {
        const std::size_t size = 8U * (2U + (header.has_z ? 1U : 0U) + (header.has_m ? 1U : 0U));
        if (count > (m_bytes.size() - m_at) / size) return false;
        if (!m_builder) {
            m_at += count * size;
            return true;
        }
        double x = 0, y = 0, z = no_height, x0 = 0, y0 = 0, z0 = no_height;
        for (std::uint32_t i = 0; i < count; ++i) {
            coordinate(header, x, y, z);
            if (i == 0) x0 = x, y0 = y, z0 = z;
            m_builder->add(x, y, z);
        }
        const auto same = [](double a, double b) { return a == b || (a != a && b != b); };  // a NaN closes a ring that begins with one
        if (close && count > 0 && !(same(x, x0) && same(y, y0))) m_builder->add(x0, y0, z0);  // rings of ours are closed
        return true;
    }

    bool coordinate(const Header& header, double& x, double& y, double& z)
    {
        double m = 0;
        return number(x, header.swapped) && number(y, header.swapped) && (!header.has_z || number(z, header.swapped))
               && (!header.has_m || number(m, header.swapped));
    }

    template <class T> bool number(T& out, bool swapped)
    {
        if (sizeof(T) > m_bytes.size() - m_at) return false;
        unsigned char bytes[sizeof(T)];
        std::memcpy(bytes, m_bytes.data() + m_at, sizeof(T));
        if (swapped)
            for (std::size_t i = 0; i < sizeof(T) / 2; ++i) std::swap(bytes[i], bytes[sizeof(T) - 1 - i]);
        std::memcpy(&out, bytes, sizeof(T));
        m_at += sizeof(T);
        return true;
    }

    std::span<const std::uint8_t> m_bytes;
    GeometryBuilder* m_builder;
    std::size_t m_at = 0;
};

}  // namespace

bool add_wkb(GeometryBuilder& builder, GeometryKind kind, std::span<const std::uint8_t> wkb)
{
    if (!Reader(wkb, nullptr).geometry(kind)) return false;
    return Reader(wkb, &builder).geometry(kind);
}

bool kind_of_wkb(std::span<const std::uint8_t> wkb, GeometryKind& kind, bool& has_z)
{
    Header header{};
    if (!Reader(wkb, nullptr).header(header)) return false;
    kind = header.kind;
    has_z = header.has_z;
    return true;
}

}  // namespace stadtgdi::table
