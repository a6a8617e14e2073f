// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/source.hpp>
#include <layers/trees/taxa_of_trees.hpp>
#include <tests/support/source_folder.hpp>
#include <gtest/gtest.h>
#include <algorithm>
#include <filesystem>

using namespace stadtgdi;

TEST(LeipzigTaxa, have_genus_and_family_for_at_least_99_percent_of_the_trees)
{
    const std::filesystem::path folder = source_folder() / "../shared/data/leipzig/trees/leipzig_strassenbaeume_2024-06-07";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not there";
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    base::RunContext run;
    const table::Table trees = io::Source::open(files)->read({.columns = {"gattung", "baumart_wi"}}, run);
    ASSERT_EQ(trees.rows(), 57273u);
    const auto taxa = trees::taxa_of_trees(trees.rows(), &trees.column("baumart_wi"), &trees.column("gattung"), std::vector<bool>(trees.rows(), true));
    const auto known = [&](std::size_t level) {
        const auto& of_row = taxa.levels[level].of_row;
        return std::count_if(of_row.begin(), of_row.end(), [](std::int32_t taxon) { return taxon >= 0; });
    };
    EXPECT_EQ(known(1), 57273 - 33) << "all but stands of trees, undetermined and empty names";
    EXPECT_EQ(known(2), known(1)) << "every genus has its family";
    EXPECT_GE(static_cast<double>(known(1)), 0.99 * 57273);
    EXPECT_EQ(taxa.unresolved.size(), 4u);
    // The names in the files without a species: Tilia species 7,241, Populus species 369, Pyrus species 317 ..., Ulmus
    // cultivars without epithet, and one Prunus 'Pandora'.
    EXPECT_EQ(known(0), 47862);
}
