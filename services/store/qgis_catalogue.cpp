// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/store/qgis_catalogue.hpp>

#include <services/render/qgis/qgis_runtime.hpp>
#include <services/store/file_watch.hpp>
#include <services/store/generation.hpp>
#include <services/store/postgres_listener.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <set>
#include <thread>

namespace stadtgdi::store {

using project::DataSource;
using project::LoadedProject;

namespace {

/// Everything the data of a project may change by.
class DataWatch {
public:
    explicit DataWatch(const LoadedProject& loaded)
    {
        for (const auto& [name, source] : loaded.sources) {
            add(name, source.data);
            for (const DataSource& joined : source.joined)
                add(name, joined);
        }
        m_failed_files = loaded.failed_files;
        m_failed_stamp = stamp_of(m_failed_files);
    }

    /// A file of a layer that could not be opened has changed: it may be well now.
    bool broken_layer_changed()
    {
        const std::string now = stamp_of(m_failed_files);
        const bool news = now != m_failed_stamp;
        m_failed_stamp = now;
        return news;
    }

    /// Names of the layers whose data changed since the last call.
    std::vector<std::string> changed()
    {
        std::set<std::string> names;
        for (File& file : m_files)
            if (file.watch.changed())
                names.insert(file.layers.begin(), file.layers.end());
        for (Database& database : m_databases) {
            const PostgresListener::News news = database.listener.take();
            for (const auto& [table, layer] : database.layers)
                if (news.everything || news.tables.contains(table))
                    names.insert(layer);
        }
        return {names.begin(), names.end()};
    }

private:
    struct File {
        std::string path;
        FileWatch watch;
        std::set<std::string> layers;
    };
    struct Database {
        std::string connection;
        PostgresListener listener;
        std::multimap<std::string, std::string> layers;  // "schema.table" -> layer
    };

    void add(const std::string& layer, const DataSource& source)
    {
        if (!source.connection.empty()) {
            auto found = std::find_if(m_databases.begin(), m_databases.end(), [&](const Database& d) { return d.connection == source.connection; });
            if (found == m_databases.end()) {
                m_databases.push_back({source.connection, PostgresListener(source.connection), {}});
                found = std::prev(m_databases.end());
            }
            found->layers.emplace((source.schema.empty() ? "public" : source.schema) + "." + source.layer, layer);
            return;
        }
        std::error_code error;
        if (source.path.empty() || !std::filesystem::is_regular_file(source.path, error))
            return;
        auto found = std::find_if(m_files.begin(), m_files.end(), [&](const File& f) { return f.path == source.path; });
        if (found == m_files.end()) {
            m_files.push_back({source.path, FileWatch(project::files_of(source)), {}});
            found = std::prev(m_files.end());
        }
        found->layers.insert(layer);
    }

    std::vector<File> m_files;
    std::vector<Database> m_databases;
    std::vector<std::string> m_failed_files;
    std::string m_failed_stamp;
};

struct Entry {
    std::string path, id;
    bool tried = false;
    std::string stamp;                              // of the project file at the last attempt
    std::shared_ptr<const Generation> current;      // shared with requests; guarded by the state's mutex
    std::unique_ptr<DataWatch> watch;
};

}  // namespace

struct QgisCatalogue::State {
    render::QgisRuntime& runtime;
    StoreSettings settings;
    std::shared_ptr<CoordinateBudget> budget;
    std::vector<Entry> entries;                     // fixed after construction; `current` changes under the mutex
    mutable std::mutex mutex;
    std::condition_variable_any wake;
    std::mutex looking;                             // one look at a time
    std::atomic<bool> finished = false;
    std::jthread thread;

    State(render::QgisRuntime& r, StoreSettings s)
        : runtime(r), settings(std::move(s)), budget(std::make_shared<CoordinateBudget>(settings.max_coordinate_bytes))
    {
        for (const std::string& path : settings.projects) {
            Entry entry;
            entry.path = path;
            entry.id = std::filesystem::path(path).stem().string();
            if (std::any_of(entries.begin(), entries.end(), [&](const Entry& other) { return other.id == entry.id; }))
                throw Error(ErrorKind::invalid_argument,
                            base::filled({"Two projects have the file name '{0}'; each needs a name of its own.",
                                          "Zwei Projekte haben den Dateinamen „{0}“; jedes braucht einen eigenen Namen."}, entry.id));
            entries.push_back(std::move(entry));
        }
    }

