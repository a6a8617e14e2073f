// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/io/source.hpp>

/// One kind of source each; Source::open() chooses.
namespace stadtgdi::io::detail {

/// Whatever a GDAL driver reads: one file (gzip'ed or not) or "PG:...".
std::unique_ptr<Source> open_gdal(const std::string& path);
/// CSV with any of , ; tab | between cells, line breaks in quoted cells.
std::unique_ptr<Source> open_csv(const std::string& path);
/// A JSON array of records; `records` are the keys to it, joined by dots.
std::unique_ptr<Source> open_json_records(const std::string& path, const std::string& records);
/// Several files as one source.
std::unique_ptr<Source> open_many(const std::vector<std::string>& paths);
std::unique_ptr<Source> open_one(const std::string& path);

/// Lists, folders and patterns as files, sorted by name within each; Error(not_found) where one gives nothing.
std::vector<std::string> expanded(const std::vector<std::string>& paths);
/// In lower case, without .gz: ".geojson" of "A.GeoJSON.gz".
std::string ending_of(const std::string& path);

/// The rows of all tables, columns by name in order of first appearance; types that differ meet in float64 or text.
table::Table united(std::vector<table::Table> tables, const std::vector<std::string>& names);

/// A text column as int64, float64, boolean, date or datetime where each of its texts is one.
table::Column typed(const table::Column& text);

/// `text` in UTF-8; `encoding` empty: it must be UTF-8 already (Error(bad_data) that tells what to do).
/// The byte where a text stops being UTF-8; npos where all of it is.
std::size_t first_bad_byte(std::string_view text);
std::string utf8(std::string text, const std::string& encoding, const std::string& path);

/// Keeps the columns asked for and adds "source_file" and "source_row" where wanted.
table::Table finished(table::Table table, const ReadOptions& options, const std::string& path, base::RunContext& run);

}  // namespace stadtgdi::io::detail
