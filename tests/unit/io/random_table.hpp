// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/table_builder.hpp>
#include <cmath>
#include <random>

/// A table with every type, nulls and awkward values; the same for the same seed.
struct RandomTable {
    std::uint32_t seed = 1;
    std::size_t rows = 200;
    std::optional<stadtgdi::table::GeometryKind> kind = stadtgdi::table::GeometryKind::point;
    std::string crs = "EPSG:25833";
    bool has_z = false;
    bool empty_shapes = false;  ///< some lines and polygons without coordinates
    bool empty_texts = true;
    double xmin = 300'000, ymin = 5'680'000, extent = 20'000;

    stadtgdi::table::Table make() const
    {
        using namespace stadtgdi::table;
        std::mt19937 random(seed);
        const auto number = [&](double from, double to) { return from + (to - from) * (static_cast<double>(random()) / 4294967296.0); };
        const auto coordinate = [&](double from) { return from + std::round(number(0, extent) * 1e6) / 1e6; };
        Schema schema{{{"flag", Type::boolean},
                       {"count", Type::int64},
                       {"height_m", Type::float64},
                       {"name", Type::text},
                       {"planted", Type::date},
                       {"seen", Type::datetime}},
                      {}};
        if (kind)
            schema.geometry = GeometryField{"geom", *kind, crs, has_z};
        TableBuilder builder(schema);
        static const std::vector<std::string> texts{"Linde",     "Straße \"Am Löß\"", "two\nlines", "a, b; c\td|e", "'quoted' \\ back", " blanks ", "ß€😀",
                                                    "line\r\nend", "NULL",            "\\N",        "{\"a\": [1]}"};
        for (std::size_t row = 0; row < rows; ++row) {
            const auto some = [&] { return random() % 5 != 0; };
            if (some())
                builder.column(0).add(random() % 2 == 0);
            if (some())
                builder.column(1).add(static_cast<std::int64_t>(random()) - 2'000'000'000);
            if (some())
                builder.column(2).add(number(-1000, 1000));
            if (some()) {
                if (empty_texts && random() % 7 == 0)
                    builder.column(3).add("");
                else
                    builder.column(3).add(texts[random() % texts.size()] + (random() % 2 ? std::to_string(random() % 1000) : "x"));
            }
            if (some())
                builder.column(4).add_date(static_cast<std::int32_t>(random() % 40'000) - 15'000);
            if (some())
                builder.column(5).add((static_cast<std::int64_t>(random() % 3'000'000'000U) - 500'000'000) * 1'000'000 + static_cast<std::int64_t>(random() % 1000) * 1000);
            if (kind && random() % 6 != 0)
                add_shape(builder.geometry(), random, coordinate, number);
            builder.end_row();
        }
        return std::move(builder).finish();
    }

private:
    template <class Random, class Coordinate, class Number>
    void add_shape(stadtgdi::table::GeometryBuilder& shape, Random& random, const Coordinate& coordinate, const Number& number) const
    {
        using stadtgdi::table::GeometryKind;
        shape.begin_row();
        const auto add = [&](double x, double y) { shape.add(x, y, has_z ? std::round(number(80, 200) * 100) / 100 : 0); };
        const auto single = stadtgdi::table::single_of(*kind);
        if (single != GeometryKind::point && empty_shapes && random() % 6 == 0)
            return;
        const std::size_t parts = stadtgdi::table::is_multi(*kind) ? 1 + random() % 3 : 1;
        for (std::size_t part = 0; part < parts; ++part) {
            if (single == GeometryKind::point) {
                add(coordinate(xmin), coordinate(ymin));
            } else if (single == GeometryKind::line) {
                if (stadtgdi::table::is_multi(*kind))
                    shape.begin_ring();
                for (std::size_t i = 0; i < 2 + random() % 4; ++i)
                    add(coordinate(xmin), coordinate(ymin));
            } else {
                // A square, turned counter-clockwise, sometimes with a hole; parts beside one another.
                if (stadtgdi::table::is_multi(*kind))
                    shape.begin_part();
                const double size = extent / 100, x = xmin + size * static_cast<double>(part * 2), y = coordinate(ymin);
                const double z = has_z ? 100 : 0;
                shape.begin_ring();
                for (const auto& [dx, dy] : {std::pair{0.0, 0.0}, {1.0, 0.0}, {1.0, 1.0}, {0.0, 1.0}, {0.0, 0.0}})
                    shape.add(x + dx * size, y + dy * size, z);
                if (random() % 2) {
                    shape.begin_ring();
                    for (const auto& [dx, dy] : {std::pair{0.25, 0.25}, {0.25, 0.5}, {0.5, 0.5}, {0.5, 0.25}, {0.25, 0.25}})
                        shape.add(x + dx * size, y + dy * size, z);
                }
            }
        }
    }
};
