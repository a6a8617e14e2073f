// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <layers/crs/transform.hpp>
#include <layers/io/sink.hpp>
#include <services/ows/exception.hpp>
#include <services/ows/file_answer.hpp>
#include <services/ows/kvp.hpp>
#include <unistd.h>
#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace stadtgdi::ows {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t read_bytes = 256 * 1024;

[[noreturn]] void fail_to_prepare() { throw base::Error(base::ErrorKind::io, {"The file cannot be prepared.", "Die Datei kann nicht vorbereitet werden."}); }

/// A folder that no other user can enter and that goes with everything in it.
class PrivateFolder {
public:
    PrivateFolder()
    {
        std::error_code error;
        std::string pattern = (fs::temp_directory_path(error) / "stadtgdi-file-XXXXXX").string();
        if (error || mkdtemp(pattern.data()) == nullptr) fail_to_prepare();
        m_path = pattern;
    }
    ~PrivateFolder()
    {
        std::error_code error;
        fs::remove_all(m_path, error);
    }
    PrivateFolder(const PrivateFolder&) = delete;
    PrivateFolder& operator=(const PrivateFolder&) = delete;
    const fs::path& path() const { return m_path; }

    std::int64_t bytes() const
    {
        std::int64_t sum = 0;
        std::error_code error;
        for (auto at = fs::recursive_directory_iterator(m_path, error); !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
            std::error_code gone;  // programs make and remove files as they write
            const auto size = at->is_regular_file(gone) ? at->file_size(gone) : 0;
            if (!gone) sum += static_cast<std::int64_t>(size);
        }
        return sum;
    }

private:
    fs::path m_path;
};

/// Bytes of a file that has no name any more.
class NamelessFile {
public:
    explicit NamelessFile(const fs::path& path) : m_descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC))
    {
        if (m_descriptor < 0 || ::unlink(path.c_str()) != 0) fail_to_prepare();
    }
    ~NamelessFile()
    {
        if (m_descriptor >= 0) ::close(m_descriptor);
    }
    NamelessFile(const NamelessFile&) = delete;
    NamelessFile& operator=(const NamelessFile&) = delete;

    bool next(std::string& piece) const
    {
        piece.resize(read_bytes);
        const ::ssize_t got = ::read(m_descriptor, piece.data(), piece.size());
        if (got < 0) fail_to_prepare();
        piece.resize(static_cast<std::size_t>(got));
        return got > 0;
    }

private:
    int m_descriptor;
};

std::string free_name(const table::Schema& schema, const std::string& wanted)
{
    std::string name = wanted;
    for (int n = 2; std::any_of(schema.fields.begin(), schema.fields.end(), [&](const table::Field& field) { return equal_ignoring_case(field.name, name); }); ++n)
        name = wanted + "_" + std::to_string(n);
    return name;
}

/// GeoPackage has row ids: ours, as a column of the layer where it is one already.
std::string add_ids(table::Table& table, const std::vector<std::int64_t>& fids)
{
    for (std::size_t i = 0; i < table.columns().size(); ++i) {
        const table::Column& column = table.column(i);
        if (equal_ignoring_case(table.schema().fields[i].name, "fid") && column.type() == table::Type::int64 && column.validity().all_valid() &&
            std::equal(fids.begin(), fids.end(), column.ints().begin(), column.ints().end()))
            return table.schema().fields[i].name;
    }
    std::string name = free_name(table.schema(), "fid");
    table = table.with_column({name, table::Type::int64}, table::Column::of_ints(table::Buffer<std::int64_t>(std::vector(fids))));
    return name;
}

struct SentRows {
    table::Table table;
    std::vector<std::int64_t> fids;
};

