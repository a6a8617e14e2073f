// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/wkt.hpp>
#include <charconv>
#include <cmath>
#include <limits>

namespace stadtgdi::geometry {

using table::GeometryBuilder;
using table::GeometryKind;

namespace {

bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// Reads into plain vectors first, so that a damaged text adds nothing.
class Reader {
public:
    explicit Reader(std::string_view text) : m_text(text) {}

    struct Point {
        double x, y, z;
    };
    using Line = std::vector<Point>;
    using Polygon = std::vector<Line>;
    GeometryKind kind = GeometryKind::point;
    std::vector<Polygon> parts;  // of points and lines each part has one line

    /// The word before the coordinates and an SRID before it.
    bool head()
    {
        if (word_is("SRID")) {
            word();
            const auto end = m_text.find(';');
            if (end == std::string_view::npos) return false;
            m_text.remove_prefix(end + 1);
        }
        std::string name = word();
        if (name.ends_with("ZM") && !kind_of(name)) name.resize(name.size() - 2), m_has_m = true;
        else if (name.ends_with("Z") && !kind_of(name)) name.resize(name.size() - 1);
        else if (name.ends_with("M") && !kind_of(name)) name.resize(name.size() - 1), m_has_m = true;
        if (!kind_of(name)) return false;
        if (word_is("Z") || word_is("M") || word_is("ZM")) m_has_m = word() != "Z";
        return true;
    }

    bool body()
    {
        if (word_is("EMPTY")) {
            word();
            return at_end();
        }
        bool good = false;
        switch (kind) {
            case GeometryKind::point:
            case GeometryKind::line: {
                Line line;
                good = points(line) && (kind == GeometryKind::line || line.size() == 1);
                parts.push_back({std::move(line)});
                break;
            }
            case GeometryKind::polygon: {
                Polygon polygon;
                good = rings(polygon);
                if (!polygon.empty()) parts.push_back(std::move(polygon));
                break;
            }
            case GeometryKind::multi_point: good = list([&] { return member_point(); }); break;
            case GeometryKind::multi_line:
                good = list([&] {
                    Line line;
                    if (skip_empty()) return true;
                    if (!points(line)) return false;
                    parts.push_back({std::move(line)});
                    return true;
                });
                break;
            case GeometryKind::multi_polygon:
                good = list([&] {
                    Polygon polygon;
                    if (skip_empty()) return true;
                    if (!rings(polygon)) return false;
                    if (!polygon.empty()) parts.push_back(std::move(polygon));
                    return true;
                });
                break;
        }
        return good && at_end();
    }

private:
    bool kind_of(std::string_view name)
    {
        constexpr std::pair<std::string_view, GeometryKind> names[] = {
            {"POINT", GeometryKind::point},           {"LINESTRING", GeometryKind::line},            {"POLYGON", GeometryKind::polygon},
            {"MULTIPOINT", GeometryKind::multi_point}, {"MULTILINESTRING", GeometryKind::multi_line}, {"MULTIPOLYGON", GeometryKind::multi_polygon}};
        for (const auto& [word, value] : names) {
            if (name != word) continue;
            kind = value;
            return true;
        }
        return false;
    }

    void skip_blanks()
    {
        const auto at = m_text.find_first_not_of(" \t\r\n");
        m_text.remove_prefix(at == std::string_view::npos ? m_text.size() : at);
    }
    bool at_end()
    {
        skip_blanks();
        return m_text.empty();
    }
    std::string peeked_word()
    {
        skip_blanks();
        std::string out;
        for (std::size_t i = 0; i < m_text.size() && is_letter(m_text[i]); ++i) out += static_cast<char>(m_text[i] & ~0x20);
        return out;
    }
    bool word_is(std::string_view expected) { return peeked_word() == expected; }
    std::string word()
    {
        std::string out = peeked_word();
        m_text.remove_prefix(out.size());
        return out;
    }
    bool skip_empty()
    {
        if (!word_is("EMPTY")) return false;
        word();
        return true;
    }
    bool take(char c)
    {
        skip_blanks();
        if (m_text.empty() || m_text.front() != c) return false;
        m_text.remove_prefix(1);
        return true;
    }
    template <class Member> bool list(const Member& member)
    {
        if (!take('(')) return false;
        do {
            if (!member()) return false;
        } while (take(','));
        return take(')');
    }
    bool number(double& out, bool may_be_nan = false)
    {
        skip_blanks();
        if (!m_text.empty() && m_text.front() == '+') m_text.remove_prefix(1);
        const auto end = std::from_chars(m_text.data(), m_text.data() + m_text.size(), out);
        if (end.ec != std::errc() || !(std::isfinite(out) || (may_be_nan && std::isnan(out)))) return false;
        m_text.remove_prefix(static_cast<std::size_t>(end.ptr - m_text.data()));
        return true;
    }
    bool coordinate(Point& out)
    {
        constexpr double none = std::numeric_limits<double>::quiet_NaN();
        double values[4] = {0, 0, none, none};
        int count = 0;
        for (; count < 4; ++count) {
            skip_blanks();
            if (m_text.empty() || m_text.front() == ',' || m_text.front() == ')') break;
            if (!number(values[count], count >= 2)) return false;
        }
        // "M" and three numbers: the third is a measure.
        out = {values[0], values[1], m_has_m && count == 3 ? none : values[2]};
        return count >= 2;
    }
    bool points(Line& out)
    {
        return list([&] {
            Point point{};
            if (!coordinate(point)) return false;
            out.push_back(point);
            return true;
        });
    }
    bool rings(Polygon& out)
    {
        return list([&] {
            Line ring;
            if (skip_empty()) return true;
            if (!points(ring)) return false;
            if (ring.front().x != ring.back().x || ring.front().y != ring.back().y) ring.push_back(ring.front());
            out.push_back(std::move(ring));
            return true;
        });
    }
    /// "1 2" or "(1 2)": both are in use.
    bool member_point()
    {
        if (skip_empty()) return true;
        const bool bracket = take('(');
        Point point{};
        if (!coordinate(point) || (bracket && !take(')'))) return false;
        parts.push_back({{point}});
        return true;
    }

    std::string_view m_text;
    bool m_has_m = false;
};

}  // namespace

bool add_wkt(GeometryBuilder& builder, GeometryKind kind, std::string_view text)
{
    Reader reader(text);
    if (!reader.head() || (reader.kind != kind && reader.kind != single_of(kind)) || !reader.body()) return false;
    builder.begin_row();
    const int levels = level_count(kind);
    for (const auto& part : reader.parts) {
        if (kind == GeometryKind::multi_polygon) builder.begin_part();
        for (const auto& line : part) {
            if (levels >= 2) builder.begin_ring();
            for (const auto& point : line) builder.add(point.x, point.y, point.z);
        }
    }
    return true;
}

bool kind_of_wkt(std::string_view text, GeometryKind& kind)
{
    Reader reader(text);
    if (!reader.head()) return false;
    kind = reader.kind;
    return true;
}

}  // namespace stadtgdi::geometry
