// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/access/digest.hpp>

#include <layers/base/error.hpp>

#include <array>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

namespace stadtgdi::access {

std::string sha256_hex(std::string_view bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    std::string hex;
    for (const unsigned char byte : digest) {
        hex += digits[byte >> 4];
        hex += digits[byte & 15];
    }
    return hex;
}

std::string keyed_digest(std::string_view secret, std::string_view bytes)
{
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
             reinterpret_cast<unsigned char*>(digest.data()), nullptr) == nullptr)
        throw Error(ErrorKind::internal, {"A digest could not be made.", "Eine Prüfsumme ließ sich nicht bilden."});
    return digest;
}

std::string random_bytes(std::size_t count)
{
    std::string bytes(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
        throw Error(ErrorKind::internal, {"The system gave no random bytes.", "Das System lieferte keine Zufallsbytes."});
    return bytes;
}

bool equal_in_constant_time(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string new_key()
{
    static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string key;
    unsigned bits = 0, count = 0;
    for (const char byte : random_bytes(32)) {
        bits = bits << 8 | static_cast<unsigned char>(byte);
        for (count += 8; count >= 6; count -= 6)
            key += digits[bits >> (count - 6) & 63];
    }
    key += digits[bits << (6 - count) & 63];
    return key;
}

}  // namespace stadtgdi::access
