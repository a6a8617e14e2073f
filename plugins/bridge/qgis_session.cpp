// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/bridge/qgis_session.hpp>
#include <plugins/bridge/compat.hpp>
#include <qgsapplication.h>
#include <QFile>
#include <QTemporaryDir>

namespace stadtgdi::bridge {

void ensure_qgis()
{
    if (QCoreApplication::instance()) return;
    // Nothing is shown, so no display is needed; whoever wants another platform has set it.
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    static int count = 1;
    static char name[] = "stadtgdi";
    static char* arguments[] = {name, nullptr};
    // The profile of the person at the machine stays untouched: ours lives as long as the program.
    static QTemporaryDir profile;
    if (qEnvironmentVariableIsEmpty("XDG_RUNTIME_DIR")) qputenv("XDG_RUNTIME_DIR", QFile::encodeName(profile.path()));  // else Qt complains on stderr
    if (qEnvironmentVariableIsEmpty("QGIS_PREFIX_PATH")) QgsApplication::setPrefixPath(QStringLiteral(STADTGDI_QGIS_HOME), true);
    static auto* application = new QgsApplication(count, arguments, false, profile.path());
    // QGIS must end before the C++ runtime takes its statics apart.
    qAddPostRoutine([] { QgsApplication::exitQgis(); });
    Q_UNUSED(application)
    QgsApplication::initQgis();
}

}  // namespace stadtgdi::bridge
