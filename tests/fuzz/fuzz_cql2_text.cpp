// SPDX-License-Identifier: GPL-2.0-or-later
#include <tests/fuzz/filters.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace stadtgdi;
    const std::string_view text = fuzz::text_of(data, size);
    if (!fuzz::is_text(text)) return 0;
    fuzz::expect_filter([&](const ows::FilterContext& context) { return ows::read_cql2_text(text, context); });
    fuzz::expect_filter([&](const ows::FilterContext& context) { return ows::read_cql2_text(text, context, ows::Cql2Dialect::qgis); });
    return 0;
}
