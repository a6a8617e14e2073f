// SPDX-License-Identifier: GPL-2.0-or-later
// The target of a request ("/town/ows?SERVICE=WMS&..."), answered by the face that its path names.
#include <services/features/features.hpp>
#include <services/ows/dispatch.hpp>
#include <services/tiles/tiles.hpp>
#include <tests/fuzz/answers.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace stadtgdi;
    testing::FakeFace face(fuzz::small_city(), "/");
    http::Request& request = face.request();
    if (const auto refusal = http::read_target(fuzz::text_of(data, size), {}, request)) {
        fuzz::expect_readable(refusal->text);
        return 0;
    }
    const auto& segments = request.segments;
    const auto has = [&](std::string_view name) { return std::find(segments.begin(), segments.end(), name) != segments.end(); };
    if (segments.size() < 2) return 0;
    if (segments[1] == "wmts" || has("tiles") || has("tileMatrixSets"))
        fuzz::expect_answer(tiles::handle(face.context()));
    else if (segments[1] == "ogcapi")
        fuzz::expect_answer(features::handle(face.context()));
    else
        fuzz::expect_answer(ows::handle(face.context()));
    return 0;
}
