// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/bridge/project_file.hpp>
#include <plugins/bridge/compat.hpp>
#include <layers/base/error.hpp>
#include <qgsproject.h>
#include <qgsprojectmetadata.h>
#include <qgssnappingconfig.h>
#include <qgsziputils.h>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QUuid>
#include <filesystem>

namespace stadtgdi::bridge {

using base::Error;
using base::ErrorKind;

namespace {

[[noreturn]] void cannot_write(const QString& path, const QString& why)
{
    throw Error(ErrorKind::io, base::filled({"The project {0} cannot be written: {1}", "Das Projekt {0} kann nicht geschrieben werden: {1}"},
                                            compat::utf8(path), compat::utf8(why)));
}

QString without_traces(QString text)
{
    static const QRegularExpression saved(QStringLiteral(R"( (saveUser|saveUserFull|saveDateTime)="[^"]*")"));
    static const QRegularExpression annotations(QStringLiteral("Annotations_[0-9a-f_]{36}"));  // the empty layer of annotations
    static const QRegularExpression own_styles(QStringLiteral(R"( projectStyleId="[^"]*")"));  // an empty data base of symbols, not kept
    return text.remove(saved).remove(own_styles).replace(annotations, QStringLiteral("Annotations_of_the_city_project"));
}

/// Random ids of symbols, rules and the like by the order of their first appearance. Ids of other things do not look so.
QString with_steady_ids(const QString& text)
{
    static const QRegularExpression id(QStringLiteral(R"(\{[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\})"));
    QHash<QString, QString> steady;
    QString result;
    result.reserve(text.size());
    decltype(text.size()) from = 0;
    for (auto it = id.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        QString& name = steady[match.captured(0)];
        if (name.isEmpty()) name = QUuid::createUuidV5(QUuid(), QString::number(steady.size())).toString();
        result += text.mid(from, match.capturedStart() - from) + name;
        from = match.capturedEnd();
    }
    return result + text.mid(from);
}

/// QGIS makes a path relative twice, the second time as seen from the working folder: a file of the same name there would
/// be taken for the city. So the project is written from its own folder.
class InFolder {
public:
    explicit InFolder(const QString& folder) : m_before(QDir::currentPath()) { QDir::setCurrent(folder); }
    ~InFolder() { QDir::setCurrent(m_before); }
    InFolder(const InFolder&) = delete;
    InFolder& operator=(const InFolder&) = delete;

private:
    QString m_before;
};

struct RemovedAtEnd {
    QStringList files;
    ~RemovedAtEnd()
    {
        for (const QString& file : files) QFile::remove(file);
    }
};

QByteArray read_all(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) cannot_write(path, file.errorString());
    return file.readAll();
}

void write_all(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(bytes) != bytes.size() || !file.flush()) cannot_write(path, file.errorString());
}

}  // namespace

void save_project(QgsProject& project, const QString& path)
{
    QgsProjectMetadata metadata = project.metadata();
    metadata.setAuthor({});
    metadata.setDateTime(Qgis::MetadataDateType::Created, {});
    project.setMetadata(metadata);
    QgsSnappingConfig snapping = project.snappingConfig();
    snapping.clearIndividualLayerSettings();  // in an order that changes; QGIS makes them anew when it reads
    project.setSnappingConfig(snapping);

    // Whole or not at all: made beside its place, where relative paths are right, and moved there; nothing else stays.
    const QFileInfo target(QFileInfo(path).absoluteFilePath());
    const QString beside = target.absoluteDir().filePath(target.completeBaseName() + QStringLiteral(".writing.qgs"));
    const RemovedAtEnd leftovers{{beside, target.absoluteDir().filePath(target.completeBaseName() + QStringLiteral(".writing_attachments.zip"))}};
    compat::steady_hashes();
    {
        const InFolder folder(target.absolutePath());
        if (!project.write(beside)) cannot_write(path, project.error());
    }
    const QString text = with_steady_ids(without_traces(QString::fromUtf8(read_all(beside))));
    const QTemporaryDir folder(target.absoluteDir().filePath(QStringLiteral(".%1.XXXXXX").arg(target.completeBaseName())));
    if (!folder.isValid()) cannot_write(path, folder.errorString());
    QString made = folder.filePath(target.completeBaseName() + QStringLiteral(".qgs"));
    write_all(made, text.toUtf8());
    if (target.suffix().toLower() == QLatin1String("qgz")) {
        // A zip holds the time of its files; a fixed one keeps the bytes the same.
        QFile inner(made);
        if (!inner.open(QIODevice::ReadWrite) || !inner.setFileTime(compat::utc_of(1577836800000), QFileDevice::FileModificationTime)) cannot_write(path, inner.errorString());
        inner.close();
        const QString archive = folder.filePath(target.fileName());
        if (!QgsZipUtils::zip(archive, {made})) cannot_write(path, QStringLiteral("zip"));
        made = archive;
    }
    std::error_code error;
    std::filesystem::rename(made.toStdU16String(), path.toStdU16String(), error);
    if (error) cannot_write(path, QString::fromStdString(error.message()));
}

}  // namespace stadtgdi::bridge
