// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/store/qgis_catalogue.hpp>

#include <layers/crs/grids.hpp>
#include <services/render/qgis/qgis_runtime.hpp>
#include <services/store/file_watch.hpp>
#include <services/store/generation.hpp>
#include <services/store/postgres_listener.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <condition_variable>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <thread>

namespace stadtgdi::store {

using project::DataSource;
using project::LoadedProject;

namespace {

/// Everything the data of a project may change by.
class DataWatch {
public:
    /// Marks the tables whose writes are counted.
    explicit DataWatch(LoadedProject& loaded)
    {
        for (const auto& [name, source] : loaded.sources)
            add(name, source, true);
        for (auto& [name, source] : loaded.sources)
            if (!source.in_city) {
                look_for_counts(source.data);
                std::ranges::for_each(source.joined, [this](DataSource& joined) { look_for_counts(joined); });
            }
        m_any_failed = !loaded.failed.empty();
        for (const LoadedProject::Failed& failed : loaded.failed) {
            add(not_served, failed.source, failed.opened);
            for (const std::string& file : project::files_of(failed.source.data))
                m_failed_files.push_back(file);
            m_store_unreadable = m_store_unreadable || failed.store_unreadable;
        }
        m_failed_stamp = stamp_of(m_failed_files);
        m_asked_again = Clock::now();
    }

    struct News {
        std::set<std::string> layers;  ///< whose data changed
        bool classes = false;          ///< a store's word on its tables may have changed
        bool failed = false;           ///< something happened where a layer is that is not served
        bool gone = false;             ///< a table is not there any more
        bool any() const { return !layers.empty() || classes || failed || gone; }
    };
    /// Since the last call.
    News take()
    {
        News news;
        for (File& file : m_files)
            if (file.watch.changed())
                news.layers.insert(file.layers.begin(), file.layers.end());
        for (Database& database : m_databases) {
            const PostgresListener::News heard = database.listener.take();
            news.gone = news.gone || heard.gone;
            for (const auto& [table, layer] : database.layers)
                if (heard.everything || heard.tables.contains(table))
                    news.layers.insert(layer);
            for (const std::string& schema : database.schemas)
                news.classes = news.classes || heard.everything || heard.tables.contains(schema + ".stadtgdi_layer");
        }
        news.failed = news.layers.erase(not_served) > 0 || failed_file_changed() || (news.classes && m_any_failed);
        news.classes = news.classes || news.failed || !news.layers.empty() || is_time_to_ask_again();
        return news;
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
        std::set<std::string> schemas;
    };
    using Clock = std::chrono::steady_clock;
    static constexpr const char* not_served = "";  // stands for the layers that failed
    static constexpr std::chrono::seconds pause_between_questions{5};

    /// A file of a layer that could not be opened has changed: it may be well now.
    bool failed_file_changed()
    {
        const std::string now = stamp_of(m_failed_files);
        const bool news = now != m_failed_stamp;
        m_failed_stamp = now;
        return news;
    }

    /// A store that did not answer (locked, restarting) is asked again, though nothing in it may change.
    bool is_time_to_ask_again()
    {
        if (!m_store_unreadable || Clock::now() - m_asked_again < pause_between_questions)
            return false;
        m_asked_again = Clock::now();
        return true;
    }

