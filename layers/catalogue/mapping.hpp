// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/city.hpp>
#include <string>
#include <vector>

namespace stadtgdi::catalogue {

/// How one municipal source becomes rows of our layers: a data file (TOML) in layers/catalogue/mappings/. The file's
/// form is described in docs/how_to/add_a_mapping.md.
struct MappingInfo {
    std::string name;                 ///< "leipzig_street_trees"
    Text title;
    std::vector<std::string> layers;  ///< that it fills
    std::string licence, attribution;
    std::string file;
};

/// Shipped mappings, sorted by name; searched in $STADTGDI_MAPPINGS, the installed folder, then the source tree.
std::vector<MappingInfo> all_mappings();

struct ImportOptions {
    std::string mapping = {};         ///< name or path of a mapping file
    bool keep_unmapped = false;       ///< unmapped columns are stored as text columns "source_<name>"
    bool dry_run = false;
    std::string encoding = {};
    double shift_x_m = 0, shift_y_m = 0;  ///< moves foreign data onto the city, marked as demonstration data
    bool demonstration = false;
    bool replace = true;              ///< of all rows of the same mapping, in all its layers; false appends
};

struct ImportReport {
    struct Layer {
        std::string name;
        std::int64_t rows_stored = 0;
        std::int64_t rows_replaced = 0;  ///< of the earlier delivery, stored anew: edits of them are gone
        std::int64_t rows_removed = 0;   ///< of the earlier delivery, not in this one
    };
    std::int64_t rows_read = 0;       ///< = rows_stored + rows_rejected + rows_repeated
    std::int64_t rows_stored = 0;     ///< source rows that ended in the store, in one table or several
    std::int64_t rows_rejected = 0;   ///< each with a finding of severity error
    std::int64_t rows_repeated = 0;   ///< the same key and the same content as an earlier row, which is stored
    std::int64_t rows_left_out = 0;   ///< by the condition of the mapping; not among those read
    std::int64_t rows_replaced = 0, rows_removed = 0;  ///< sums over the layers
    std::vector<Layer> layers;
    std::vector<std::string> unmapped_columns;
    std::vector<std::string> ignored_columns;  ///< left out on purpose by the mapping
    std::vector<base::Finding> findings;
};

/// Reads, maps and checks, then stores in one transaction: rows of others, also those that came while the sources were read,
/// stay as they are. Every source row ends in the store or in a finding.
ImportReport import(City& city, const std::vector<std::string>& sources, const ImportOptions& options, base::RunContext& run);

}  // namespace stadtgdi::catalogue
