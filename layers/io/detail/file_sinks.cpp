// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/wkb.hpp>
#include <layers/io/detail/gdal.hpp>
#include <layers/io/detail/geometry_collector.hpp>
#include <layers/io/detail/sinks.hpp>
#include <layers/io/detail/zip_dates.hpp>

#include <algorithm>
#include <cmath>
#include <cpl_string.h>
#include <filesystem>
#include <ogrsf_frmts.h>
#include <set>

namespace stadtgdi::io::detail {
namespace fs = std::filesystem;
namespace {

OGRFieldType ogr_type(table::Type type)
{
    switch (type) {
    case table::Type::boolean: return OFTInteger;
    case table::Type::int64: return OFTInteger64;
    case table::Type::float64: return OFTReal;
    case table::Type::date: return OFTDate;
    case table::Type::datetime: return OFTDateTime;
    case table::Type::text: break;
    }
    return OFTString;
}

/// Formats that are written feature by feature through GDAL into a folder of their own, then moved.
class GdalSink final : public Sink {
public:
    explicit GdalSink(std::string path) : m_path(std::move(path)), m_folder(m_path + ".writing")
    {
        register_drivers();
        m_shapefile = fs::path(m_path).extension() != ".fgb" && fs::path(m_path).extension() != ".FGB";
    }

    ~GdalSink() override
    {
        std::error_code error;
        fs::remove_all(m_folder, error);
    }

