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
    bool replace = true;              ///< of rows of the same source; false appends
};

struct ImportReport {
    struct Layer {
        std::string name;
        std::int64_t rows_stored = 0;
    };
    std::int64_t rows_read = 0;       ///< = rows_stored + rows_rejected
    std::int64_t rows_stored = 0;     ///< source rows that ended in the store, in one table or several
    std::int64_t rows_rejected = 0;   ///< each with a finding of severity error
    std::vector<Layer> layers;
    std::vector<std::string> unmapped_columns;
    std::vector<base::Finding> findings;
};

/// Reads, maps, checks and stores in one transaction. Every source row ends in the store or in a finding.
ImportReport import(City& city, const std::vector<std::string>& sources, const ImportOptions& options, base::RunContext& run);

}  // namespace stadtgdi::catalogue
