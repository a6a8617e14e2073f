// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <QString>
#include <QStringList>

#include <functional>
#include <vector>

class QgsProject;
class QgsVectorLayer;

namespace stadtgdi::project {

/// A field whose values stand for rows of another layer.
struct LookedUpField {
    int place = 0;                          ///< in the layer
    QString editor;                         ///< "ValueRelation" or "RelationReference"
    const QgsVectorLayer* looked_into = nullptr;
    QStringList read;                       ///< its fields that keys and shown values were read from
};

/// Writes what value relations and references of relations stand for into value maps, for labels, feature information and
/// represent_value(): QGIS looks related layers up in the one project of its process. Lists of values, keys of several fields, filters by the
/// form, long tables, and layers or shown values (a field or an expression) that may not be shown stay as they are. Main thread.
std::vector<LookedUpField> resolve_value_relations(QgsVectorLayer& layer, const QgsProject& project,
                                                   const std::function<bool(const QgsVectorLayer& related, const QString& shown)>& may_be_shown);

}  // namespace stadtgdi::project
