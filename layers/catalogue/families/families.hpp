// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/layer_family.hpp>

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

/// A layer's own fields between the columns that every layer has: uuid and local_id before, source, source_ref,
/// recorded_at, qa_status, est_fields and disclosure_class behind. `disclosure` is the class of a new object.
std::vector<FieldDefinition> with_common(std::vector<FieldDefinition> own, Disclosure disclosure = Disclosure::open);

/// "full", "partial", "none", "unknown": how far something can be used with a wheelchair.
std::vector<Code> access_codes();
/// Yes, no and unknown as stored text, for facts of which the source may say that nobody knows.
std::vector<Code> yes_no_codes();

}  // namespace stadtgdi::catalogue::families
