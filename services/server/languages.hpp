// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <services/http/message.hpp>

namespace stadtgdi::server {

/// By ?lang=de or en, else by the weights of Accept-Language, else German: it is a German city.
base::Language language_of(const http::Request& request);

/// Which of the media types the client likes best, by ?f=html or json, then the weights of Accept; the first of ours wins a tie.
enum class Form { html, json, text };
Form form_of(const http::Request& request, Form otherwise);

}  // namespace stadtgdi::server
