// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/trees/taxon_table.hpp>
#include <layers/trees/detail/csv.hpp>
#include <algorithm>
#include <array>
#include <vector>

namespace stadtgdi::trees {

namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
char lower(char c) { return is_upper(c) ? static_cast<char>(c + 32) : c; }
char upper(char c) { return is_lower(c) ? static_cast<char>(c - 32) : c; }

std::string lowered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), lower);
    return text;
}

void replace_all(std::string& text, std::string_view from, std::string_view to)
{
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
}

/// One kind of quote and blank, the hybrid sign as a word "x".
std::string normalized(std::string_view text)
{
    std::string out(text);
    for (const std::string_view quote : {"\xC2\xB4", "\xE2\x80\x98", "\xE2\x80\x99", "\xE2\x80\x9A", "\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E", "\xE2\x80\xB2", "`", "\""})
        replace_all(out, quote, "'");
    replace_all(out, "\xC3\x97", " x ");
    replace_all(out, "\xC2\xA0", " ");
    std::replace(out.begin(), out.end(), '\t', ' ');
    return out;
}

std::string trimmed(std::string_view text)
{
    const auto is_edge = [](char c) { return c == ' ' || c == '\''; };
    while (!text.empty() && is_edge(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_edge(text.back())) text.remove_suffix(1);
    return std::string(text);
}

std::vector<std::string> words(std::string_view text)
{
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (end > 0) out.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

bool one_of(const std::string& word, std::initializer_list<std::string_view> list) { return std::find(list.begin(), list.end(), word) != list.end(); }

bool means_unknown(const std::string& word)
{
    return one_of(word, {"species", "spec.", "spec", "sp.", "sp", "spp.", "spp", "unbekannt", "indet.", "indet", "hybride", "hybrid", "i.A.", "in"});
}

/// An epithet is written small; authors ("L.", "(Mill.)") and remarks are not.
bool is_epithet(const std::string& word)
{
    return word.size() > 1 && std::all_of(word.begin(), word.end(), [](char c) { return is_lower(c) || c == '-' || static_cast<unsigned char>(c) >= 0x80; });
}

/// Registers written in capitals throughout: TILIA CORDATA.
void undo_capitals(std::string& names)
{
    if (std::none_of(names.begin(), names.end(), is_lower)) names = lowered(names);
}

void read_after_genus(const std::vector<std::string>& word, std::size_t at, Taxon& taxon)
{
    const auto is_cross = [&](std::size_t i) { return i < word.size() && (word[i] == "x" || word[i] == "X"); };
    if (is_cross(at)) {
        taxon.hybrid = true;
        ++at;
    }
    if (at >= word.size() || means_unknown(word[at]) || !is_epithet(word[at])) return;
    taxon.species = taxon.genus + (taxon.hybrid ? " x " : " ") + word[at++];
    if (is_cross(at) && at + 1 < word.size() && is_epithet(word[at + 1])) {  // hybrid formula: Tilia cordata x mongolica
        taxon.hybrid = true;
        taxon.species += " x " + word[at + 1];
        return;
    }
    for (; at < word.size(); ++at) {
        if (one_of(word[at], {"ssp.", "ssp", "subsp.", "subsp", "var.", "var", "f.", "fo.", "forma"})) continue;
        if (taxon.infraspecific.empty() && is_epithet(word[at]) && !means_unknown(word[at])) taxon.infraspecific = word[at];
    }
}

/// "platanus x hispanica" and "platanus hispanica" are one name.
std::string key_of(std::string name)
{
    name = lowered(std::move(name));
    const auto cross = name.find(" x ");
    if (cross != std::string::npos && name.find(' ') == cross) name.erase(cross, 2);
    return name;
}

}  // namespace

Taxon parse_taxon(std::string_view text)
{
    Taxon taxon;
    std::string names = normalized(text);
    // The cultivar begins with a quote at the beginning of a word; quotes within ('Paul's Scarlet') belong to it.
    std::size_t quote = names.find(" '");
    if (quote != std::string::npos) {
        taxon.cultivar = trimmed(std::string_view(names).substr(quote));
        names.resize(quote);
    }
    undo_capitals(names);
    std::vector<std::string> word = words(names);
    if (const auto cv = std::find(word.begin(), word.end(), "cv."); cv != word.end()) {
        for (auto at = cv + 1; at != word.end(); ++at) taxon.cultivar += (taxon.cultivar.empty() ? "" : " ") + *at;
        word.erase(cv, word.end());
    }
    std::size_t at = 0;
    if (!word.empty() && (word[0] == "x" || word[0] == "X")) at = 1;  // hybrid genus
    if (at >= word.size()) return taxon;
    taxon.genus = lowered(word[at]);
    taxon.genus[0] = upper(taxon.genus[0]);
    read_after_genus(word, at + 1, taxon);
    return taxon;
}

TaxonTable::TaxonTable(std::string_view csv)
{
    const auto rows = detail::csv_rows(csv, "taxa.csv");
    for (const auto& row : rows) {
        const std::string &genus = row[0], &epithet = row[1], &family = row[2], &german = row[3];
        if (epithet.empty()) {
            m_family[genus] = family;
            m_name_de[genus] = german;
            continue;
        }
        const Species species{genus, genus + " " + epithet, epithet.starts_with("x ")};
        m_species[key_of(species.species)] = species;
        m_name_de[species.species] = german;
        std::string_view synonyms = row[4];
        while (!synonyms.empty()) {
            const auto bar = std::min(synonyms.find('|'), synonyms.size());
            const Taxon synonym = parse_taxon(synonyms.substr(0, bar));
            m_species[key_of(synonym.species + (synonym.infraspecific.empty() ? "" : " " + synonym.infraspecific))] = species;
            synonyms.remove_prefix(std::min(bar + 1, synonyms.size()));
        }
    }
}

const TaxonTable& TaxonTable::shipped()
{
    static const TaxonTable table(detail::shipped_taxa());
    return table;
}

std::string_view TaxonTable::family_of(std::string_view genus) const
{
    const auto at = m_family.find(std::string(genus));
    return at == m_family.end() ? std::string_view() : std::string_view(at->second);
}

std::string_view TaxonTable::name_de(std::string_view name) const
{
    const auto at = m_name_de.find(std::string(name));
    return at == m_name_de.end() ? std::string_view() : std::string_view(at->second);
}

Taxon TaxonTable::accepted(Taxon taxon) const
{
    const auto use = [&](const Species& species) {
        taxon.genus = species.genus;
        taxon.species = species.species;
        taxon.hybrid = species.hybrid;
    };
    if (!taxon.species.empty()) {
        if (!taxon.infraspecific.empty()) {
            if (const auto at = m_species.find(key_of(taxon.species + " " + taxon.infraspecific)); at != m_species.end()) {
                use(at->second);
                taxon.infraspecific.clear();
                return taxon;
            }
        }
        if (const auto at = m_species.find(key_of(taxon.species)); at != m_species.end()) use(at->second);
    }
    if (!knows_genus(taxon.genus)) return {};
    return taxon;
}

}  // namespace stadtgdi::trees
