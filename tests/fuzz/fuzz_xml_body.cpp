// SPDX-License-Identifier: GPL-2.0-or-later
// A document that is sent by POST; the first byte, a digit, chooses what is said of its type.
#include <services/ows/dispatch.hpp>
#include <tests/fuzz/answers.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace stadtgdi;
    static const std::string types[] = {"text/xml", "application/xml; charset=UTF-16", "text/xml; charset=\"ISO-8859-1\"", "application/gml+xml", "", "application/x-www-form-urlencoded"};
    if (size == 0) return 0;
    testing::FakeFace face(fuzz::small_city(), "/town/ows", {{"content-type", types[data[0] % std::size(types)]}});
    face.request().method = "POST";
    face.request().body = std::string(fuzz::text_of(data + 1, size - 1));
    fuzz::expect_answer(ows::handle(face.context()));
    return 0;
}