/// The columns and rows that were asked for, in the CRS that was asked for.
SentRows sent_rows(const FaceContext& context, const NamedAnswer& named, std::string_view parameter)
{
    const FeatureAnswer& answer = named.answer;
    std::shared_ptr<const store::Snapshot> snapshot = answer.selection.snapshot;  // shared with the other readers of the layer
    std::int64_t first = answer.start;
    if (!snapshot) {
        try {
            snapshot = context.project.query(named.layer->name, {.box = answer.selection.source_box, .start = answer.start, .count = answer.count}, context.run);
        } catch (const base::Error& error) {
            if (error.kind() != base::ErrorKind::unsupported) throw;
            throw OwsException(Code::option_not_supported, parameter, {"This layer is too large for a file; fewer rows, or formats that are written as text are possible.",
                                                                       "Dieser Layer ist zu groß für eine Datei; möglich sind weniger Zeilen, oder Formate, die als Text geschrieben werden."});
        }
        first = 0;
    }
    const auto there = static_cast<std::int64_t>(answer.selection.rows ? answer.selection.rows->size() : snapshot->table.rows());
    std::vector<std::int64_t> rows;
    for (std::int64_t i = first; i < std::min(first + answer.count, there); ++i)
        rows.push_back(answer.selection.rows ? (*answer.selection.rows)[static_cast<std::size_t>(i)] : i);
    SentRows result;
    result.table = snapshot->table.select(answer.shape.fields);
    if (!answer.shape.with_geometry) result.table = result.table.without_geometry();
    const bool all = !answer.selection.rows && rows.size() == snapshot->table.rows();
    if (!all) result.table = result.table.take(rows);
    for (const std::int64_t row : rows) result.fids.push_back(snapshot->fids[static_cast<std::size_t>(row)]);
    if (result.table.has_geometry()) {
        table::GeometryColumn shapes = result.table.geometry();
        if (!shapes.crs().empty() && shapes.crs() != answer.shape.crs.code) shapes = crs::transformed(shapes, answer.shape.crs.code, context.run);
        // Files have x first whatever the CRS, and readers know this one by its code.
        if (shapes.crs() == "OGC:CRS84") shapes = shapes.with_coordinates("EPSG:4326", shapes.x_buffer(), shapes.y_buffer());
        result.table = result.table.with_geometry(shapes, free_name(result.table.schema(), named.geometry_name));
    }
    return result;
}

std::string_view ending_of(FileFormat format)
{
    if (format == FileFormat::flatgeobuf) return "fgb";
    return format == FileFormat::geopackage ? "gpkg" : "shp.zip";
}

/// In letters that every system takes.
std::string file_name(std::string_view type, std::string_view ending)
{
    std::string name;
    for (const char c : type) name += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ? c : '_';
    return base::shortened(name, 100) + "." + std::string(ending);
}

void set_file_name(http::Response& response, const std::string& name) { response.set_header("Content-Disposition", "attachment; filename=\"" + name + "\""); }

}  // namespace

void send_csv(http::Response& response, const FaceContext& context, NamedAnswer named)
{
    FeatureAnswer& answer = named.answer;
    answer.head = csv_header(answer.shape, named.geometry_name);
    answer.writer = csv_writer;
    response.content_type = "text/csv; charset=utf-8; header=present";
    set_file_name(response, file_name(named.type, "csv"));
    send_features(response, context, *named.layer, std::move(answer));
}

void send_file(http::Response& response, const FaceContext& context, FileFormat format, const std::vector<NamedAnswer>& answers, std::string_view parameter)
{
    const PrivateFolder folder;
    const std::int64_t most = context.limits.max_file_bytes;
    const auto check = [&] {
        if (folder.bytes() > most)
            throw invalid_parameter(parameter, base::filled({"The file would be larger than the {0} bytes that this service prepares; ask for fewer features.",
                                                             "Die Datei wäre größer als die {0} Bytes, die dieser Dienst vorbereitet; bitte weniger Objekte anfragen."},
                                                            std::to_string(most)));
    };
    base::RunContext writing(context.run.threads(), context.run.stop());
    writing.on_progress = [&](double, const base::Text&) { check(); };
    const std::string name = file_name(answers.size() == 1 ? answers.front().type : context.model.id, ending_of(format));
    const fs::path path = folder.path() / name;
    const auto sink = io::Sink::open(path.string());
    std::vector<std::string> layers;
    for (const NamedAnswer& named : answers) {
        SentRows rows = sent_rows(context, named, parameter);
        io::WriteOptions options;
        options.layer = named.type;
        for (int n = 2; std::find(layers.begin(), layers.end(), options.layer) != layers.end(); ++n) options.layer = named.type + "_" + std::to_string(n);
        layers.push_back(options.layer);
        options.title = named.layer->title;
        options.abstract = named.layer->abstract;
        options.fid_column = format == FileFormat::geopackage ? add_ids(rows.table, rows.fids) : free_name(rows.table.schema(), "fid");
        sink->write(rows.table, options, writing);
    }
    sink->commit();
    check();
    // FlatGeobuf holds no features without a place.
    std::int64_t sent = 0;
    for (const NamedAnswer& named : answers) sent += named.answer.count;
    const auto findings = writing.take_findings();
    sent -= std::count_if(findings.begin(), findings.end(), [](const base::Finding& finding) { return finding.rule == "io.no_place"; });
    response.set_header("OGC-NumberReturned", std::to_string(sent));
    std::error_code error;
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, error);
    const auto file = std::make_shared<const NamelessFile>(path);
    response.stream = [file](std::string& piece) { return file->next(piece); };
    response.compressible = false;
    set_file_name(response, name);
}

}  // namespace stadtgdi::ows
