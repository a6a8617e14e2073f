// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <qgis.h>
#include <qgsconfig.h>
#include <qgsfield.h>
#include <qgsvariantutils.h>
#include <QByteArray>
#include <QDateTime>
#include <QDomDocument>
#include <QHash>
#include <QMetaType>
#include <QString>
#include <QTimeZone>
#include <QVariant>
#include <memory>
#include <string>
#include <string_view>

// qgsauthmanager.h includes headers of QCA and QtKeychain (libqca-qt5-2-dev, qtkeychain-qt5-dev), which not every QGIS brings.
#if QT_VERSION_MAJOR >= 6
#if __has_include(<QtCrypto>) && __has_include(<qt6keychain/keychain.h>)
#define STADTGDI_WITH_AUTH_MANAGER
#endif
#elif __has_include(<QtCrypto>) && __has_include(<qt5keychain/keychain.h>)
#define STADTGDI_WITH_AUTH_MANAGER
#endif

/// The only place that knows differences between Qt 5.15 and Qt 6 and between versions of QGIS. Sources that include
/// it compile with QGIS 3.40 on either Qt and with later ones.
namespace stadtgdi::bridge::compat {

static_assert(_QGIS_VERSION_INT >= 34000, "StadtGDI needs QGIS 3.40 or later");

/// The type a value really has: Qt 5 gives an int under another name.
inline QMetaType::Type type_of(const QVariant& value)
{
#if QT_VERSION_MAJOR >= 6
    return static_cast<QMetaType::Type>(value.typeId());
#else
    return static_cast<QMetaType::Type>(value.type());
#endif
}

inline bool is_null(const QVariant& value)
{
    return QgsVariantUtils::isNull(value);
}

inline QVariant null_of(QMetaType::Type type)
{
    return QgsVariantUtils::createNullVariant(type);
}

/// Text in UTF-8, without Qt's int sizes.
inline std::string utf8(const QString& text)
{
    const QByteArray bytes = text.toUtf8();
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

inline QString qstring(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<int>(text.size()));
}

/// What a factory made, to be given away: QGIS 3.40 returns a pointer where later versions return a unique_ptr.
template <class T> T* owned(T* made)
{
    return made;
}
template <class T> T* owned(std::unique_ptr<T> made)
{
    return made.release();
}

/// A moment in UTC from milliseconds since 1970 (Qt 6.5 deprecates the Qt::TimeSpec that Qt 5 needs).
inline QDateTime utc_of(qint64 milliseconds)
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    return QDateTime::fromMSecsSinceEpoch(milliseconds, QTimeZone::UTC);
#else
    return QDateTime::fromMSecsSinceEpoch(milliseconds, Qt::UTC);
#endif
}

/// The wall clock of a moment without a zone, read as UTC: what layers/io does with such values too.
inline QDateTime wall_clock_as_utc(const QDateTime& moment)
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    return QDateTime(moment.date(), moment.time(), QTimeZone::UTC);
#else
    return QDateTime(moment.date(), moment.time(), Qt::UTC);
#endif
}

/// Parses XML; false and the reason where it is damaged.
inline bool parse(QDomDocument& document, const QString& xml, QString& why)
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    const QDomDocument::ParseResult result = document.setContent(xml);
    why = result.errorMessage;
    return static_cast<bool>(result);
#else
    return document.setContent(xml, &why);
#endif
}

/// Qt 5 shuffles the attributes of XML elements by a random seed; equal documents shall have equal text.
inline void steady_hashes()
{
#if QT_VERSION_MAJOR >= 6
    QHashSeed::setDeterministicGlobalSeed();
#else
    qSetGlobalQHashSeed(0);
#endif
}

}  // namespace stadtgdi::bridge::compat
