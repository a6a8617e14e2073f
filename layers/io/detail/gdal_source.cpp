// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <layers/io/detail/arrow_reader.hpp>
#include <layers/io/detail/gdal.hpp>
#include <layers/io/detail/geometry_collector.hpp>
#include <layers/io/detail/geopackage_reader.hpp>
#include <layers/io/detail/layer_reader.hpp>
#include <layers/io/detail/sources.hpp>
#include <layers/io/detail/sqlite_database.hpp>

#include <algorithm>
#include <atomic>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <ogrsf_frmts.h>
#include <optional>

namespace stadtgdi::io::detail {
namespace {

/// A file's content where GDAL can read it like a file, with any number of seeks (gzip'ed files cannot seek).
class MemoryFile {
public:
    MemoryFile(std::string content, const std::string& name) : m_content(std::move(content))
    {
        static std::atomic<int> counter{0};
        m_path = "/vsimem/stadtgdi_" + std::to_string(++counter) + "/" + name;
        VSIFCloseL(VSIFileFromMemBuffer(m_path.c_str(), reinterpret_cast<GByte*>(m_content.data()), m_content.size(), FALSE));
    }
    ~MemoryFile() { VSIUnlink(m_path.c_str()); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    const std::string& path() const { return m_path; }

private:
    std::string m_content, m_path;
};

bool is_listed(const std::string& layer)
{
    return !layer.starts_with("stadtgdi_");
}

class GdalSource final : public Source {
public:
    explicit GdalSource(std::string path) : m_path(std::move(path))
    {
        if (m_path.ends_with(".gz"))
            m_memory.emplace(file_content(m_path), file_name(m_path).substr(0, file_name(m_path).size() - 3));
        open(false, "");
    }

    std::vector<LayerInfo> layers() override
    {
        Messages messages;
        std::vector<LayerInfo> list;
        for (OGRLayer* layer : m_dataset->GetLayers()) {
            if (is_listed(layer->GetName()))
                list.push_back(info(*layer));
        }
        return list;
    }

    table::Table read(const ReadOptions& options, base::RunContext& run) override
    {
        // Field types are GDAL's guess in GML; an import wants what is written.
        std::optional<Setting> all_text;
        if (options.as_text)
            all_text.emplace("GML_FIELDTYPES", "ALWAYS_STRING");
        if (options.as_text != m_as_text || options.encoding != m_encoding)
            open(options.as_text, options.encoding);
        Messages messages;
        OGRLayer& layer = find(options.layer);
        prepare(layer, options);
        LayerReader reader{layer, file_name(m_path), options, m_driver};
        std::optional<table::Table> table;
        if (!options.as_text && reader.plain()) {
            if (m_driver == "GPKG" && !m_memory)
                table = read_geopackage(m_path, layer, reader, run);
            else if (m_driver == "FlatGeobuf" && !reader.has_booleans())
                table = read_arrow(layer, reader, run);
        }
        if (!table)
            table = reader.read(run);
        layer.SetAttributeFilter(nullptr);
        const std::string shown = m_path.starts_with("PG:") ? std::string(layer.GetName()) : file_name(m_path);
        return finished(std::move(*table), options, shown, run);
    }

    std::int64_t count(const std::string& name, base::RunContext& run) override
    {
        Messages messages;
        OGRLayer& layer = find(name);
        prepare(layer, {});
        std::int64_t rows = layer.GetFeatureCount(TRUE);
        if (rows >= 0)
            return rows;
        // The OSM driver does not count.
        layer.ResetReading();
        for (rows = 0; const auto feature = OGRFeatureUniquePtr(layer.GetNextFeature()); ++rows)
            if (rows % 4096 == 0)
                run.throw_if_stopped();
        return rows;
    }

private:
    void open(bool as_text, const std::string& encoding)
    {
        Messages messages;
        m_dataset.reset();
        const std::string ending = ending_of(m_path);
        CPLStringList wanted;
        if (m_path.starts_with("PG:")) {
            wanted.SetNameValue("LIST_ALL_TABLES", "YES");
        } else if (ending == ".gml" || ending == ".xml") {
            wanted.SetNameValue("WRITE_GFS", "NO");
            wanted.SetNameValue("DOWNLOAD_SCHEMA", "NO");
        } else if (as_text && (ending == ".geojson" || ending == ".json")) {
            wanted.SetNameValue("DATE_AS_STRING", "YES");
        } else if (ending == ".shp" && !encoding.empty()) {
            wanted.SetNameValue("ENCODING", encoding.c_str());
        }
        const std::string& path = m_memory ? m_memory->path() : m_path;
        if (ending == ".gpkg" && !m_memory)
            recover(m_path);
        m_dataset.reset(GDALDataset::Open(path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, nullptr, wanted.List()));
        if (!m_dataset)
            fail_to_open(messages.text());
        m_driver = m_dataset->GetDriver()->GetDescription();
        if (m_driver == "GeoJSON" && messages.failed()) {  // GDAL goes on, with longitude and latitude
            throw Error(ErrorKind::bad_data, base::filled({"File '{0}' names a CRS that is not known. {1}", "Die Datei '{0}' nennt ein unbekanntes Koordinatensystem. {1}"}, file_name(m_path),
                                                          messages.text()));
        }
        m_as_text = as_text;
        m_encoding = encoding;
    }

