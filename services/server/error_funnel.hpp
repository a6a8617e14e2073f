// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/error.hpp>
#include <services/access/visitor.hpp>
#include <services/http/message.hpp>
#include <functional>

namespace stadtgdi::server {

/// HTTP status of an error of our own.
int status_of(base::ErrorKind kind);

/// The answer to a request that cannot be served, as a page, JSON (RFC 7807) or text, whichever the client prefers, in its
/// language; below /{project}/ogcapi never as text.
http::Response error_answer(const http::Request& request, int status, const base::Text& text, const access::Visitor& visitor = {});

/// The one place where exceptions of handlers end. What tells about the inside (files, data bases, our own mistakes) goes
/// to the log under an id, and the client sees the id alone.
http::Response guarded(const http::Request& request, const std::function<http::Response()>& work,
                       const std::function<void(const std::string& line)>& log);

}  // namespace stadtgdi::server
