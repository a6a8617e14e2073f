// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/import/section.hpp>

namespace stadtgdi::catalogue::detail {

/// One of a section's tables while rows are read.
struct Section::Output {
    struct Slot {
        const FieldDefinition* field;
        std::unique_ptr<FieldReader> reader;  ///< none: not in the mapping
        Value fallback;
        bool is_uuid = false;
        std::string measure;                  ///< "area", "length": from the geometry
        table::ColumnBuilder column;
        const Value* value = nullptr;         ///< of the current row
        Value own;                            ///< the row's uuid or measure
        std::unordered_set<std::string> seen; ///< of unique fields
    };
    const TableRule* rule;
    SourceGeometry geometry;
    std::vector<Slot> slots;
    std::vector<std::size_t> own;             ///< slots whose columns no table reads that every row fills
    std::vector<std::int64_t> rows;           ///< source rows stored
    bool active = false;
    std::string uuid;
};

}  // namespace stadtgdi::catalogue::detail
