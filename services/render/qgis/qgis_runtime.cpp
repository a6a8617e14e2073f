// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/qgis_runtime.hpp>

#include <services/render/qgis/chosen_rows.hpp>

#include <QCoreApplication>
#include <QEventLoop>
#include <QFile>
#include <QFont>
#include <QMetaObject>
#include <QRawFont>
#include <QTemporaryDir>
#include <QThread>
#include <QThreadPool>
#include <qgsapplication.h>
#include <qgsmessagelog.h>
#include <qgssettings.h>

#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

namespace stadtgdi::render {

namespace {

std::function<void(int, const std::string&)> log_sink;  // Qt's handler is a plain function
std::mutex log_mutex;

void say(int level, const std::string& text)
{
    const std::lock_guard lock(log_mutex);
    if (log_sink)
        log_sink(level, text);
}

void qt_message(QtMsgType type, const QMessageLogContext&, const QString& text)
{
    const int level = type == QtDebugMsg ? 0 : type == QtInfoMsg ? 1 : type == QtWarningMsg ? 2 : 3;
    say(level, "Qt: " + text.toStdString());
}

}  // namespace

struct QgisRuntime::State {
    // QGuiApplication keeps references to both for its lifetime.
    std::string program = "stadtgdi";
    char* arguments[2] = {program.data(), nullptr};
    int argument_count = 1;
    std::thread::id main_thread = std::this_thread::get_id();
    int maps_at_once = 1, maps = 0;                       // of the main thread
    std::deque<std::function<void()>> waiting_maps;       // the same
    std::atomic<bool> stopped = false;  // quit() was called
    std::atomic<bool> ended = false;    // the event loop is over
    QTemporaryDir profile;
    std::unique_ptr<QgsApplication> application;
};

QgisRuntime::QgisRuntime(const QgisRuntimeOptions& options) : m_state(std::make_unique<State>())
{
    {
        const std::lock_guard lock(log_mutex);
        log_sink = options.log;
    }
    qInstallMessageHandler(qt_message);
    // Text needs a QGuiApplication; the offscreen platform gives one without a screen.
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    if (qEnvironmentVariableIsEmpty("XDG_RUNTIME_DIR"))
        qputenv("XDG_RUNTIME_DIR", QFile::encodeName(m_state->profile.path()));
    // A profile of its own: no user's settings, plugins or passwords; what is drawn depends on the project alone.
    if (options.prefix.empty() && qEnvironmentVariableIsEmpty("QGIS_PREFIX_PATH"))
        qputenv("QGIS_PREFIX_PATH", STADTGDI_QGIS_HOME);

    m_state->application = std::make_unique<QgsApplication>(m_state->argument_count, m_state->arguments, false, m_state->profile.path(),
                                                            QStringLiteral("server"));
    if (!options.prefix.empty())
        QgsApplication::setPrefixPath(QString::fromStdString(options.prefix), true);
    QgsApplication::initQgis();
    if (QRawFont::fromFont(QFont()).familyName().isEmpty())
        say(2, "no font is installed: maps and legends come without words");
    // A data base that takes connections and never answers would keep the main thread for half a minute each time.
    QgsSettings().setValue(QStringLiteral("PostgreSQL/default_timeout"), 3, QgsSettings::Providers);
    register_chosen_rows();
    // One map more than a single client may ask for, so that others do not wait for its maps; and as many threads again, since the effects
    // of a map wait for other threads of the pool.
    m_state->maps_at_once = (options.render_threads > 0 ? options.render_threads : QThread::idealThreadCount()) + 1;
    QgsApplication::setMaxThreads(-1);
    QThreadPool::globalInstance()->setMaxThreadCount(2 * m_state->maps_at_once);

    QObject::connect(QgsApplication::messageLog(), qOverload<const QString&, const QString&, Qgis::MessageLevel>(&QgsMessageLog::messageReceived),
                     m_state->application.get(), [](const QString& text, const QString& tag, Qgis::MessageLevel level) {
                         const int number = level == Qgis::MessageLevel::Critical ? 3 : level == Qgis::MessageLevel::Warning ? 2 : 1;
                         say(number, "QGIS " + tag.toStdString() + ": " + text.toStdString());
                     });
}

void QgisRuntime::start_map(std::function<void()> start)
{
    if (m_state->maps == m_state->maps_at_once) {
        m_state->waiting_maps.push_back(std::move(start));
        return;
    }
    ++m_state->maps;
    start();
}

void QgisRuntime::map_done()
{
    --m_state->maps;
    if (m_state->waiting_maps.empty())
        return;
    const std::function<void()> next = std::move(m_state->waiting_maps.front());
    m_state->waiting_maps.pop_front();
    ++m_state->maps;
    next();
}

int QgisRuntime::maps_at_once() const
{
    return m_state->maps_at_once;
}

QgisRuntime::~QgisRuntime()
{
    QCoreApplication::processEvents();  // projects that others let go of are destroyed here
    QgsApplication::exitQgis();
    m_state->application.reset();
    qInstallMessageHandler(nullptr);
    const std::lock_guard lock(log_mutex);
    log_sink = nullptr;
}

int QgisRuntime::run()
{
    const int result = m_state->stopped ? 0 : QCoreApplication::exec();
    m_state->ended = true;
    QCoreApplication::processEvents();  // what was asked for before the end was known
    return result;
}

void QgisRuntime::quit()
{
    m_state->stopped = true;
    post([this] {
        m_state->ended = true;
        QCoreApplication::quit();
    });
}

bool QgisRuntime::on_main() const
{
    return std::this_thread::get_id() == m_state->main_thread;
}

void QgisRuntime::process_events()
{
    QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
}

void QgisRuntime::post(std::function<void()> work)
{
    // Nobody will do it any more: letting go of the work tells those who wait for it (broken promise).
    if (m_state->ended && !on_main())
        return;
    QMetaObject::invokeMethod(m_state->application.get(), std::move(work), Qt::QueuedConnection);
}

}  // namespace stadtgdi::render