    void write(const table::Table& given, const WriteOptions& options, base::RunContext& run) override
    {
        const table::Table table = m_shapefile ? with_all_heights(given, options.layer, run) : given;
        require_distinct_names(table, options);
        require_whole_file(m_path, options, m_written);
        std::error_code error;
        fs::remove_all(m_folder, error);
        if (!fs::create_directories(m_folder, error) || error)
            fail(error.message());
        Messages messages;
        const std::string working = (m_folder / fs::path(m_path).filename()).string();
        GDALDriver* driver = GetGDALDriverManager()->GetDriverByName(m_shapefile ? "ESRI Shapefile" : "FlatGeobuf");
        Dataset dataset(driver->Create(working.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
        if (!dataset)
            fail(messages.text());
        CPLStringList creation;
        if (m_shapefile)
            creation.SetNameValue("ENCODING", "UTF-8");
        else
            creation.SetNameValue("SPATIAL_INDEX", options.spatial_index && table.has_geometry() ? "YES" : "NO");
        OGRSpatialReference reference = reference_of(table.has_geometry() ? table.geometry().crs() : "");
        const auto type = table.has_geometry() ? detail::ogr_type(table.geometry().kind(), table.geometry().has_z()) : wkbNone;
        OGRLayer* layer = dataset->CreateLayer(options.layer.c_str(), reference.IsEmpty() ? nullptr : &reference, type, creation.List());
        if (!layer)
            fail(messages.text());
        const std::vector<std::string> names = field_names(table, run);
        for (std::size_t i = 0; i < names.size(); ++i) {
            const table::Type field_type = table.schema().fields[i].type;
            // A Shapefile has dates but no times.
            OGRFieldDefn field(names[i].c_str(), m_shapefile && field_type == table::Type::datetime ? OFTString : ogr_type(field_type));
            if (field_type == table::Type::boolean)
                field.SetSubType(OFSTBoolean);
            if (m_shapefile)
                set_width(field, table.column(i), names[i]);
            if (layer->CreateField(&field) != OGRERR_NONE)
                fail(messages.text());
        }
        messages.clear();
        std::int64_t written = 0;
        for (std::size_t row = 0; row < table.rows(); ++row) {
            if (row % 4096 == 0) {
                run.throw_if_stopped();
                run.progress(static_cast<double>(row) / static_cast<double>(table.rows()), {"Writing " + options.layer, options.layer + " wird geschrieben"});
            }
            if (!m_shapefile && table.has_geometry() && table.geometry().box(row).empty()) {
                report_without_place(options.layer, row, run);
                continue;
            }
            write_row(*layer, table, row);
            ++written;
            if (messages.failed())
                throw Error(ErrorKind::io, base::filled({"File '{0}', row {1}: it cannot be written: {2}", "Datei '{0}', Datensatz {1}: Er kann nicht geschrieben werden: {2}"}, m_path,
                                                        std::to_string(row + 1), messages.text()));
        }
        dataset.reset();
        if (messages.failed())
            fail(messages.text());
        if (m_path.ends_with(".zip"))
            date_files_in_zip(working);
        if (!m_shapefile && written > 0)
            require_last_row(working, written - 1);
        m_written = true;
    }

    void execute(const std::string&) override { fail_unsupported_sql(m_path); }

    void commit() override
    {
        if (!m_written)
            throw Error(ErrorKind::io, base::filled({"Nothing was written to '{0}'.", "In '{0}' wurde nichts geschrieben."}, m_path));
        std::error_code error;
        if (m_shapefile)
            remove_old_parts();
        for (const fs::directory_entry& entry : fs::directory_iterator(m_folder)) {
            fs::rename(entry.path(), fs::path(m_path).parent_path() / entry.path().filename(), error);
            if (error)
                fail(error.message());
        }
        fs::remove_all(m_folder, error);
    }

private:
    [[noreturn]] void fail(const std::string& reason) const
    {
        throw Error(ErrorKind::io, base::filled({"File '{0}' cannot be written: {1}", "Die Datei '{0}' kann nicht geschrieben werden: {1}"}, m_path, reason));
    }

    /// GDAL puts a FlatGeobuf in order when it is closed, and does not tell when the disk is full then.
    void require_last_row(const std::string& file, std::int64_t row) const
    {
        const Messages unused;
        const Dataset dataset(GDALDataset::Open(file.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY));
        OGRLayer* layer = dataset && dataset->GetLayerCount() == 1 ? dataset->GetLayer(0) : nullptr;
        const OGRFeatureUniquePtr last(layer ? layer->GetFeature(row) : nullptr);
        if (!last)
            throw Error(ErrorKind::io, base::filled({"File '{0}' cannot be written: it has no end. Is the disk full?",
                                                     "Die Datei '{0}' kann nicht geschrieben werden: Ihr Ende fehlt. Ist der Datenträger voll?"}, m_path));
    }

    /// What other programs made for the rows of a Shapefile that is replaced: a stale index would hide new ones.
    void remove_old_parts() const
    {
        std::error_code error;
        for (const char* ending : {".qix", ".sbn", ".sbx", ".ind", ".idm", ".ain", ".aih", ".ixs", ".mxs", ".cpg", ".prj", ".qpj"})
            fs::remove(fs::path(m_path).replace_extension(ending), error);
    }

    /// A Shapefile cannot say that a height is not known: 0 stands for it, with a finding.
    table::Table with_all_heights(const table::Table& table, const std::string& layer, base::RunContext& run) const
    {
        if (!table.has_geometry() || !table.geometry().has_z())
            return table;
        const table::GeometryColumn& shapes = table.geometry();
        std::vector<double> z(shapes.z().begin(), shapes.z().end());
        std::int64_t unknown = 0;
        for (std::size_t i = 0; i < z.size(); ++i) {
            if (std::isfinite(z[i]) || !std::isfinite(shapes.x()[i]))
                continue;
            z[i] = 0;
            ++unknown;
        }
        if (unknown == 0)
            return table;
        base::Finding finding;
        finding.rule = "io.no_height";
        finding.severity = base::Severity::info;
        finding.file = file_name(m_path);
        finding.layer = layer;
        finding.value = std::to_string(unknown);
        finding.message = base::filled({"Shapefiles cannot say that a height is not known; 0 is written instead. Coordinates: {0}.",
                                        "Shapefiles können nicht sagen, dass eine Höhe unbekannt ist; geschrieben wird 0. Koordinaten: {0}."},
                                       std::to_string(unknown));
        run.report(std::move(finding));
        return table.with_geometry({shapes.kind(), shapes.crs(), shapes.x_buffer(), shapes.y_buffer(), shapes.levels(), shapes.validity(), std::move(z)}, table.schema().geometry->name);
    }

    /// GDAL drops such rows of a FlatGeobuf without a word.
    void report_without_place(const std::string& layer, std::size_t row, base::RunContext& run) const
    {
        base::Finding finding;
        finding.rule = "io.no_place";
        finding.severity = base::Severity::error;
        finding.file = file_name(m_path);
        finding.layer = layer;
        finding.row = static_cast<std::int64_t>(row);
        finding.message = {"FlatGeobuf holds no rows without a geometry; the row was left out. Choose GeoPackage.",
                           "FlatGeobuf fasst keine Datensätze ohne Geometrie; der Datensatz fehlt. Bitte GeoPackage wählen."};
        run.report(std::move(finding));
    }

    /// Shapefile names have 10 bytes: longer ones are cut and made unique, with a finding that says so.
    std::vector<std::string> field_names(const table::Table& table, base::RunContext& run) const
    {
        std::vector<std::string> names;
        std::set<std::string> used;
        for (const table::Field& field : table.schema().fields) {
            std::string name = field.name;
            if (m_shapefile) {
                const auto upper = [](std::string text) {
                    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return c < 128 ? static_cast<char>(std::toupper(c)) : static_cast<char>(c); });
                    return text;
                };
                name = base::shortened(name, 10);
                for (int number = 1; !used.insert(upper(name)).second; ++number) {
                    const std::string suffix = "_" + std::to_string(number);
                    name = base::shortened(field.name, 10 - suffix.size()) + suffix;
                }
                if (name != field.name) {
                    base::Finding finding;
                    finding.rule = "io.shortened_name";
                    finding.severity = base::Severity::info;
                    finding.file = file_name(m_path);
                    finding.field = field.name;
                    finding.value = name;
                    finding.message = base::filled({"Shapefiles hold names of 10 characters: '{0}' is written as '{1}'.",
                                                    "Shapefiles fassen Namen von 10 Zeichen: '{0}' wird als '{1}' geschrieben."},
                                                   field.name, name);
                    run.report(std::move(finding));
                }
            }
            names.push_back(name);
        }
        return names;
    }

