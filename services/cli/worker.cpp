// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/worker.hpp>

#include <services/features/features.hpp>
#include <services/ows/dispatch.hpp>
#include <services/render/qgis/qgis_runtime.hpp>
#include <services/server/server.hpp>
#include <services/server/worker_link.hpp>
#include <services/store/file_watch.hpp>
#include <services/store/qgis_catalogue.hpp>
#include <services/tiles/tile_cache.hpp>
#include <services/tiles/tiles.hpp>
#include <services/web/web.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <mutex>
#include <sys/resource.h>
#include <thread>

namespace stadtgdi::cli {

namespace {

void log_of_qgis(server::Log& log, int level, const std::string& text)
{
    if (level >= 3)
        log.error("QGIS: " + text);
    else if (level == 2)
        log.warning("QGIS: " + text);
    else
        log.debug("QGIS: " + text);
}

std::string address_of(const server::Settings& settings, std::uint16_t port)
{
    if (!settings.listener.public_url.empty())
        return settings.listener.public_url;
    const std::string& host = settings.listener.host;
    return "http://" + (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port) + "/";
}

/// Looks at the settings file, and those that it names for areas and public keys, once a second. Who is known and what roles mean holds from then on; a file that is wrong changes nothing and is
/// told in the log and in /admin. The rest waits for SIGHUP, which starts a worker that reads everything anew.
class SettingsWatch {
public:
    SettingsWatch(std::string path, const server::Settings& settings, server::Server& server, server::Log& log)
        : m_path(std::move(path)), m_access(settings.access), m_server(server), m_log(log)
    {
        if (!m_path.empty())
            m_watcher = std::jthread([this](const std::stop_token& stop) { watch(stop); });
    }

private:
    void watch(const std::stop_token& stop)
    {
        std::mutex mutex;
        std::condition_variable_any ended;
        std::unique_lock lock(mutex);
        for (;;) {
            if (ended.wait_for(lock, stop, std::chrono::seconds(1), [&] { return stop.stop_requested(); }))
                return;
            look();
        }
    }

    void look()
    {
        std::vector<std::string> files = m_access.files;
        files.push_back(m_path);
        if (std::string stamp = store::stamp_of(files); stamp != m_stamp)
            m_stamp = std::move(stamp);
        else
            return;
        try {
            const server::Settings settings = server::read_settings(m_path);
            if (settings.access != m_access) {
                m_server.set_access(settings.access);
                m_access = settings.access;
                m_log.info("the access settings have changed and hold from now on");
            }
            told({});
        } catch (const Error& error) {
            told(error.message());
        } catch (const std::exception&) {
            told({"The settings file cannot be read.", "Die Einstellungsdatei lässt sich nicht lesen."});
        }
    }

    /// Once for each fault.
    void told(const base::Text& fault)
    {
        if (fault.en == m_fault.en)
            return;
        if (!fault.en.empty())
            m_log.error("the settings file has changed and is wrong; the last good one holds on: " + fault.en);
        m_server.set_settings_fault(fault);
        m_fault = fault;
    }

    const std::string m_path;
    std::string m_stamp;
    access::AccessSettings m_access;
    base::Text m_fault;
    server::Server& m_server;
    server::Log& m_log;
    std::jthread m_watcher;
};

/// Every connection is a file: the usual soft limit of 1024 would end before limits.connections does.
void allow_many_files()
{
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = std::min<rlim_t>(files.rlim_max, 65536);
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

/// A picture's memory goes back to the C library, not to the system: fresh pages for every map cost time, see docs/benchmarks.md.
void keep_memory_of_pictures()
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 16 << 20);
    mallopt(M_TRIM_THRESHOLD, 32 << 20);
#endif
}

}  // namespace

void serve_in_this_process(const ServeArguments& arguments, Call& call)
{
    server::Settings settings = settings_of(arguments);
    const bool has_parent = !arguments.worker_link.empty();
    allow_many_files();
    keep_memory_of_pictures();
    // Destroyed in reverse: the link's watcher first, then what it may call.
    server::Log log(settings.log);
    render::QgisRuntimeOptions qgis_options;
    qgis_options.render_threads = settings.render_threads;
    qgis_options.log = [&log](int level, const std::string& text) { log_of_qgis(log, level, text); };
    render::QgisRuntime qgis(qgis_options);
    store::QgisCatalogue catalogue(qgis, settings.store);
    server::Server server(settings, catalogue, {ows::handle, features::handle, web::handle, tiles::handle}, log);

    server::WorkerLink parent_link = has_parent ? server::WorkerLink(arguments.worker_link) : server::WorkerLink();
    settings.listener.socket = parent_link.socket();
    http::Listener listener(settings.listener, server.calls());
    server.set_load([&] {
        server::Metrics::Load load;
        load.connections = listener.connections();
        load.in_flight = listener.requests_in_flight();
        load.waiting = listener.waiting();
        load.worker_starts = parent_link.starts();
        const tiles::TileCache::Counts kept = tiles::tile_cache().counts();
        load.tiles = kept.tiles;
        load.tile_bytes = kept.bytes;
        load.most_tile_bytes = kept.most_bytes;
        load.tile_hits = kept.hits;
        load.tile_blocks = kept.made;
        load.outdated_tiles = kept.outdated;
        return load;
    });

    std::atomic<bool> ending = false, gave_up = false;
    parent_link.watch([&] {
        ending = true;
        listener.stop(settings.shutdown_time);   // QGIS's main thread goes on meanwhile: maps in flight need it
        qgis.quit();
    });
    const SettingsWatch settings_watch(arguments.settings, settings, server, log);   // its thread begins after those signals are blocked
    catalogue.start();
    // The first worker answers /healthz at once; one that replaces another takes connections when it can answer them.
    const bool is_first = parent_link.starts() == 1;
    if (is_first)
        listener.start();
    std::thread readiness([&] {
        while (!catalogue.tried() && !ending)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        if (ending)
            return;
        if (parent_link.replaces() && !catalogue.ready()) {  // the one before serves what this one cannot read
            for (const store::ProjectFault& fault : catalogue.faults())
                log.error("project " + fault.id + " cannot be read, so the worker before goes on: " + fault.reason.en);
            gave_up = true;
            return qgis.quit();
        }
        if (!is_first)
            listener.start();
        parent_link.say_ready();
        std::string ids;
        for (const std::string& id : catalogue.project_ids())
            ids += (ids.empty() ? "" : ", ") + id;
        server.tell_unused_patterns();
        log.info("serving " + (ids.empty() ? std::string("no project") : ids) + " on " + address_of(settings, listener.port()));
    });
    qgis.run();
    ending = true;
    readiness.join();
    catalogue.stop();
    call.exit_code = gave_up ? exit_io : exit_ok;
}

}  // namespace stadtgdi::cli
