// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace stadtgdi::bridge {

/// Starts QGIS (core, without windows) in a program that has no QgsApplication yet, and reads its providers. In QGIS
/// Desktop and in the service, which have one, it does nothing. Call it on the main thread.
void ensure_qgis();

}  // namespace stadtgdi::bridge