    void set_width(OGRFieldDefn& field, const table::Column& column, const std::string& name) const
    {
        if (field.GetType() == OFTString) {
            std::size_t longest = 1;
            for (std::size_t row = 0; row < column.size(); ++row)
                longest = std::max(longest, column.type() == table::Type::text ? column.text(row).size() : column.as_text(row).size());
            if (longest > 254) {
                throw Error(ErrorKind::unsupported,
                            base::filled({"Shapefiles hold texts of 254 bytes; column '{0}' has one of {1}. Choose GeoPackage.",
                                          "Shapefiles fassen Texte von 254 Bytes; die Spalte '{0}' hat einen von {1}. Bitte GeoPackage wählen."},
                                         name, std::to_string(longest)));
            }
            field.SetWidth(static_cast<int>(longest));
        } else if (field.GetType() == OFTInteger64) {
            field.SetWidth(18);
        }
    }

    void write_row(OGRLayer& layer, const table::Table& table, std::size_t row)
    {
        const OGRFeatureUniquePtr feature(OGRFeature::CreateFeature(layer.GetLayerDefn()));
        for (std::size_t i = 0; i < table.columns().size(); ++i) {
            const table::Column& column = table.column(i);
            const int field = static_cast<int>(i);
            if (!column.valid(row)) {
                feature->SetFieldNull(field);
                continue;
            }
            switch (column.type()) {
            case table::Type::boolean: feature->SetField(field, static_cast<int>(column.bools()[row])); break;
            case table::Type::int64: feature->SetField(field, static_cast<GIntBig>(column.ints()[row])); break;
            case table::Type::float64: feature->SetField(field, column.doubles()[row]); break;
            case table::Type::text: feature->SetField(field, std::string(column.text(row)).c_str()); break;
            case table::Type::date:
            case table::Type::datetime: set_time(*feature, field, column, row); break;
            }
        }
        if (table.has_geometry() && table.geometry().valid(row)) {
            m_wkb.clear();
            geometry::append_wkb(table.geometry(), row, m_wkb);
            OGRGeometry* shape = nullptr;
            OGRGeometryFactory::createFromWkb(m_wkb.data(), nullptr, &shape, m_wkb.size(), wkbVariantIso);
            feature->SetGeometryDirectly(shape);
        }
        if (layer.CreateFeature(feature.get()) != OGRERR_NONE)
            CPLError(CE_Failure, CPLE_AppDefined, "row refused");
    }

    void set_time(OGRFeature& feature, int field, const table::Column& column, std::size_t row) const
    {
        if (column.type() == table::Type::datetime && m_shapefile) {
            feature.SetField(field, column.as_text(row).c_str());
            return;
        }
        const bool date = column.type() == table::Type::date;
        const std::string text = date ? table::date_text(column.dates()[row]) : millisecond_text(column.datetimes()[row]);
        int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0;
        std::sscanf(text.c_str(), "%d-%d-%dT%d:%d:%d.%d", &year, &month, &day, &hour, &minute, &second, &millisecond);
        feature.SetField(field, year, month, day, hour, minute, static_cast<float>(second + millisecond / 1000.0), date ? 0 : 100);
    }

    std::string m_path;
    fs::path m_folder;
    bool m_shapefile = false, m_written = false;
    std::vector<std::uint8_t> m_wkb;
};

}  // namespace

std::unique_ptr<Sink> open_gdal_sink(const std::string& path)
{
    return std::make_unique<GdalSink>(path);
}

}  // namespace stadtgdi::io::detail
