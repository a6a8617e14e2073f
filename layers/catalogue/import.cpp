// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/catalogue/import/source_files.hpp>
#include <layers/catalogue/import/storing.hpp>
#include <layers/catalogue/import/totals.hpp>
#include <layers/io/source.hpp>
#include <algorithm>
#include <chrono>
#include <iterator>

namespace stadtgdi::catalogue {

namespace {

using namespace detail;

std::string with_records(const std::string& path, const std::string& records) { return records.empty() ? path : path + "?records=" + records; }

// Key columns may be the row id, which sources give on request only.
bool wants_fid(const SourceRule& rule)
{
    return std::ranges::any_of(rule.tables, [](const TableRule& one) {
        return std::ranges::any_of(columns_of(one.key), [](const std::string& name) { return name == "id" || name == "fid"; });
    });
}

// The rows as texts. Those that the condition leaves out, or the reader, are counted.
table::Table read_texts(const std::vector<std::string>& paths, const SourceRule& rule, const ImportOptions& options, ImportReport& report, base::RunContext& run)
{
    std::vector<std::string> full;
    for (const std::string& path : paths)
        full.push_back(with_records(path, rule.records));
    const auto source = io::Source::open(full);
    table::Table rows = source->read({.layer = rule.layer,
                                         .columns = {},
                                         .target_crs = {},
                                         .fid = wants_fid(rule),
                                         .source_file = true,
                                         .as_text = true,
                                         .where = rule.where,
                                         .encoding = options.encoding.empty() ? rule.encoding : options.encoding},
                                        run);
    if (!rule.where.empty())
        report.rows_left_out += source->count(rule.layer, run) - static_cast<std::int64_t>(rows.rows());
    return rows;
}

void add_joins(SourceRows& rows, const SourceRule& rule, SourceFiles& files, ImportReport& report, base::RunContext& run)
{
    for (const JoinRule& join : rule.joins) {
        const std::string path = files.take_joined(join);
        const auto warn = [&](std::string value, base::Text message) {
            report.findings.push_back({.rule = "import.join",
                                       .severity = base::Severity::warning,
                                       .file = path.empty() ? join.files : shown_name(path),
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
                warn(name, base::filled({"'{0}' is not in {1}; what is read from it stays empty.", "„{0}“ fehlt in {1}; was daraus gelesen wird, bleibt leer."}, name, shown_name(path)));
        }
        rows.add_join(join.name, std::move(joined));
    }
}

// Files of which no row came. With a condition that may be as it should.
void report_empty(const std::vector<std::string>& paths, const SourceRule& rule, const SourceRows& rows, ImportReport& report)
{
    if (!rule.where.empty())
        return;
    std::set<std::string> with_rows;
    for (std::size_t row = 0; row < rows.rows(); ++row)
        if (std::string file = rows.file(row); with_rows.empty() || *with_rows.rbegin() != file)
            with_rows.insert(std::move(file));
    for (const base::Finding& finding : report.findings)
        if (finding.rule == "import.cells")
            with_rows.insert(finding.file);
    for (const std::string& path : paths) {
        if (with_rows.contains(shown_name(path)) || path.starts_with("PG:"))
            continue;
        base::Finding finding;
        finding.rule = "import.empty";
        finding.file = shown_name(path);
        finding.layer = rule.layer;
        finding.message = {"The file has no rows.", "Die Datei hat keine Zeilen."};
        report.findings.push_back(std::move(finding));
    }
}

[[noreturn]] void fail_nothing_read(const Mapping& mapping, const ImportReport& report)
{
    const auto empty = std::ranges::find(report.findings, "import.empty", &base::Finding::rule);
    if (empty != report.findings.end())
        throw Error(ErrorKind::bad_data, base::filled({"The file '{0}' is empty (0 bytes); nothing was imported.", "Die Datei „{0}“ ist leer (0 Byte); nichts wurde importiert."}, empty->file));
    std::string patterns;
    for (const SourceRule& rule : mapping.sources)
        patterns += (patterns.empty() ? "" : ", ") + rule.files;
    throw Error(ErrorKind::not_found, base::filled({"None of the files fits the mapping '{0}', which reads {1}.", "Keine der Dateien passt zur Importabbildung „{0}“, die {1} liest."},
                                                   mapping.info.name, patterns));
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
    SourceFiles files(sources);
    ImportReport report;
    ImportState state{.mapping = mapping, .options = options, .city_crs = city.info().crs, .now_us = now_us(), .report = report, .uuids = {}, .earlier = {}, .kept_names = {}, .tables = {}};

    run.progress(0, {"Reading the store", "Bestand wird gelesen"});
    const Stored stored = stored_objects(city, mapping);
    for (const auto& [layer, objects] : stored) {
        state.uuids[layer] = objects.others;
        if (!options.replace)
            state.earlier[layer] = objects.own;
    }

    std::size_t done = 0;
    for (const SourceRule& rule : mapping.sources) {
        const std::vector<std::string> paths = files.take(rule, report.findings);
        const double from = 0.05 + 0.8 * static_cast<double>(done++) / static_cast<double>(mapping.sources.size());
        const double to = 0.05 + 0.8 * static_cast<double>(done) / static_cast<double>(mapping.sources.size());
        if (paths.empty())
            continue;
        run.progress(from, base::filled({"Reading {0}", "{0} wird gelesen"}, rule.layer.empty() ? shown_name(paths.front()) : rule.layer));
        // Reading takes about as long as what follows.
        state.progress_from = (from + to) / 2;
        state.progress_to = to;
        const std::size_t known = report.findings.size();
        SourceRows rows(part(run, report, from, state.progress_from, [&](base::RunContext& inner) { return read_texts(paths, rule, options, report, inner); }), rule);
        const auto damaged = std::count_if(report.findings.begin() + static_cast<std::ptrdiff_t>(known), report.findings.end(), [](const base::Finding& one) { return one.rule == "import.cells"; });
        report.rows_read += damaged;
        report.rows_rejected += damaged;
        report_empty(paths, rule, rows, report);
        if (rows.rows() == 0)
            continue;
        part(run, report, state.progress_from, state.progress_from, [&](base::RunContext& inner) {
            add_joins(rows, rule, files, report, inner);
            return 0;
        });
        Section(state, rule, rows, run).read(run);
    }
    if (files.count_read() == 0)
        fail_nothing_read(mapping, report);
    if (report.rows_read == 0)
        throw Error(ErrorKind::bad_data, {"The sources hold no rows that the mapping reads; nothing was changed. An empty delivery does not replace an earlier one.",
                                          "Die Quellen enthalten keine Zeilen, die die Importabbildung liest; nichts wurde geändert. Eine leere Lieferung ersetzt keine frühere."});
    files.report_unread(mapping, report.findings);

    for (const TotalRule& rule : mapping.totals)
        if (const auto found = state.tables.find(rule.layer->name); found != state.tables.end())
            add_totals(rule, found->second, report.findings);

    if (options.dry_run || report.rows_stored == 0) {
        count_earlier(state, options.dry_run && report.rows_stored > 0 ? stored : Stored{});
    } else {
        run.progress(0.85, {"Writing the store", "Bestand wird geschrieben"});
        store_tables(city, state, sources, files.count_read(), run);
    }
    run.progress(1, {"Done", "Fertig"});
    return report;
}

}  // namespace stadtgdi::catalogue