    void look_for_counts(DataSource& source)
    {
        // A filter may ask other tables.
        std::string filter = source.subset;
        std::ranges::transform(filter, filter.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        const bool of_this_table = !source.is_query && filter.find("select") == std::string::npos;
        const auto database = std::ranges::find(m_databases, source.connection, &Database::connection);
        source.counted = !source.connection.empty() && of_this_table && database != m_databases.end() &&
                         database->listener.counts(schema_of(source), source.layer);
    }

    static std::string schema_of(const DataSource& source) { return source.schema.empty() ? "public" : source.schema; }

    void add(const std::string& layer, const LoadedProject::Source& source, bool opened)
    {
        add(layer, source.data, opened);
        for (const DataSource& joined : source.joined)
            add(layer, joined, opened);
    }

    /// `there`: whether the table was there when the project was read.
    void add(const std::string& layer, const DataSource& source, bool there)
    {
        if (!source.connection.empty()) {
            auto found = std::find_if(m_databases.begin(), m_databases.end(), [&](const Database& d) { return d.connection == source.connection; });
            if (found == m_databases.end()) {
                m_databases.push_back({source.connection, PostgresListener(source.connection), {}, {}});
                found = std::prev(m_databases.end());
            }
            const std::string schema = schema_of(source);
            found->layers.emplace(schema + "." + source.layer, layer);
            found->schemas.insert(schema);
            found->listener.watch(schema, source.layer, there);
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
    bool m_any_failed = false, m_store_unreadable = false;
    Clock::time_point m_asked_again;
};

constexpr std::chrono::seconds shortest_pause{5}, longest_pause{60};
constexpr const char* no_file = ";";  // the stamp of one that is not there

struct Entry {
    std::string path, id;
    bool tried = false, there = false;              // the file, at the last attempt; guarded by the state's mutex
    enum class Reload { no, project, data } reload = Reload::no;  // what asks for the project to be read again
    std::string stamp;                              // of the project file at the last attempt
    std::shared_ptr<const Generation> current;      // shared with requests; guarded by the state's mutex
    std::unique_ptr<DataWatch> watch;
    std::optional<std::chrono::steady_clock::time_point> retry;  // of what failed
    std::chrono::seconds pause = shortest_pause;    // until then, the next time
    std::set<std::string> gone, lost;               // layers whose file was not there at the last look; those that are left out for it
    std::optional<base::Text> fault;                // why the project as it is now is not served; guarded by the state's mutex
};

}  // namespace

std::string ProjectFile::name() const { return !id.empty() ? id : std::filesystem::path(path).stem().string(); }

struct QgisCatalogue::State {
    render::QgisRuntime& runtime;
    StoreSettings settings;
    std::shared_ptr<CoordinateBudget> budget;
    std::vector<Entry> entries;                     // fixed after construction; `current` changes under the mutex
    mutable std::mutex mutex;
    std::condition_variable_any wake;
    std::mutex looking;                             // one look at a time
    std::map<std::string, std::vector<std::string>> grids;   // that are missing, by CRS; asking takes PROJ a moment
    std::atomic<bool> finished = false;
    RowLoader loader;
    std::jthread thread;

    State(render::QgisRuntime& r, StoreSettings s)
        : runtime(r), settings(std::move(s)), budget(std::make_shared<CoordinateBudget>(settings.max_coordinate_bytes))
    {
        for (const ProjectFile& file : settings.projects) {
            Entry entry;
            entry.path = file.path;
            entry.id = file.name();
            static const std::set<std::string> taken{"admin", "healthz", "login", "logout", "metrics", "readyz", "robots.txt", "stadtgdi.css", "favicon.ico", "favicon.svg"};
            if (taken.contains(entry.id))
                throw Error(ErrorKind::invalid_argument, base::filled({"A project cannot be named '{0}': the service itself has this address.",
                                                                       "Ein Projekt kann nicht „{0}“ heißen: Diese Adresse hat der Dienst selbst."}, entry.id));
            if (std::any_of(entries.begin(), entries.end(), [&](const Entry& other) { return other.id == entry.id; }))
                throw Error(ErrorKind::invalid_argument,
                            base::filled({"Two projects have the name '{0}'; each needs a name of its own.", "Zwei Projekte heißen „{0}“; jedes braucht einen eigenen Namen."}, entry.id));
            entries.push_back(std::move(entry));
        }
    }

    StoreParts parts() { return {runtime, settings, budget, loader}; }

    /// QGIS objects die on the main thread, whoever lets go of them last.
    std::shared_ptr<LoadedProject> shared(std::unique_ptr<LoadedProject> loaded)
    {
        return {loaded.release(), [&main = runtime](const LoadedProject* last) { main.post([last] { delete last; }); }};
    }

    void publish(Entry& entry, std::shared_ptr<const Generation> generation)
    {
        const std::lock_guard lock(mutex);
        entry.current.swap(generation);
    }

    /// Places of a CRS whose grid is missing may be metres off, and nothing else would tell.
    void tell_missing_grids(project::ProjectModel& model)
    {
        std::set<std::string> codes(model.offered_crs.begin(), model.offered_crs.end());
        for (const project::PublishedLayer& layer : model.layers)
            codes.insert(layer.crs);
        codes.erase("OGC:CRS84");  // as EPSG:4326
        for (const std::string& code : codes) {
            if (!grids.contains(code))
                grids[code] = crs::missing_grids(code, "EPSG:4258");
            for (const std::string& grid : grids[code]) {
                spdlog::warn("store: project {}: the grid {} of PROJ is not installed: places in {} may be metres off", model.id, grid, code);
                model.missing_grids.emplace_back(grid, code);
            }
        }
    }

    void load(Entry& entry)
    {
        entry.stamp = stamp_of({entry.path});
        std::optional<base::Text> fault;
        try {
            project::ReadSettings reading = settings.reading;
            reading.id = entry.id;
            auto loaded = shared(runtime.call_on_main([&] { return project::read_project(entry.path, reading); }));
            auto watch = std::make_unique<DataWatch>(*loaded);
            for (const auto& [name, reason] : loaded->model.failed_layers)
                spdlog::warn("store: project {}: layer '{}' is not served: {}", entry.id, name, reason.en);
            tell_missing_grids(loaded->model);
            publish(entry, std::make_shared<const Generation>(parts(), std::move(loaded)));
            entry.watch = std::move(watch);
            entry.gone.clear();
            entry.lost.clear();
            if (settings.read_ahead)
                entry.current->read_ahead();
            const std::vector<project::PublishedLayer>& layers = entry.current->model().layers;
            spdlog::info("store: project {} loaded, {} layers", entry.id, layers.size());
            if (std::ranges::none_of(layers, &project::PublishedLayer::in_wfs))
                spdlog::info("store: project {}: no layer is published as features; tick them in QGIS under Project > Properties > QGIS Server > WFS", entry.id);
        } catch (const Error& error) {
            fault = error.message();
        } catch (const std::exception& error) {
            fault = base::Text::same(error.what());
        }
        entry.reload = Entry::Reload::no;
        entry.retry.reset();
        if (fault)
            try_later(entry);
        else
            entry.pause = shortest_pause;
        const std::lock_guard lock(mutex);
        if (fault && (!entry.fault || entry.fault->en != fault->en))  // not told at each attempt
            spdlog::error("store: project {} is not loaded{}: {}", entry.id, entry.current ? ", the last good state stays" : "", fault->en);
        entry.fault = std::move(fault);
        entry.there = entry.stamp != no_file;
        entry.tried = true;
    }

    static void try_later(Entry& entry)
    {
        entry.retry = std::chrono::steady_clock::now() + entry.pause;
        entry.pause = std::min(entry.pause * 2, longest_pause);
    }

    /// Layers of another class are gone at once, before any project is read again: that takes seconds.
    void cut(Entry& entry, const std::set<std::string>& reclassified)
    {
        project::ProjectModel model = entry.current->model();
        project::leave_out(model, [&](const project::PublishedLayer& layer) { return reclassified.contains(layer.name); });
        publish(entry, std::make_shared<const Generation>(*entry.current, std::move(model), std::vector<std::string>()));
        spdlog::info("store: project {}: {} layers of another disclosure class are not served until it is read again", entry.id, reclassified.size());
    }

    /// A layer whose rows were not read before its file went is not served until the file is back; those that are held go on. Only at the second
    /// look in a row: a file is gone for a moment where another takes its place.
    void lose(Entry& entry)
    {
        const Generation& current = *entry.current;
        std::set<std::string> gone, lost;
        for (const project::PublishedLayer& layer : current.model().layers)
            if (!current.rows_held(layer.name) && current.source_gone(layer.name))
                gone.insert(layer.name);
        std::ranges::set_intersection(gone, entry.gone, std::inserter(lost, lost.end()));
        entry.gone = std::move(gone);
        if (lost.empty())
            return;
        project::ProjectModel model = current.model();
        project::leave_out(model, [&](const project::PublishedLayer& layer) { return lost.contains(layer.name); });
        for (const std::string& name : lost) {
            model.failed_layers.emplace_back(name, base::Text{"its file is gone", "seine Datei ist verschwunden"});
            spdlog::warn("store: project {}: layer '{}' is not served: its file is gone", entry.id, name);
        }
        entry.lost.merge(lost);
        publish(entry, std::make_shared<const Generation>(current, std::move(model), std::vector<std::string>()));
    }

    /// Takes over what is quickly done and notes what asks for the project to be read again.
    void look(Entry& entry)
    {
        if (!entry.tried) {
            entry.reload = Entry::Reload::project;
            return;
        }
        const std::string stamp = stamp_of({entry.path});
        if (stamp != entry.stamp && stamp != no_file)
            entry.reload = Entry::Reload::project;
        if (entry.retry && std::chrono::steady_clock::now() >= *entry.retry) {
            entry.retry.reset();
            entry.reload = Entry::Reload::data;
        }
        if (!entry.watch)
            return;
        lose(entry);
        if (!entry.retry && std::ranges::any_of(entry.lost, [&](const std::string& layer) { return !entry.current->source_gone(layer); }))
            entry.reload = Entry::Reload::data;
        const DataWatch::News news = entry.watch->take();
        if (!news.any())
            return;
        const LoadedProject& loaded = entry.current->loaded();
        const project::ClassNews classes = project::class_news(loaded, entry.current->model(), settings.reading);
        if (!classes.layers.empty() || classes.more || news.gone || (news.failed && runtime.call_on_main([&] { return project::opens_now(loaded); }))) {
            if (!classes.layers.empty())
                cut(entry, classes.layers);
            entry.reload = Entry::Reload::data;
        }
        if (entry.reload != Entry::Reload::no) {
            entry.reload = Entry::Reload::data;  // what the data had to say is taken: it must not be lost where reading fails
            return;
        }
        const std::vector<std::string> changed(news.layers.begin(), news.layers.end());
        if (changed.empty())
            return;
        try {
            std::optional<project::ProjectModel> model =
                runtime.call_on_main([&] { return project::refreshed(entry.current->loaded(), entry.current->model(), changed); });
            if (!model) {
                entry.reload = Entry::Reload::data;
                return;
            }
            publish(entry, std::make_shared<const Generation>(*entry.current, std::move(*model), changed));
            if (settings.read_ahead)
                entry.current->read_ahead();
            spdlog::info("store: project {}: data of {} layers changed", entry.id, changed.size());
        } catch (const std::exception& error) {
            spdlog::error("store: project {}: changed data cannot be read: {}", entry.id, error.what());
            try_later(entry);  // what the data had to say is taken
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
    State& state = *m_state;
    const bool runs = state.thread.joinable();
    state.thread.request_stop();
    state.loader.request_stop();
    // Both threads may be waiting for this one.
    while (state.runtime.on_main() && ((runs && !state.finished) || !state.loader.finished())) {
        state.runtime.process_events();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (runs)
        state.thread.join();
}

void QgisCatalogue::look_once()
{
    const std::lock_guard lock(m_state->looking);
    // One project is read at a time, and all are looked at before the next. What asks again and again waits for the next look.
    for (std::size_t left = m_state->entries.size();; --left) {
        for (Entry& entry : m_state->entries)
            m_state->look(entry);
        const auto next = std::ranges::find_if(m_state->entries, [](const Entry& entry) { return entry.reload != Entry::Reload::no; });
        if (next == m_state->entries.end() || left == 0)
            return;
        m_state->load(*next);
    }
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
    return std::ranges::all_of(m_state->entries, [](const Entry& entry) { return entry.tried && (entry.current || !entry.there); });
}

bool QgisCatalogue::tried() const
{
    const std::lock_guard lock(m_state->mutex);
    return std::ranges::all_of(m_state->entries, &Entry::tried);
}

std::vector<ProjectFault> QgisCatalogue::faults() const
{
    const std::lock_guard lock(m_state->mutex);
    std::vector<ProjectFault> faults;
    for (const Entry& entry : m_state->entries)
        if (entry.fault)
            faults.push_back({entry.id, *entry.fault, entry.current != nullptr});
    return faults;
}

}  // namespace stadtgdi::store
