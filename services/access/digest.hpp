// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <string_view>

namespace stadtgdi::access {

/// SHA-256 in 64 lower-case hexadecimal digits: how keys stand in the settings.
std::string sha256_hex(std::string_view bytes);

/// HMAC-SHA-256, 32 bytes: a digest that nobody can try guesses against who does not know the secret.
std::string keyed_digest(std::string_view secret, std::string_view bytes);

/// Of the system's generator; Error(internal) where it gives none.
std::string random_bytes(std::size_t count);

/// Takes the same time wherever the two differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

/// 43 characters from 32 random bytes: a key that nobody guesses, for which one round of SHA-256 is enough.
std::string new_key();

}  // namespace stadtgdi::access