    StoreParts parts() { return {runtime, settings, budget}; }

    /// QGIS objects die on the main thread, whoever lets go of them last.
    std::shared_ptr<const LoadedProject> shared(std::unique_ptr<LoadedProject> loaded)
    {
        return {loaded.release(), [&main = runtime](const LoadedProject* last) { main.post([last] { delete last; }); }};
    }

    void publish(Entry& entry, std::shared_ptr<const Generation> generation)
    {
        const std::lock_guard lock(mutex);
        entry.current.swap(generation);
    }

    void load(Entry& entry)
    {
        entry.stamp = stamp_of({entry.path});
        try {
            auto loaded = shared(runtime.call_on_main([&] { return project::read_project(entry.path, settings.reading); }));
            auto watch = std::make_unique<DataWatch>(*loaded);
            for (const auto& [name, reason] : loaded->model.failed_layers)
                spdlog::warn("store: project {}: layer '{}' is not served: {}", entry.id, name, reason);
            publish(entry, std::make_shared<const Generation>(parts(), std::move(loaded)));
            entry.watch = std::move(watch);
            spdlog::info("store: project {} loaded, {} layers", entry.id, entry.current->model().layers.size());
        } catch (const std::exception& error) {
            spdlog::error("store: project {} is not loaded{}: {}", entry.id, entry.current ? ", the last good state stays" : "", error.what());
        }
        const std::lock_guard lock(mutex);
        entry.tried = true;
    }

    void look(Entry& entry)
    {
        if (!entry.tried) {
            load(entry);
            return;
        }
        const std::string stamp = stamp_of({entry.path});
        if (stamp != entry.stamp && stamp != ";") {  // ";": it has gone
            load(entry);
            return;
        }
        if (!entry.watch)
            return;
        if (entry.watch->broken_layer_changed()) {
            load(entry);
            return;
        }
        const std::vector<std::string> changed = entry.watch->changed();
        if (changed.empty())
            return;
        try {
            std::optional<project::ProjectModel> model =
                runtime.call_on_main([&] { return project::refreshed(entry.current->loaded(), entry.current->model(), changed); });
            if (!model) {
                load(entry);
                return;
            }
            publish(entry, std::make_shared<const Generation>(*entry.current, std::move(*model), changed));
            spdlog::info("store: project {}: data of {} layers changed", entry.id, changed.size());
        } catch (const std::exception& error) {
            spdlog::error("store: project {}: changed data cannot be read: {}", entry.id, error.what());
        }
    }
};

QgisCatalogue::QgisCatalogue(render::QgisRuntime& runtime, StoreSettings settings)
    : m_state(std::make_unique<State>(runtime, std::move(settings)))
{
}

QgisCatalogue::~QgisCatalogue()
{
    stop();
}

void QgisCatalogue::start()
{
    m_state->thread = std::jthread([this](std::stop_token stop) {
        while (!stop.stop_requested()) {
            look_once();
            std::mutex unused;
            std::unique_lock lock(unused);
            m_state->wake.wait_for(lock, stop, m_state->settings.poll, [] { return false; });
        }
        m_state->finished = true;
    });
}

void QgisCatalogue::stop()
{
    if (!m_state->thread.joinable())
        return;
    m_state->thread.request_stop();
    // The thread may be waiting for this one.
    while (m_state->runtime.on_main() && !m_state->finished) {
        m_state->runtime.process_events();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    m_state->thread.join();
}

void QgisCatalogue::look_once()
{
    const std::lock_guard lock(m_state->looking);
    for (Entry& entry : m_state->entries)
        m_state->look(entry);
}

std::vector<std::string> QgisCatalogue::project_ids() const
{
    const std::lock_guard lock(m_state->mutex);
    std::vector<std::string> ids;
    for (const Entry& entry : m_state->entries)
        if (entry.current)
            ids.push_back(entry.id);
    std::sort(ids.begin(), ids.end());
    return ids;
}

std::shared_ptr<const PublishedProject> QgisCatalogue::project(const std::string& id) const
{
    const std::lock_guard lock(m_state->mutex);
    for (const Entry& entry : m_state->entries)
        if (entry.id == id)
            return entry.current;
    return nullptr;
}

bool QgisCatalogue::ready() const
{
    const std::lock_guard lock(m_state->mutex);
    return std::all_of(m_state->entries.begin(), m_state->entries.end(), [](const Entry& entry) { return entry.tried; });
}

}  // namespace stadtgdi::store
