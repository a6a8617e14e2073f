// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/wkt.hpp>
#include <tests/fuzz/columns.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace stadtgdi;
    const std::string_view text = fuzz::text_of(data, size);
    table::GeometryKind kind{};
    if (!geometry::kind_of_wkt(text, kind)) return 0;
    for (const bool with_z : {false, true})
        for (const auto column_kind : {kind, table::multi_of(kind)}) {
            table::GeometryBuilder builder(column_kind, "EPSG:25833", with_z);
            const bool added = geometry::add_wkt(builder, column_kind, text);
            fuzz::expect(builder.size() == (added ? 1U : 0U), "what is damaged leaves no row");
            builder.add_null();
            const table::GeometryColumn read = std::move(builder).finish();
            fuzz::expect_sound(read);
            if (!added) continue;
            const std::string written = geometry::wkt(read, 0);
            table::GeometryBuilder again(column_kind, "EPSG:25833", with_z);
            fuzz::expect(geometry::add_wkt(again, column_kind, written), "what is written can be read: " + written.substr(0, 500));
            again.add_null();
            fuzz::expect(fuzz::same(read, std::move(again).finish()), "what is written reads the same: " + written.substr(0, 500));
        }
    return 0;
}
