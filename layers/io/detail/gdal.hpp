// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/error.hpp>
#include <gdal_priv.h>
#include <memory>
#include <ogr_spatialref.h>
#include <string>
#include <vector>

namespace stadtgdi::io::detail {

/// Registers GDAL's drivers once.
void register_drivers();

/// Keeps what GDAL says on this thread while it lives; nothing reaches stdout or stderr. Meanwhile nothing is fetched from
/// URLs of schemas and CRS that files name.
class Messages {
public:
    Messages();
    ~Messages();
    Messages(const Messages&) = delete;
    Messages& operator=(const Messages&) = delete;
    bool failed() const { return !m_failures.empty(); }
    /// The first failure, else the first warning, else "".
    std::string text() const;
    const std::vector<std::string>& warnings() const { return m_warnings; }
    void clear();

private:
    static void CPL_STDCALL take(CPLErr level, CPLErrorNum number, const char* text);
    std::vector<std::string> m_failures, m_warnings;
};

/// A GDAL setting for this thread while it lives.
class Setting {
public:
    Setting(const char* name, const char* value);
    ~Setting();
    Setting(const Setting&) = delete;
    Setting& operator=(const Setting&) = delete;

private:
    const char* m_name;
    std::string m_before;
    bool m_had = false;
};

struct DatasetCloser {
    void operator()(GDALDataset* dataset) const;
};
using Dataset = std::unique_ptr<GDALDataset, DatasetCloser>;

/// "EPSG:25833" where GDAL knows or recognises it; empty else. Heights are left aside.
std::string crs_code(const OGRSpatialReference* reference);
/// Does this layer give the northing or latitude as first coordinate?
bool northing_first(const OGRSpatialReference* reference);
/// With x = easting or longitude. Empty code: an empty reference.
OGRSpatialReference reference_of(const std::string& code);

/// The name without folders, for findings and errors.
std::string file_name(const std::string& path);

/// The whole file, gzip'ed or not (by its ending .gz). Error(not_found), Error(bad_data).
std::string file_content(const std::string& path);

}  // namespace stadtgdi::io::detail
