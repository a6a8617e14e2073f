// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <QString>

class QgsProject;

namespace stadtgdi::bridge {

/// Saves as .qgz or .qgs without the name of the person, the time and random keys, so that equal projects have equal
/// text. Error(io) where it cannot be written.
void save_project(QgsProject& project, const QString& path);

}  // namespace stadtgdi::bridge
