// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <QString>

namespace stadtgdi::citylayers {

/// Keeps a key of our service in QGIS's authentication store, which is encrypted with the user's master password, and gives
/// the id of its entry. QGIS sends it as header X-API-Key; addresses, projects and logs hold only the id.
/// Error(io) where the store is closed (no master password) or switched off.
/// Error(unsupported) where this build cannot: see can_store_keys().
QString store_key(const QString& service, const QString& key);

/// QGIS's header of that store needs those of QCA and QtKeychain, which not every QGIS ships. Without them the user adds
/// the entry in QGIS's own dialog, which the dock offers too.
bool can_store_keys();

/// Which entry was used at a service last, in QGIS's settings; empty: none.
QString key_used_at(const QString& service);
void remember_key(const QString& service, const QString& id);

}  // namespace stadtgdi::citylayers
