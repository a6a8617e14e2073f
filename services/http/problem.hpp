// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/http/message.hpp>

namespace stadtgdi::http {

/// An error for programs (RFC 7807, application/problem+json): the status with its name, and what was wrong.
Response problem(int status, const std::string& detail);

}  // namespace stadtgdi::http
