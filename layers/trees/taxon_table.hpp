// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <string_view>
#include <unordered_map>

namespace stadtgdi::trees {

/// A botanical name taken apart.
struct Taxon {
    std::string genus;          ///< "Tilia"; empty: unknown
    std::string species;        ///< "Tilia cordata", "Platanus x hispanica"; empty: only the genus is known
    std::string infraspecific;  ///< subspecies, variety or form: "ginnala"
    std::string cultivar;       ///< without quotes: "Greenspire"
    bool hybrid = false;
    friend bool operator==(const Taxon&, const Taxon&) = default;
};

/// Reads names as tree registers write them: "Tilia cordata 'Greenspire'", "Platanus x acerifolia", "Acer ×freemanii",
/// "Tilia species" and "Tilia spec." (species unknown), "Acer tataricum ssp. ginnala", authors ("Quercus robur L."), all
/// kinds of quotes, a missing closing quote. It knows no table: any word may become a genus.
Taxon parse_taxon(std::string_view text);

/// Genera with their families, species with synonyms and German names (layers/trees/data/taxa.csv).
///     Taxon taxon = TaxonTable::shipped().accepted(parse_taxon("Platanus x acerifolia"));   // Platanus x hispanica
class TaxonTable {
public:
    explicit TaxonTable(std::string_view csv);
    static const TaxonTable& shipped();

    bool knows_genus(std::string_view genus) const { return !family_of(genus).empty(); }
    std::string_view family_of(std::string_view genus) const;            ///< empty: unknown genus
    /// German name of a genus ("Tilia") or a species ("Tilia cordata"); empty where the table has none.
    std::string_view name_de(std::string_view name) const;
    /// Synonyms replaced and hybrid signs set by the table; a genus that the table lacks gives an unknown taxon.
    Taxon accepted(Taxon taxon) const;

private:
    struct Species {
        std::string genus, species;
        bool hybrid = false;
    };
    std::unordered_map<std::string, std::string> m_family, m_name_de;
    std::unordered_map<std::string, Species> m_species;  // by lower-case name without hybrid sign, synonyms too
};

}  // namespace stadtgdi::trees
