// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <services/http/message.hpp>

namespace stadtgdi::http {

/// "de-DE,de;q=0.9,en;q=0.8": what a client takes, in lower case, the dearest first; without what it refuses (q=0).
struct Preference {
    std::string name;
    int weight = 1000;   ///< thousandths
};
std::vector<Preference> preferences(std::string_view header);

/// The language of everything that is said to a client: by the parameter lang or language (de, ger, deu, en, eng), else by the
/// weights of Accept-Language (English for those who read neither), else `otherwise`: it is a German city.
base::Language language_of(const Request& request, base::Language otherwise = base::Language::de);

}  // namespace stadtgdi::http
