// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/layer_family.hpp>
#include <optional>
#include <string>
#include <vector>

/// One declaration a family, one file each; all_families.cpp lists them.
namespace stadtgdi::catalogue::families {

LayerFamily buildings();
LayerFamily districts();
LayerFamily greenspace();
LayerFamily population();
LayerFamily statgrid();
LayerFamily trees();
LayerFamily utilities();
LayerFamily walking();

/// A layer's own fields between the columns that every layer has: uuid and local_id before, valid_from, valid_to, source,
/// source_ref, responsible_unit, recorded_at, qa_status, est_fields and disclosure_class behind. `disclosure` is the class of a new object.
std::vector<FieldDefinition> with_common(std::vector<FieldDefinition> own, Disclosure disclosure = Disclosure::open);

/// Short words for plain fields: a real number in a unit, a whole number, a fact, a day.
///     measure("height_m", {"Height", "Höhe"}, "m", 0.5, 50), number("stem_count", {"Stems", "Stämme"}, 1)
FieldDefinition measure(std::string name, Text label, std::string unit, std::optional<double> minimum = {}, std::optional<double> maximum = {});
FieldDefinition number(std::string name, Text label, std::optional<double> minimum = {}, std::optional<double> maximum = {});
FieldDefinition flag(std::string name, Text label);
FieldDefinition day(std::string name, Text label);

/// Fields that mean the same in several families.
FieldDefinition position_accuracy();  ///< pos_acc_m
FieldDefinition cell_code();          ///< of the European statistical grid, unique
FieldDefinition cell_size();          ///< size_m

/// "full", "partial", "none", "unknown": how far something can be used with a wheelchair.
std::vector<Code> access_codes();
/// Yes, no and unknown as stored text, for facts of which the source may say that nobody knows.
std::vector<Code> yes_no_codes();

}  // namespace stadtgdi::catalogue::families
