// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/catalogue/import/section.hpp>
#include <layers/catalogue/import/totals.hpp>
#include <layers/io/database.hpp>
#include <layers/io/source.hpp>
#include <algorithm>
#include <chrono>
#include <iterator>

namespace stadtgdi::catalogue {

namespace {

namespace fs = std::filesystem;
using namespace detail;

std::string file_name(const std::string& path) { return fs::path(path).filename().string(); }

// The given sources that a section reads: all, or the files that fit its pattern, folders opened.
std::vector<std::string> files_of(const SourceRule& rule, const std::vector<std::string>& sources)
{
    if (rule.files.empty())
        return sources;
    std::vector<std::string> all;
    for (const std::string& source : sources) {
        std::error_code ignored;
        if (fs::is_directory(source, ignored)) {
            for (const auto& entry : fs::directory_iterator(source, ignored))
                if (entry.is_regular_file(ignored) && matches(rule.files, entry.path().filename().string()))
                    all.push_back(entry.path().string());
        } else if (matches(rule.files, file_name(source))) {
            all.push_back(source);
        }
    }
    std::ranges::sort(all);
    return all;
}

// A joined file is one of the sources or lies beside them.
std::string joined_file(const JoinRule& rule, const std::vector<std::string>& sources)
{
    std::vector<fs::path> folders;
    for (const std::string& source : sources) {
        std::error_code ignored;
        if (fs::is_directory(source, ignored))
            folders.emplace_back(source);
        else if (matches(rule.files, file_name(source)))
            return source;
        else
            folders.push_back(fs::path(source).has_parent_path() ? fs::path(source).parent_path() : fs::path("."));
    }
    for (const fs::path& folder : folders) {
        std::error_code ignored;
        for (const auto& entry : fs::directory_iterator(folder, ignored))
            if (matches(rule.files, entry.path().filename().string()))
                return entry.path().string();
    }
    return {};
}

std::string with_records(const std::string& path, const std::string& records) { return records.empty() ? path : path + "?records=" + records; }

table::Table read_texts(const std::vector<std::string>& paths, const SourceRule& rule, const ImportOptions& options, bool fid, base::RunContext& run)
{
    std::vector<std::string> full;
    for (const std::string& path : paths)
        full.push_back(with_records(path, rule.records));
    return io::Source::open(full)->read({.layer = rule.layer,
                                         .columns = {},
                                         .target_crs = {},
                                         .fid = fid,
                                         .source_file = true,
                                         .as_text = true,
                                         .where = rule.where,
                                         .encoding = options.encoding.empty() ? rule.encoding : options.encoding},
                                        run);
}

// Key columns may be the row id, which sources give on request only.
bool wants_fid(const SourceRule& rule)
{
    return std::ranges::any_of(rule.tables, [](const TableRule& one) {
        return std::ranges::any_of(columns_of(one.key), [](const std::string& name) { return name == "id" || name == "fid"; });
    });
}

void add_joins(SourceRows& rows, const SourceRule& rule, const std::vector<std::string>& sources, ImportReport& report, base::RunContext& run)
{
    for (const JoinRule& join : rule.joins) {
        const std::string path = joined_file(join, sources);
        const auto warn = [&](std::string value, base::Text message) {
            report.findings.push_back({.rule = "import.join",
                                       .severity = base::Severity::warning,
                                       .file = path.empty() ? join.files : file_name(path),
                                       .layer = rule.tables.empty() ? std::string() : rule.tables.front().layer->name,
                                       .uuid = {},
                                       .field = join.there,
                                       .value = std::move(value),
                                       .message = std::move(message),
                                       .x = {},
                                       .y = {}});
        };
        if (path.empty()) {
            warn({}, base::filled({"The file '{0}' is not beside the sources; what is read from it stays empty.",
                                   "Die Datei „{0}“ liegt nicht bei den Quellen; was aus ihr gelesen wird, bleibt leer."},
                                  join.files));
            continue;
        }
        const auto file = io::Source::open(with_records(path, join.records));
        SourceRows other(file->read({.layer = {}, .columns = {}, .target_crs = {}, .as_text = true, .where = {}, .encoding = {}}, run), rule);
        std::unordered_map<std::string, std::int64_t> row_of;
        std::string scratch;
        const table::Column* there = other.column(join.there);
        for (std::size_t row = 0; there && row < other.rows(); ++row)
            row_of.emplace(std::string(other.text(there, row, {}, scratch)), static_cast<std::int64_t>(row));
        Joined joined{other.table(), std::vector<std::int64_t>(rows.rows(), -1)};
        const table::Column* here = rows.column(join.here);
        for (std::size_t row = 0; row < rows.rows(); ++row) {
            const std::string name(rows.text(here, row, {}, scratch));
            if (const auto found = row_of.find(name); found != row_of.end() && !name.empty())
                joined.row_of[row] = found->second;
            else
                warn(name, base::filled({"'{0}' is not in {1}; what is read from it stays empty.", "„{0}“ fehlt in {1}; was daraus gelesen wird, bleibt leer."}, name, file_name(path)));
        }
        rows.add_join(join.name, std::move(joined));
    }
}

// The table with the columns of `schema`, in that order; columns it lacks are null.
table::Table aligned(const table::Table& table, const table::Schema& schema)
{
    std::vector<table::Column> columns;
    for (const table::Field& field : schema.fields) {
        const table::Column* found = table.find(field.name);
        if (found && found->type() == field.type) {
            columns.push_back(*found);
            continue;
        }
        table::ColumnBuilder empty(field.type);
        for (std::size_t row = 0; row < table.rows(); ++row)
            empty.add_null();
        columns.push_back(std::move(empty).finish());
    }
    std::optional<table::GeometryColumn> geometry;
    if (schema.geometry && table.has_geometry())
        geometry = table.geometry();
    return {schema, std::move(columns), std::move(geometry)};
}

table::Table united(const std::vector<table::Table>& tables)
{
    table::Schema schema = tables.front().schema();
    for (const table::Table& one : tables)
        for (const table::Field& field : one.schema().fields)
            if (!schema.find(field.name))
                schema.fields.push_back(field);
    std::vector<table::Table> same;
    for (const table::Table& one : tables)
        same.push_back(aligned(one, schema));
    return same.size() == 1 ? same.front() : table::concatenate(same);
}

// Rows of the store that this import leaves alone: all when it appends, else those of other sources.
table::Table kept_rows(const table::Table& stored, const std::string& mapping, bool replace)
{
    std::vector<std::int64_t> kept;
    const table::Column* source = stored.find("source_ref");
    for (std::size_t row = 0; row < stored.rows(); ++row)
        if (!replace || !source || source->text(row) != mapping)
            kept.push_back(static_cast<std::int64_t>(row));
    return kept.size() == stored.rows() ? stored : stored.take(kept);
}

std::string joined_text(const std::string& a, const std::string& b)
{
    return a.empty() || a == b ? b : b.empty() || a.find(b) != std::string::npos ? a : a + "; " + b;
}

void describe(City::Edit& edit, const std::vector<StoredLayer>& before, const std::string& name, bool alone, const ImportState& state)
{
    const LayerDefinition* definition = find_layer(name);
    StoredLayer layer;
    const auto known = std::ranges::find(before, name, &StoredLayer::name);
    if (known != before.end())
        layer = *known;
    if (alone)
        layer.source = layer.attribution = layer.licence = "";
    layer.name = layer.definition = name;
    layer.crs = definition->crs.empty() ? state.city_crs : definition->crs;
    layer.rows = 0;
    layer.disclosure = known != before.end() && static_cast<int>(known->disclosure) > static_cast<int>(definition->disclosure) ? known->disclosure : definition->disclosure;
    layer.source = joined_text(layer.source, state.mapping.source.empty() ? state.mapping.info.title.en : state.mapping.source);
    layer.attribution = joined_text(layer.attribution, state.mapping.info.attribution);
    layer.licence = joined_text(layer.licence, state.mapping.info.licence);
    const bool shifted = state.options.shift_x_m != 0 || state.options.shift_y_m != 0;
    layer.demonstration = (!alone && layer.demonstration) || state.options.demonstration || state.mapping.demonstration || shifted;
    edit.describe(layer);
}

// Runs a step whose own progress, 0 to 1, is the part [from, to] of the whole and never steps back; its findings go to the report.
template <class Work> auto part(base::RunContext& run, ImportReport& report, double from, double to, Work work)
{
    base::RunContext inner(run.threads(), run.stop());
    double reached = 0;
    inner.on_progress = [&](double share, const base::Text& what) {
        reached = std::max(reached, share);
        run.progress(from + (to - from) * reached, what);
    };
    auto result = work(inner);
    std::ranges::move(inner.take_findings(), std::back_inserter(report.findings));
    return result;
}

void store(City& city, ImportState& state, const std::map<std::string, table::Table>& kept, const std::vector<std::string>& sources, base::RunContext& run)
{
    const std::vector<StoredLayer> before = city.layers();
    City::Edit edit = city.edit();
    double written = 0;
    const double step = 0.15 / static_cast<double>(state.tables.size());
    for (const auto& [name, tables] : state.tables) {
        std::vector<table::Table> all;
        const auto old = kept.find(name);
        const bool alone = old == kept.end() || old->second.rows() == 0;
        if (!alone)
            all.push_back(old->second);
        all.insert(all.end(), tables.begin(), tables.end());
        part(run, state.report, 0.85 + step * written, 0.85 + step * (written + 1), [&](base::RunContext& inner) {
            edit.replace(name, united(all), inner);
            return 0;
        });
        ++written;
        describe(edit, before, name, alone, state);
    }
    std::string names;
    for (const std::string& source : sources)
        names += (names.empty() ? "" : ", ") + (io::is_postgis(source) ? io::shown_path(source) : file_name(source));
    const auto now = state.now_us;
    edit.record({table::datetime_text(now - now % 1'000'000), state.mapping.info.name, names.substr(0, 2000), state.report.rows_read, state.report.rows_stored, state.report.rows_rejected});
    edit.commit();
}

std::int64_t now_us()
{
    using namespace std::chrono;
    return duration_cast<microseconds>(floor<seconds>(system_clock::now()).time_since_epoch()).count();
}

}  // namespace

ImportReport import(City& city, const std::vector<std::string>& sources, const ImportOptions& options, base::RunContext& run)
{
    if (sources.empty())
        throw Error(ErrorKind::invalid_argument, {"No source is named; a file, folder or connection is expected.", "Keine Quelle genannt; erwartet wird eine Datei, ein Ordner oder eine Verbindung."});
    const Mapping mapping = find_mapping(options.mapping);
    ImportReport report;
    ImportState state{.mapping = mapping, .options = options, .city_crs = city.info().crs, .now_us = now_us(), .report = report, .uuids = {}, .tables = {}};

    run.progress(0, {"Reading the store", "Bestand wird gelesen"});
    std::map<std::string, table::Table> kept;
    for (const StoredLayer& layer : city.layers()) {
        if (std::ranges::find(mapping.info.layers, layer.name) == mapping.info.layers.end())
            continue;
        const table::Table rows = part(run, report, 0, 0, [&](base::RunContext& inner) { return kept_rows(city.read(layer.name, inner), mapping.info.name, options.replace); });
        if (const table::Column* uuid = rows.find("uuid"))
            for (std::size_t row = 0; row < rows.rows(); ++row)
                state.uuids[layer.name].emplace(uuid->text(row));
        kept.emplace(layer.name, rows);
    }

    std::set<std::string> read;
    std::size_t done = 0;
    for (const SourceRule& rule : mapping.sources) {
        const std::vector<std::string> files = files_of(rule, sources);
        const double from = 0.05 + 0.8 * static_cast<double>(done++) / static_cast<double>(mapping.sources.size());
        const double to = 0.05 + 0.8 * static_cast<double>(done) / static_cast<double>(mapping.sources.size());
        if (files.empty())
            continue;
        read.insert(files.begin(), files.end());
        run.progress(from, base::filled({"Reading {0}", "{0} wird gelesen"}, rule.layer.empty() ? file_name(files.front()) : rule.layer));
        // Reading takes about as long as what follows.
        state.progress_from = (from + to) / 2;
        state.progress_to = to;
        SourceRows rows(part(run, report, from, state.progress_from, [&](base::RunContext& inner) { return read_texts(files, rule, options, wants_fid(rule), inner); }), rule);
        part(run, report, state.progress_from, state.progress_from, [&](base::RunContext& inner) {
            add_joins(rows, rule, sources, report, inner);
            return 0;
        });
        Section(state, rule, rows, run).read(run);
    }
    if (read.empty()) {
        std::string patterns;
        for (const SourceRule& rule : mapping.sources)
            patterns += (patterns.empty() ? "" : ", ") + rule.files;
        throw Error(ErrorKind::not_found, base::filled({"None of the files fits the mapping '{0}', which reads {1}.", "Keine der Dateien passt zur Importabbildung „{0}“, die {1} liest."},
                                                       mapping.info.name, patterns));
    }

    for (const TotalRule& rule : mapping.totals)
        if (const auto found = state.tables.find(rule.layer->name); found != state.tables.end())
            add_totals(rule, found->second, report.findings);

    for (const auto& [name, tables] : state.tables) {
        std::int64_t stored = 0;
        for (const table::Table& one : tables)
            stored += static_cast<std::int64_t>(one.rows());
        report.layers.push_back({name, stored});
    }
    if (!options.dry_run && !state.tables.empty()) {
        run.progress(0.85, {"Writing the store", "Bestand wird geschrieben"});
        store(city, state, kept, sources, run);
    }
    run.progress(1, {"Done", "Fertig"});
    return report;
}

}  // namespace stadtgdi::catalogue
