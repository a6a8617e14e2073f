// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <optional>
#include <string>

namespace stadtgdi::access {

/// How tokens are signed. Each key is for one of them; no other is ever tried with it.
enum class TokenAlgorithm { rs256, es256 };

/// What is wrong with a key for the settings: no public key in PEM, or none for this algorithm (RSA of 2048 bits or more, P-256).
std::optional<base::Text> fault_of_public_key(const std::string& pem, TokenAlgorithm algorithm);

}  // namespace stadtgdi::access
