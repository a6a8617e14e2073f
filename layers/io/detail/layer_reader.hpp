// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/io/source.hpp>
#include <optional>
#include <ogrsf_frmts.h>

namespace stadtgdi::io::detail {

/// Reads one layer of an open dataset, feature by feature.
class LayerReader {
public:
    LayerReader(OGRLayer& layer, std::string file, const ReadOptions& options, std::string driver);

    /// Of all its columns; geometry of unknown kind is looked at.
    table::Schema schema();
    table::Table read(base::RunContext& run);

    /// Kind of geometry known, only plain types: what needs no look at each feature.
    bool plain();
    /// GDAL 3.6's Arrow batches lose some true ones.
    bool has_booleans();
    /// Name of the row id column to be added; empty: none wanted.
    std::string fid_name() const;
    /// Tells GDAL to leave out what was not asked for; Error(not_found) for unknown columns.
    void ignore_other_columns();
    /// Error(bad_data) where GDAL stopped with an error after `rows` rows.
    void throw_if_damaged(std::int64_t rows) const;
    std::string crs() const;
    const ReadOptions& options() const { return m_options; }
    const std::string& file() const { return m_file; }

private:
    bool wanted(const std::string& name) const;
    [[noreturn]] void fail_encoding(std::int64_t row, const std::string& field) const;
    std::optional<table::GeometryKind> kind_by_looking(bool& has_z);

    OGRLayer& m_layer;
    std::string m_file;
    ReadOptions m_options;
    std::string m_driver;
};

/// Our type of a field.
table::Type type_of(const OGRFieldDefn& field);

}  // namespace stadtgdi::io::detail