    [[noreturn]] void fail_to_open(std::string reason) const
    {
        if (const std::size_t at = m_memory ? reason.find(m_memory->path()) : std::string::npos; at != std::string::npos)
            reason.replace(at, m_memory->path().size(), file_name(m_path));
        if (m_path.starts_with("PG:")) {
            throw Error(ErrorKind::io, base::filled({"The database cannot be reached: {0}", "Die Datenbank ist nicht erreichbar: {0}"}, reason));
        }
        VSIStatBufL status;
        if (!m_memory && VSIStatL(m_path.c_str(), &status) != 0) {
            throw Error(ErrorKind::not_found, base::filled({"There is no file '{0}'.", "Es gibt keine Datei '{0}'."}, m_path));
        }
        static const std::vector<std::string> known{".gpkg", ".shp", ".geojson", ".json", ".fgb", ".gml", ".pbf", ".osm"};
        if (std::find(known.begin(), known.end(), ending_of(m_path)) != known.end()) {
            throw Error(ErrorKind::bad_data, base::filled({"File '{0}' is damaged or not what its ending says. {1}",
                                                           "Die Datei '{0}' ist beschädigt oder nicht das, was ihre Endung sagt. {1}"},
                                                          m_path, reason));
        }
        throw Error(ErrorKind::unsupported,
                    base::filled({"The format of file '{0}' cannot be read. {1}", "Das Format der Datei '{0}' ist nicht lesbar. {1}"}, m_path, reason));
    }

    OGRLayer& find(const std::string& name)
    {
        std::vector<OGRLayer*> all;
        std::string names;
        for (OGRLayer* layer : m_dataset->GetLayers()) {
            if (!name.empty() && name == layer->GetName())
                return *layer;
            if (!is_listed(layer->GetName()))
                continue;
            all.push_back(layer);
            names += (names.empty() ? "" : ", ") + std::string(layer->GetName());
        }
        if (!name.empty()) {
            // A table without registration (our own metadata, say) is found by its name alone.
            if (OGRLayer* layer = m_dataset->GetLayerByName(name.c_str()))
                return *layer;
            throw Error(ErrorKind::not_found,
                        base::filled({"There is no layer '{0}' in '{1}'; there are: {2}.", "Die Ebene '{0}' fehlt in '{1}'; es gibt: {2}."}, name,
                                     file_name(m_path), names));
        }
        if (all.size() == 1)
            return *all.front();
        if (all.empty())
            throw Error(ErrorKind::not_found, base::filled({"There is no layer in '{0}'.", "In '{0}' gibt es keine Ebene."}, m_path));
        throw Error(ErrorKind::invalid_argument,
                    base::filled({"'{0}' has several layers, name one of them: {1}.", "'{0}' hat mehrere Ebenen, bitte eine nennen: {1}."},
                                 file_name(m_path), names));
    }

    void prepare(OGRLayer& layer, const ReadOptions& options)
    {
        layer.SetIgnoredFields(nullptr);
        if (m_driver == "OSM") {
            // One pass over the file that keeps only this layer's features.
            m_dataset->ReleaseResultSet(m_dataset->ExecuteSQL(("SET interest_layers = " + std::string(layer.GetName())).c_str(), nullptr, nullptr));
        }
        if (layer.SetAttributeFilter(options.where.empty() ? nullptr : options.where.c_str()) != OGRERR_NONE) {
            throw Error(ErrorKind::invalid_argument, base::filled({"The condition '{0}' does not fit layer '{1}'.",
                                                                   "Die Bedingung '{0}' passt nicht zur Ebene '{1}'."},
                                                                  options.where, layer.GetName()));
        }
        layer.ResetReading();
    }

    LayerInfo info(OGRLayer& layer)
    {
        LayerReader reader{layer, file_name(m_path), {}, m_driver};
        LayerInfo found;
        found.name = layer.GetName();
        found.schema = reader.schema();
        found.fid_column = layer.GetFIDColumn();
        if (m_driver != "OSM") {
            found.rows = layer.GetFeatureCount(FALSE);
            if (found.rows < 0 && m_driver != "GML")
                found.rows = layer.GetFeatureCount(TRUE);
        }
        return found;
    }

    std::string m_path, m_driver, m_encoding;
    bool m_as_text = false;
    std::optional<MemoryFile> m_memory;  // before the dataset that reads it
    Dataset m_dataset;
};

}  // namespace

std::unique_ptr<Source> open_gdal(const std::string& path)
{
    return std::make_unique<GdalSource>(path);
}

}  // namespace stadtgdi::io::detail
