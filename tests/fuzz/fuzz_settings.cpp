// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/settings.hpp>
#include <tests/fuzz/expect.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace stadtgdi;
    const std::string_view text = fuzz::text_of(data, size);
    if (text.find("file") != std::string_view::npos) return 0;  // opens none
    try {
        const server::Settings settings = server::parse_settings(text);
        fuzz::expect(settings.limits.max_width > 0 && settings.limits.max_height > 0 && settings.limits.max_items > 0, "limits are above zero");
        fuzz::expect(settings.listener.body_bytes > 0 && settings.listener.header_bytes > 0, "lengths are above zero");
        for (const auto& [name, role] : settings.access.roles)
            fuzz::expect(!role.disclosures.empty() || !role.fields.empty() || role.admin, "a role is for something");
        for (const auto& key : settings.access.keys) fuzz::expect(key.sha256.size() == 64, "a key has a digest");
    } catch (const base::Error& error) {
        fuzz::expect(error.kind() == base::ErrorKind::bad_data || error.kind() == base::ErrorKind::invalid_argument, "it is TOML, or a value is wrong");
        fuzz::expect(!error.message().en.empty() && !error.message().de.empty(), "an error says something");
    }
    return 0;
}
