// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/trees/taxon_table.hpp>
#include <gtest/gtest.h>

using namespace stadtgdi::trees;

namespace {
Taxon accepted(const char* text) { return TaxonTable::shipped().accepted(parse_taxon(text)); }
}  // namespace

TEST(ParseTaxon, takes_species_and_cultivar_apart)
{
    const Taxon taxon = parse_taxon("Pyrus calleryana 'Chanticleer'");
    EXPECT_EQ(taxon, (Taxon{"Pyrus", "Pyrus calleryana", "", "Chanticleer", false}));
}

TEST(ParseTaxon, knows_that_species_and_spec_mean_an_unknown_species)
{
    for (const char* text : {"Tilia species", "Tilia spec.", "Tilia sp.", "Tilia spp.", "Tilia", " Tilia  species "}) {
        EXPECT_EQ(parse_taxon(text).genus, "Tilia") << text;
        EXPECT_EQ(parse_taxon(text).species, "") << text;
    }
}

TEST(ParseTaxon, reads_both_hybrid_signs)
{
    for (const char* text : {"Acer x freemanii 'Autumn Blaze'", "Acer x  freemanii 'Autumn Blaze'", "Acer ×freemanii 'Autumn Blaze'", "Acer × freemanii 'Autumn Blaze'"})
        EXPECT_EQ(parse_taxon(text), (Taxon{"Acer", "Acer x freemanii", "", "Autumn Blaze", true})) << text;
}

TEST(ParseTaxon, reads_all_kinds_of_quotes_also_unclosed_and_nested_ones)
{
    EXPECT_EQ(parse_taxon("Crataegus laevigata 'Paul's Scarlet'").cultivar, "Paul's Scarlet");
    EXPECT_EQ(parse_taxon("Fraxinus excelsior 'Westhof´s Glorie'").cultivar, "Westhof's Glorie");
    EXPECT_EQ(parse_taxon("Prunus avium 'Kassins Frühe Herzkirsche").cultivar, "Kassins Frühe Herzkirsche");
    EXPECT_EQ(parse_taxon("Tilia cordata „Greenspire“").cultivar, "Greenspire");
    EXPECT_EQ(parse_taxon("Ulmus 'Columella'"), (Taxon{"Ulmus", "", "", "Columella", false}));
    EXPECT_EQ(parse_taxon("Tilia cordata cv. Rancho").cultivar, "Rancho");
}

TEST(ParseTaxon, sets_subspecies_and_authors_apart)
{
    EXPECT_EQ(parse_taxon("Acer tataricum ssp. ginnala"), (Taxon{"Acer", "Acer tataricum", "ginnala", "", false}));
    EXPECT_EQ(parse_taxon("Fagus sylvatica purpurea").infraspecific, "purpurea");
    EXPECT_EQ(parse_taxon("Quercus robur L."), (Taxon{"Quercus", "Quercus robur", "", "", false}));
    EXPECT_EQ(parse_taxon("Tilia x vulgaris Hayne").species, "Tilia x vulgaris");
    EXPECT_EQ(parse_taxon("TILIA CORDATA"), (Taxon{"Tilia", "Tilia cordata", "", "", false}));
    EXPECT_EQ(parse_taxon("Tilia cordata x mongolica").hybrid, true);
}

TEST(ParseTaxon, of_nothing_is_unknown)
{
    EXPECT_EQ(parse_taxon(""), Taxon{});
    EXPECT_EQ(parse_taxon("  "), Taxon{});
    EXPECT_EQ(parse_taxon("x"), Taxon{});
    EXPECT_EQ(parse_taxon("'").species, "");
}

TEST(TaxonTable, puts_synonyms_under_one_name)
{
    EXPECT_EQ(accepted("Platanus x acerifolia").species, "Platanus x hispanica");
    EXPECT_EQ(accepted("Platanus ×hispanica").species, "Platanus x hispanica");
    EXPECT_EQ(accepted("Platanus hispanica").species, "Platanus x hispanica");
    EXPECT_EQ(accepted("Tilia x vulgaris 'Pallida'"), (Taxon{"Tilia", "Tilia x europaea", "", "Pallida", true}));
    EXPECT_EQ(accepted("Acer tataricum ssp. ginnala").species, "Acer ginnala");
    EXPECT_EQ(accepted("Acer tataricum").species, "Acer tataricum");
    EXPECT_EQ(accepted("Sophora japonica 'Regent'").genus, "Styphnolobium");
}

TEST(TaxonTable, knows_families)
{
    const TaxonTable& taxa = TaxonTable::shipped();
    EXPECT_EQ(taxa.family_of("Acer"), "Sapindaceae");
    EXPECT_EQ(taxa.family_of("Aesculus"), "Sapindaceae");
    EXPECT_EQ(taxa.family_of("Tilia"), "Malvaceae");
    EXPECT_EQ(taxa.family_of("Quercus"), "Fagaceae");
    EXPECT_EQ(taxa.family_of("Bestandsfläche"), "");
    EXPECT_EQ(taxa.name_de("Tilia cordata"), "Winter-Linde");
}

TEST(TaxonTable, treats_words_that_are_no_genus_as_unknown)
{
    for (const char* text : {"Bestandsfläche", "waldartiger Bestand", "nicht bestimmt", "unbekannt", ""}) EXPECT_EQ(accepted(text), Taxon{}) << text;
}

TEST(TaxonTable, keeps_a_species_of_a_known_genus_that_it_does_not_list)
{
    EXPECT_EQ(accepted("Quercus alba").species, "Quercus alba");
}
