// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/table.hpp>
#include <layers/trees/taxon_table.hpp>
#include <array>

namespace stadtgdi::trees {

/// Species, genus and family of every tree as numbers into sorted lists of names; -1 unknown.
struct TaxaOfTrees {
    struct Level {
        std::vector<std::string> names;      ///< sorted
        std::vector<std::int32_t> of_row;
    };
    std::array<Level, 3> levels;             ///< species, genus, family
    /// Distinct texts whose genus the table lacks, sorted, with the number of trees.
    std::vector<std::pair<std::string, std::int64_t>> unresolved;
};

/// From the full name where there is one, else (or where it names no known genus) from the genus. Columns may be null pointers.
TaxaOfTrees taxa_of_trees(std::size_t rows, const table::Column* taxon, const table::Column* genus, const std::vector<bool>& used,
                          const TaxonTable& taxa = TaxonTable::shipped());

}  // namespace stadtgdi::trees
