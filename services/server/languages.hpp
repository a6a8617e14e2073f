// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/http/preferences.hpp>

namespace stadtgdi::server {

using http::language_of;

/// Which of the media types the client likes best, by ?f=html or json, then the weights of Accept; the first of ours wins a tie.
enum class Form { html, json, text };
Form form_of(const http::Request& request, Form otherwise);

}  // namespace stadtgdi::server
