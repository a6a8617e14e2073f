// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
// The one place that includes Asio and Beast. <utility> first: the coroutine parts of Boost 1.74 need std::exchange
// and g++ 12 does not bring it along.
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

namespace stadtgdi::http {
namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using Tcp = asio::ip::tcp;
}  // namespace stadtgdi::http
