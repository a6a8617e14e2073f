// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/wms/map_request.hpp>
#include <services/wms/sld.hpp>
#include <tests/fuzz/answers.hpp>
#include <cmath>

namespace {

using namespace stadtgdi;

void expect_drawable(const render::PlainSymbols& symbols)
{
    for (const render::PlainSymbol& symbol : symbols) {
        fuzz::expect(std::isfinite(symbol.size) && symbol.size >= 0 && symbol.size <= 1e6, "a symbol has a size");
        if (symbol.stroke) fuzz::expect(std::isfinite(symbol.stroke->width) && symbol.stroke->width >= 0 && symbol.stroke->width <= 1e6, "a line has a width");
    }
}

void read_style(std::string_view text)
{
    static const ows::KeyValues kv({{"LAYERS", "places"}, {"CRS", "EPSG:25833"}, {"BBOX", "318000,5689000,319000,5691000"}, {"WIDTH", "100"}, {"HEIGHT", "200"}, {"FORMAT", "image/png"}, {"STYLES", ""}});
    const testing::FakeFace face(fuzz::small_city(), "/town/ows");
    try {
        const wms::Sld sld = wms::read_sld(text, "SLD_BODY");
        wms::MapRequest request = wms::read_map_request(face.context(), kv, "1.3.0");
        wms::draw_by(sld, face.context(), request);
        for (const auto& layer : request.spec.layers) {
            if (layer.symbols) expect_drawable(*layer.symbols);
            if (layer.chosen) fuzz::expect(layer.chosen->size() <= 10, "rules choose rows of the layer");
        }
    } catch (const base::Error& error) {
        fuzz::expect_refusal(error);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = fuzz::text_of(data, size);
    if (!fuzz::is_text(text)) return 0;
    read_style(text);
    try {
        expect_drawable(wms::read_symbols(text, "HIGHLIGHT_SYMBOL"));
    } catch (const base::Error& error) {
        fuzz::expect_refusal(error);
    }
    return 0;
}
