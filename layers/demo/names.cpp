// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/demo/names.hpp>
#include <algorithm>
#include <array>
#include <string_view>

namespace stadtgdi::demo {

namespace {

constexpr std::array<std::string_view, 72> stems{
    "Linden", "Ahorn", "Eichen", "Birken", "Kastanien", "Platanen", "Ulmen", "Eschen", "Buchen", "Weiden", "Erlen", "Pappel",
    "Garten", "Park", "Wiesen", "Feld", "Wald", "Berg", "Tal", "Bach", "Mühlen", "Brücken", "Brunnen", "Teich",
    "Kirch", "Schul", "Bahnhof", "Markt", "Rathaus", "Post", "Kloster", "Schloss", "Turm", "Tor", "Hafen", "Spital",
    "Goethe", "Schiller", "Lessing", "Heine", "Johann-Sebastian-Bach-", "Mendelssohn", "Schumann", "Beethoven", "Mozart", "Händel", "Humboldt", "Leibniz",
    "Kepler", "Kant", "Hegel", "Dürer", "Cranach", "Kollwitz", "Curie", "Noether", "Luther", "Melanchthon", "Müntzer", "Gutenberg",
    "Rosen", "Flieder", "Holunder", "Schlehen", "Kiefern", "Tannen", "Lerchen", "Amsel", "Finken", "Sperber", "Hirsch", "Fuchs"};
// The first half of the stems is of nature and places: "Lindenhof", "Mühlengrund".
constexpr std::size_t compounding = 36;
constexpr std::array<std::string_view, 10> middles{"hof", "grund", "garten", "wiesen", "brunnen", "winkel", "anger", "busch", "berg", "feld"};
constexpr std::array<std::string_view, 10> openings{"", "", "", "Alte ", "Neue ", "Obere ", "Untere ", "Kleine ", "Große ", "Hintere "};
constexpr std::array<std::string_view, 30> villages{
    "Lindenau", "Möckern", "Schönefeld", "Reudnitz", "Gohlis", "Eutritzsch", "Mockau", "Stötteritz", "Plagwitz", "Paunsdorf",
    "Rosenthal", "Weidenhof", "Buchholz", "Erlenau", "Steinbach", "Mühlfeld", "Sonnenberg", "Ziegelhain", "Kirchsteig", "Auenviertel",
    "Hasenheide", "Bergfeld", "Grünau", "Seehausen", "Wiederau", "Lößnig", "Dölitz", "Marienbrunn", "Knauthain", "Thonberg"};
constexpr std::array<std::string_view, 6> sides{"", "Neu-", "Alt-", "Groß-", "Klein-", "Ober-"};

}  // namespace

std::string Names::unused(std::string name)
{
    if (m_given.insert(name).second) return name;
    for (int number = 2;; ++number) {
        const std::string numbered = name + " " + std::to_string(number);
        if (m_given.insert(numbered).second) return numbered;
    }
}

std::string Names::street(StreetKind kind, Random& random)
{
    std::string name;
    for (int attempt = 0; attempt < 12; ++attempt) {
        std::string stem(stems[static_cast<std::size_t>(random.below(static_cast<int>(attempt < 4 ? stems.size() : compounding)))]);
        if (attempt >= 4) {
            const std::string_view middle = middles[static_cast<std::size_t>(random.below(static_cast<int>(middles.size())))];
            if (!std::equal(middle.begin() + 1, middle.end(), stem.begin() + 1, stem.end())) stem += middle;   // no "Feldfeld"
        }
        const auto opening = openings[static_cast<std::size_t>(random.below(attempt < 2 ? 3 : static_cast<int>(openings.size())))];
        std::string_view ending = "straße";
        switch (kind) {
            case StreetKind::arterial: ending = random.chance(0.5) ? "allee" : "straße"; break;
            case StreetKind::collector: ending = random.chance(0.15) ? "allee" : "straße"; break;
            case StreetKind::residential: ending = random.chance(0.35) ? "weg" : random.chance(0.15) ? "gasse" : "straße"; break;
            case StreetKind::path: ending = "steig"; break;
        }
        std::string_view front = opening;
        std::string adapted(front);
        if (ending == "weg" || ending == "steig") {  // masculine: Alter, Neuer, Oberer ...
            if (!adapted.empty()) adapted.insert(adapted.size() - 1, "r");
        }
        std::string tail(ending);
        if (stem.back() == '-') tail[0] = static_cast<char>(tail[0] - 32);
        name = adapted + std::string(stem) + tail;
        if (!m_given.contains(name)) break;
    }
    return unused(name);
}

std::string Names::district(Random& random)
{
    std::string name;
    for (int attempt = 0; attempt < 12; ++attempt) {
        const auto village = villages[static_cast<std::size_t>(random.below(static_cast<int>(villages.size())))];
        const auto side = sides[static_cast<std::size_t>(random.below(attempt < 3 ? 1 : static_cast<int>(sides.size())))];
        name = std::string(side) + std::string(village);
        if (!m_given.contains(name)) break;
    }
    return unused(name);
}

}  // namespace stadtgdi::demo
