// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <layers/crs/transform.hpp>
#include <layers/io/sink.hpp>
#include <services/ows/exception.hpp>
#include <services/wfs/file_answer.hpp>
#include <unistd.h>
#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace stadtgdi::wfs {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece_bytes = 256 * 1024;

[[noreturn]] void fail() { throw base::Error(base::ErrorKind::io, {"The file cannot be prepared.", "Die Datei kann nicht vorbereitet werden."}); }

/// A folder that no other user can enter and that goes with everything in it.
class PrivateFolder {
public:
    PrivateFolder()
    {
        std::error_code error;
        std::string pattern = (fs::temp_directory_path(error) / "stadtgdi-file-XXXXXX").string();
        if (error || mkdtemp(pattern.data()) == nullptr) fail();
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
        if (m_descriptor < 0 || ::unlink(path.c_str()) != 0) fail();
    }
    ~NamelessFile()
    {
        if (m_descriptor >= 0) ::close(m_descriptor);
    }
    NamelessFile(const NamelessFile&) = delete;
    NamelessFile& operator=(const NamelessFile&) = delete;

    bool next(std::string& piece) const
    {
        piece.resize(piece_bytes);
        const ::ssize_t got = ::read(m_descriptor, piece.data(), piece.size());
        if (got < 0) fail();
        piece.resize(static_cast<std::size_t>(got));
        return got > 0;
    }

private:
    int m_descriptor;
};

std::string free_name(const table::Schema& schema, const std::string& wanted)
{
    std::string name = wanted;
    for (int n = 2; std::any_of(schema.fields.begin(), schema.fields.end(), [&](const table::Field& field) { return ows::equal_ignoring_case(field.name, name); }); ++n)
        name = wanted + "_" + std::to_string(n);
    return name;
}

/// GeoPackage has row ids: ours, as a column of the layer where it is one already.
std::string add_ids(table::Table& table, const std::vector<std::int64_t>& fids)
{
    for (std::size_t i = 0; i < table.columns().size(); ++i) {
        const table::Column& column = table.column(i);
        if (ows::equal_ignoring_case(table.schema().fields[i].name, "fid") && column.type() == table::Type::int64 && column.validity().all_valid() &&
            std::equal(fids.begin(), fids.end(), column.ints().begin(), column.ints().end()))
            return table.schema().fields[i].name;
    }
    std::string name = free_name(table.schema(), "fid");
    table = table.with_column({name, table::Type::int64}, table::Column::of_ints(table::Buffer<std::int64_t>(std::vector(fids))));
    return name;
}

struct Rows {
    table::Table table;
    std::vector<std::int64_t> fids;
};

/// The columns and rows that were asked for, in the CRS that was asked for.
Rows rows_of(const ows::FaceContext& context, const Part& part)
{
    const ows::FeatureAnswer& answer = part.answer;
    const project::PublishedLayer& layer = *part.query->type->layer;
    std::shared_ptr<const store::Snapshot> snapshot = answer.selection.snapshot;  // shared with the other readers of the layer
    std::int64_t first = answer.start;
    if (!snapshot) {
        try {
            snapshot = context.project.query(layer.name, {.box = answer.selection.source_box, .start = answer.start, .count = answer.count}, context.run);
        } catch (const base::Error& error) {
            if (error.kind() != base::ErrorKind::unsupported) throw;
            throw ows::OwsException(ows::Code::option_not_supported, "outputFormat", {"This layer is too large for a file; fewer rows, or GML, GeoJSON and CSV are possible.",
                                                                                       "Dieser Layer ist zu groß für eine Datei; möglich sind weniger Zeilen, oder GML, GeoJSON und CSV."});
        }
        first = 0;
    }
    const auto there = static_cast<std::int64_t>(answer.selection.rows ? answer.selection.rows->size() : snapshot->table.rows());
    std::vector<std::int64_t> rows;
    for (std::int64_t i = first; i < std::min(first + answer.count, there); ++i)
        rows.push_back(answer.selection.rows ? (*answer.selection.rows)[static_cast<std::size_t>(i)] : i);
    Rows result;
    result.table = snapshot->table.select(answer.shape.fields);
    if (!answer.shape.with_geometry) result.table = result.table.without_geometry();
    const bool all = !answer.selection.rows && rows.size() == snapshot->table.rows();
    if (!all) result.table = result.table.take(rows);
    for (const std::int64_t row : rows) result.fids.push_back(snapshot->fids[static_cast<std::size_t>(row)]);
    if (result.table.has_geometry()) {
        const table::GeometryColumn& own = result.table.geometry();
        const std::string name = free_name(result.table.schema(), part.query->type->geometry_name);
        result.table = result.table.with_geometry(own.crs().empty() || own.crs() == answer.shape.crs.code ? own : crs::transformed(own, answer.shape.crs.code, context.run), name);
    }
    return result;
}

std::string_view ending_of(Format format)
{
    if (format == Format::flatgeobuf) return "fgb";
    return format == Format::geopackage ? "gpkg" : "shp.zip";
}

}  // namespace

std::string file_name(std::string_view type, std::string_view ending)
{
    std::string name;
    for (const char c : type) name += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ? c : '_';
    return base::shortened(name, 100) + "." + std::string(ending);
}

void send_file(http::Response& response, const ows::FaceContext& context, Format format, std::vector<Part>& parts)
{
    const PrivateFolder folder;
    const std::int64_t most = context.limits.max_file_bytes;
    const auto check = [&] {
        if (folder.bytes() > most)
            throw ows::invalid_parameter("outputFormat", base::filled({"The file would be larger than the {0} bytes that this service prepares; ask for fewer features.",
                                                                       "Die Datei wäre größer als die {0} Bytes, die dieser Dienst vorbereitet; bitte weniger Objekte anfragen."},
                                                                      std::to_string(most)));
    };
    base::RunContext writing(context.run.threads(), context.run.stop());
    writing.on_progress = [&](double, const base::Text&) { check(); };
    const std::string name = file_name(parts.size() == 1 ? parts.front().query->type->name : context.model.id, ending_of(format));
    const fs::path path = folder.path() / name;
    const auto sink = io::Sink::open(path.string());
    std::vector<std::string> layers;
    for (const Part& part : parts) {
        Rows rows = rows_of(context, part);
        io::WriteOptions options;
        options.layer = part.query->type->name;
        for (int n = 2; std::find(layers.begin(), layers.end(), options.layer) != layers.end(); ++n) options.layer = part.query->type->name + "_" + std::to_string(n);
        layers.push_back(options.layer);
        options.title = part.query->type->layer->title;
        options.abstract = part.query->type->layer->abstract;
        options.fid_column = format == Format::geopackage ? add_ids(rows.table, rows.fids) : free_name(rows.table.schema(), "fid");
        sink->write(rows.table, options, writing);
    }
    sink->commit();
    check();
    // FlatGeobuf holds no features without a place.
    std::int64_t sent = 0;
    for (const Part& part : parts) sent += part.answer.count;
    const auto findings = writing.take_findings();
    sent -= std::count_if(findings.begin(), findings.end(), [](const base::Finding& finding) { return finding.rule == "io.no_place"; });
    response.set_header("OGC-NumberReturned", std::to_string(sent));
    std::error_code error;
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, error);
    const auto file = std::make_shared<const NamelessFile>(path);
    response.stream = [file](std::string& piece) { return file->next(piece); };
    response.compressible = false;
    response.set_header("Content-Disposition", "attachment; filename=\"" + name + "\"");
}

}  // namespace stadtgdi::wfs
