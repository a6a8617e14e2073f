// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/trees/taxa_of_trees.hpp>
#include <algorithm>
#include <map>

namespace stadtgdi::trees {

namespace {

/// Numbers by name, in the order of the names, so that the order of the trees does not matter.
TaxaOfTrees::Level level_of(const std::vector<const std::string*>& name_of_row)
{
    TaxaOfTrees::Level level;
    std::map<std::string, std::int32_t> numbers;
    for (const std::string* name : name_of_row)
        if (name != nullptr && !name->empty()) numbers.emplace(*name, 0);
    for (auto& [name, number] : numbers) {
        number = static_cast<std::int32_t>(level.names.size());
        level.names.push_back(name);
    }
    level.of_row.reserve(name_of_row.size());
    for (const std::string* name : name_of_row) level.of_row.push_back(name == nullptr || name->empty() ? -1 : numbers.find(*name)->second);
    return level;
}

struct Names {
    std::string species, genus, family;
};

}  // namespace

TaxaOfTrees taxa_of_trees(std::size_t rows, const table::Column* taxon, const table::Column* genus, const std::vector<bool>& used, const TaxonTable& taxa)
{
    std::map<std::pair<std::string, std::string>, Names> known;  // distinct names are few: each is read once
    std::map<std::string, std::int64_t> unresolved;
    std::array<std::vector<const std::string*>, 3> names;
    for (auto& level : names) level.assign(rows, nullptr);
    for (std::size_t row = 0; row < rows; ++row) {
        if (!used[row]) continue;
        std::string text(taxon != nullptr && taxon->valid(row) ? taxon->text(row) : std::string_view());
        std::string genus_text(genus != nullptr && genus->valid(row) ? genus->text(row) : std::string_view());
        const auto [at, is_new] = known.try_emplace({std::move(text), std::move(genus_text)});
        if (is_new) {
            Taxon found = taxa.accepted(parse_taxon(at->first.first));
            if (found.genus.empty()) found.genus = taxa.accepted(parse_taxon(at->first.second)).genus;
            at->second = {found.species, found.genus, std::string(taxa.family_of(found.genus))};
        }
        const Names& found = at->second;
        names[0][row] = &found.species;
        names[1][row] = &found.genus;
        names[2][row] = &found.family;
        if (found.genus.empty()) ++unresolved[at->first.first.empty() ? at->first.second : at->first.first];
    }
    TaxaOfTrees out;
    for (std::size_t level = 0; level < 3; ++level) out.levels[level] = level_of(names[level]);
    out.unresolved.assign(unresolved.begin(), unresolved.end());
    return out;
}

}  // namespace stadtgdi::trees
