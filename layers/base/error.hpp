// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <exception>
#include <string>

namespace stadtgdi::base {

enum class ErrorKind { invalid_argument, not_found, unsupported, bad_data, io, cancelled, internal };

std::string_view name_of(ErrorKind kind);

/// The one exception type. The message says what was found, where (file, layer, field, row), what was
/// expected and what to do; what() is the English one.
///     throw Error(ErrorKind::not_found, {"Layer 'x' is not in city.gpkg.", "Layer 'x' fehlt in city.gpkg."});
class Error : public std::exception {
public:
    Error(ErrorKind kind, Text message) : m_kind(kind), m_message(std::move(message)) {}
    ErrorKind kind() const noexcept { return m_kind; }
    const Text& message() const noexcept { return m_message; }
    const char* what() const noexcept override { return m_message.en.c_str(); }

private:
    ErrorKind m_kind;
    Text m_message;
};

}  // namespace stadtgdi::base

namespace stadtgdi {
using base::Error;
using base::ErrorKind;
}  // namespace stadtgdi
