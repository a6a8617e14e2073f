// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <layers/catalogue/layer_family.hpp>

#include <QHash>
#include <QString>

namespace stadtgdi::render {

/// What the legend of a layer of a city store may show, by what it says in the other language: title, labels of the shipped style and of values.
QHash<QString, QString> legend_texts(const catalogue::LayerDefinition& layer, base::Language language);

}  // namespace stadtgdi::render
