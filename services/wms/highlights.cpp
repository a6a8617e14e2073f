// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/wms/highlights.hpp>

#include <layers/geometry/wkt.hpp>
#include <services/ows/exception.hpp>
#include <services/wms/colour_names.hpp>
#include <services/wms/sld.hpp>

#include <algorithm>
#include <initializer_list>

namespace stadtgdi::wms {

using render::Highlight;

namespace {

constexpr std::size_t most_highlights = 100, most_bytes = 1024 * 1024;

[[noreturn]] void wrong_highlight(std::string_view parameter, const std::string& text)
{
    throw ows::invalid_parameter(parameter, base::filled({"{0} has '{1}', which cannot be used.", "{0} enthält '{1}', das ist nicht verwendbar."}, std::string(parameter), base::shortened(text, 60)));
}

/// Parted by ";". Documents hold such signs themselves: they end in ">".
std::vector<std::string> parts_of(const ows::KeyValues& kv, std::string_view parameter, bool documents = false)
{
    const std::string text = kv.get(parameter);
    if (text.size() > most_bytes)
        wrong_highlight(parameter, text);
    if (text.empty())
        return {};
    std::vector<std::string> parts(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view before = ows::trimmed(parts.back());
        if (text[i] == ';' && (!documents || before.empty() || before.back() == '>'))
            parts.emplace_back();
        else
            parts.back() += text[i];
    }
    return parts;
}

void expect_geometry(const std::string& wkt)
{
    table::GeometryKind kind{};
    if (!geometry::kind_of_wkt(ows::trimmed(wkt), kind))
        wrong_highlight("HIGHLIGHT_GEOM", wkt);
    table::GeometryBuilder builder(kind, {});
    if (!geometry::add_wkt(builder, kind, ows::trimmed(wkt)))
        wrong_highlight("HIGHLIGHT_GEOM", wkt);
}

std::uint32_t colour_of(const std::string& given, std::string_view parameter)
{
    const std::string_view text = ows::trimmed(given);
    if (const auto named = colour_named(text))
        return *named;
    const std::size_t sign = text.starts_with('#') ? 1 : text.starts_with("0x") || text.starts_with("0X") ? 2 : 0;
    const auto colour = sign > 0 ? ows::parse_colour(text.substr(sign)) : std::nullopt;
    if (!colour)
        wrong_highlight(parameter, given);
    return *colour;
}

double number_of(const std::string& text, std::string_view parameter, double least, double most)
{
    const auto value = ows::parse_number(ows::trimmed(text));
    if (!value || *value < least || *value > most)
        wrong_highlight(parameter, text);
    return *value;
}

/// One of the words, in any case.
std::string word_of(const std::string& text, std::string_view parameter, std::initializer_list<std::string_view> words)
{
    const auto* found = std::ranges::find_if(words, [&](std::string_view word) { return ows::equal_ignoring_case(word, ows::trimmed(text)); });
    if (found == words.end())
        wrong_highlight(parameter, text);
    return std::string(*found);
}

}  // namespace

std::vector<Highlight> read_highlights(const ows::KeyValues& kv)
{
    const std::vector<std::string> geometries = parts_of(kv, "HIGHLIGHT_GEOM");
    if (geometries.size() > most_highlights)
        throw ows::invalid_parameter("HIGHLIGHT_GEOM", base::filled({"More than {0} geometries are not drawn.", "Mehr als {0} Geometrien werden nicht gezeichnet."}, std::to_string(most_highlights)));
    std::vector<Highlight> highlights(geometries.size());
    for (std::size_t i = 0; i < geometries.size(); ++i) {
        expect_geometry(geometries[i]);
        highlights[i].wkt = ows::trimmed(geometries[i]);
    }
    const auto each = [&](std::string_view parameter, const auto& take, bool documents = false) {
        const std::vector<std::string> parts = parts_of(kv, parameter, documents);
        for (std::size_t i = 0; i < parts.size() && i < highlights.size(); ++i)
            if (!ows::trimmed(parts[i]).empty())
                take(highlights[i], parts[i], parameter);
    };
    each("HIGHLIGHT_SYMBOL", [](Highlight& one, const std::string& text, std::string_view parameter) { one.symbols = read_symbols(ows::trimmed(text), parameter); }, true);
    each("HIGHLIGHT_LABELSTRING", [](Highlight& one, const std::string& text, std::string_view parameter) {
        if (text.size() > 1000)
            wrong_highlight(parameter, text);
        one.label = text;
    });
    each("HIGHLIGHT_LABELFONT", [](Highlight& one, const std::string& text, std::string_view parameter) {
        if (text.size() > 100)
            wrong_highlight(parameter, text);
        one.font = ows::trimmed(text);
    });
    each("HIGHLIGHT_LABELSIZE", [](Highlight& one, const std::string& text, std::string_view parameter) { one.size_points = number_of(text, parameter, 1, 200); });
    each("HIGHLIGHT_LABELWEIGHT", [](Highlight& one, const std::string& text, std::string_view parameter) { one.bold = number_of(text, parameter, 0, 1000) >= 600; });
    each("HIGHLIGHT_LABELCOLOR", [](Highlight& one, const std::string& text, std::string_view parameter) { one.colour = colour_of(text, parameter); });
    each("HIGHLIGHT_LABELBUFFERCOLOR", [](Highlight& one, const std::string& text, std::string_view parameter) { one.buffer_colour = colour_of(text, parameter); });
    each("HIGHLIGHT_LABELBUFFERSIZE", [](Highlight& one, const std::string& text, std::string_view parameter) { one.buffer_mm = number_of(text, parameter, 0, 50); });
    each("HIGHLIGHT_LABEL_ROTATION", [](Highlight& one, const std::string& text, std::string_view parameter) { one.rotation = number_of(text, parameter, -3600, 3600); });
    each("HIGHLIGHT_LABEL_DISTANCE", [](Highlight& one, const std::string& text, std::string_view parameter) { one.distance_mm = number_of(text, parameter, 0, 1000); });
    each("HIGHLIGHT_LABEL_HORIZONTAL_ALIGNMENT", [](Highlight& one, const std::string& text, std::string_view parameter) { one.horizontal = word_of(text, parameter, {"left", "center", "right"}); });
    each("HIGHLIGHT_LABEL_VERTICAL_ALIGNMENT", [](Highlight& one, const std::string& text, std::string_view parameter) { one.vertical = word_of(text, parameter, {"top", "cap", "half", "base", "bottom"}); });
    return highlights;
}

}  // namespace stadtgdi::wms
