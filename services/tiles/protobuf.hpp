// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace stadtgdi::tiles {

/// Appends fields of Protocol Buffers to a text.
class ProtobufWriter {
public:
    explicit ProtobufWriter(std::string& out) : m_out(out) {}

    void number(std::uint32_t field, std::uint64_t value)
    {
        varint(field << 3U);
        varint(value);
    }
    void real(std::uint32_t field, double value)
    {
        varint(field << 3U | 1U);
        for (auto bits = std::bit_cast<std::uint64_t>(value), i = std::uint64_t{0}; i < 8; ++i, bits >>= 8U)
            m_out += static_cast<char>(bits & 0xffU);
    }
    /// A text or a message.
    void bytes(std::uint32_t field, std::string_view value)
    {
        varint(field << 3U | 2U);
        varint(value.size());
        m_out += value;
    }
    template <class Numbers> void packed(std::uint32_t field, const Numbers& values)
    {
        std::string packed;
        ProtobufWriter inside(packed);
        for (const auto value : values)
            inside.varint(value);
        bytes(field, packed);
    }
    void varint(std::uint64_t value)
    {
        for (; value > 0x7fU; value >>= 7U)
            m_out += static_cast<char>((value & 0x7fU) | 0x80U);
        m_out += static_cast<char>(value);
    }

    /// Small numbers of both signs as small numbers.
    static std::uint64_t zigzag(std::int64_t value) { return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63); }

private:
    std::string& m_out;
};

}  // namespace stadtgdi::tiles
