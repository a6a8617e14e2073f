// SPDX-License-Identifier: GPL-2.0-or-later
// The first byte, a digit or a letter, chooses the column that the rest is added to.
#include <layers/geometry/wkb.hpp>
#include <layers/table/arrow.hpp>
#include <tests/fuzz/columns.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace stadtgdi;
    if (size == 0) return 0;
    const auto kind = static_cast<table::GeometryKind>(data[0] % 6);
    const bool with_z = data[0] / 6 % 2 == 1;
    const std::span<const std::uint8_t> wkb(data + 1, size - 1);
    table::GeometryKind told{};
    bool told_z = false;
    const bool known = table::kind_of_wkb(wkb, told, told_z);

    table::GeometryBuilder builder(kind, "", with_z);
    const bool added = table::add_wkb(builder, kind, wkb);
    fuzz::expect(!added || (known && table::single_of(told) == table::single_of(kind)), "what is added is of the column's kind");
    fuzz::expect(builder.size() == (added ? 1U : 0U), "what is damaged leaves no row");
    builder.add_null();
    const table::GeometryColumn read = std::move(builder).finish();
    fuzz::expect_sound(read);
    if (!added) return 0;

    std::vector<std::uint8_t> written;
    geometry::append_wkb(read, 0, written);
    table::GeometryBuilder again(kind, "", with_z);
    if (read.valid(0))
        fuzz::expect(table::add_wkb(again, kind, written), "what is written can be read");
    else
        again.add_null();
    again.add_null();
    fuzz::expect(fuzz::same(read, std::move(again).finish()), "what is written reads the same");
    return 0;
}
