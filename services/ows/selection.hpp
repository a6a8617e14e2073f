// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/crs_names.hpp>
#include <services/ows/face.hpp>
#include <services/ows/predicate.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stadtgdi::ows {

/// Which features of a layer a request asks for; what is not set does not narrow. All that is set must hold.
struct FeatureQuery {
    std::optional<BoxWithCrs> box = {};             ///< geometry and box are not disjoint; rows without geometry never match
    std::optional<std::vector<std::int64_t>> fids = {};
    PredicatePtr where = {};                        ///< null: does not narrow
    struct SortKey {
        std::string field;
        bool descending = false;
    };
    static constexpr std::size_t most_sort_keys = 20;
    std::vector<SortKey> sort = {};                 ///< nulls last; equal rows keep the source's order
};

/// The rows that a query gives, in the order in which they are sent. Where all match no list is made.
struct Selection {
    std::shared_ptr<const store::Snapshot> snapshot;          ///< nullptr: the rows are read page by page from the source
    std::shared_ptr<const std::vector<std::int64_t>> rows;    // nullptr: all; shared with the stream that sends them
    table::Box source_box = table::Box::none();               ///< of a query at the source, in the layer's CRS
    std::int64_t matched = 0;
};

/// InvalidParameterValue for unknown fields and values that do not fit; OptionNotSupported for a layer queried at its
/// source where the query needs more than a box and more rows than the store may hold.
Selection select(const FaceContext& context, const project::PublishedLayer& layer, const FeatureQuery& query);

/// In which kind all geometries of a layer that has some are written: that of the table, or its several parts where a row of a table of
/// single ones has them. That of the table where the rows are not held.
table::GeometryKind written_kind(const FaceContext& context, const project::PublishedLayer& layer);

}  // namespace stadtgdi::ows
