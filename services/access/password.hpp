// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <optional>
#include <string>

namespace stadtgdi::access {

/// bcrypt looks at no more; longer passwords are refused rather than cut.
constexpr std::size_t max_password_bytes = 72;

/// What is wrong with a hash for the settings: none of bcrypt, damaged, or one that costs too little or too much work.
std::optional<base::Text> fault_of_password_hash(const std::string& hash);

/// "$2b$12$...", with a salt of its own: about a quarter of a second of work. Error(invalid_argument) for a password that is empty, too long or has a NUL.
std::string password_hash(const std::string& password);

/// As much work as the hash says, whether the password fits or not.
bool fits_password(const std::string& password, const std::string& hash);

}  // namespace stadtgdi::access
