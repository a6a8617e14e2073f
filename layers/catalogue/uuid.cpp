// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/city.hpp>

#include <array>
#include <bit>
#include <cstdint>
#include <mutex>
#include <random>

namespace stadtgdi::catalogue {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

std::string text_of(const Bytes& bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text += '-';
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 15];
    }
    return text;
}

void mark(Bytes& bytes, int version)
{
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | (version << 4));
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
}

/// SHA-1 (FIPS 180-4), which UUIDs of version 5 are made with.
std::array<std::uint32_t, 5> sha1(std::string message)
{
    const std::uint64_t bits = message.size() * 8;
    message += '\x80';
    while (message.size() % 64 != 56)
        message += '\0';
    for (int shift = 56; shift >= 0; shift -= 8)
        message += static_cast<char>(bits >> shift & 0xFF);
    std::array<std::uint32_t, 5> h{0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    for (std::size_t block = 0; block < message.size(); block += 64) {
        std::array<std::uint32_t, 80> w{};
        for (std::size_t i = 0; i < 64; ++i)
            w[i / 4] = (w[i / 4] << 8) | static_cast<std::uint8_t>(message[block + i]);
        for (std::size_t i = 16; i < 80; ++i)
            w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        auto [a, b, c, d, e] = h;
        for (std::size_t i = 0; i < 80; ++i) {
            std::uint32_t f = 0, k = 0;
            if (i < 20) {
                f = (b & c) | (~b & d);
                k = 0x5A827999;
            } else if (i < 40) {
                f = b ^ c ^ d;
                k = 0x6ED9EBA1;
            } else if (i < 60) {
                f = (b & c) | (b & d) | (c & d);
                k = 0x8F1BBCDC;
            } else {
                f = b ^ c ^ d;
                k = 0xCA62C1D6;
            }
            const std::uint32_t next = std::rotl(a, 5) + f + e + k + w[i];
            e = d;
            d = c;
            c = std::rotl(b, 30);
            b = a;
            a = next;
        }
        h[0] += a;
        h[1] += b;
        h[2] += c;
        h[3] += d;
        h[4] += e;
    }
    return h;
}

}  // namespace

std::string new_uuid()
{
    static std::mutex mutex;
    static std::mt19937_64 random = [] {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device(), device(), device(), device(), device()};
        return std::mt19937_64(seed);
    }();
    const std::lock_guard lock(mutex);
    Bytes bytes;
    for (std::size_t half = 0; half < 2; ++half) {
        std::uint64_t value = random();
        for (std::size_t i = 0; i < 8; ++i, value >>= 8)
            bytes[half * 8 + i] = static_cast<std::uint8_t>(value & 0xFF);
    }
    mark(bytes, 4);
    return text_of(bytes);
}

std::string uuid_of(std::string_view name)
{
    // The name space "URL" of RFC 4122.
    static constexpr Bytes space{0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
    std::string message(space.begin(), space.end());
    message += name;
    const auto digest = sha1(std::move(message));
    Bytes bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(digest[i / 4] >> (24 - 8 * (i % 4)) & 0xFF);
    mark(bytes, 5);
    return text_of(bytes);
}

}  // namespace stadtgdi::catalogue
