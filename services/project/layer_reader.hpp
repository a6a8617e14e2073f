// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/table/table.hpp>
#include <services/project/seen_rows.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

class QgsVectorLayer;

namespace stadtgdi::project {

struct LoadedProject;

/// Error(not_found) for a layer that is not there, Error(unsupported) for one that has no features, Error(io) where its source has gone. Main thread.
QgsVectorLayer& vector_layer_of(const LoadedProject& project, const std::string& layer);

struct RowRequest {
    table::Box box = table::Box::none();  ///< in the layer's CRS; empty: all
    std::optional<std::vector<std::int64_t>> fids = std::nullopt;  ///< only these features; nothing: all
    std::int64_t start = 0;
    std::int64_t count = -1;              ///< -1: all
    std::int64_t row_limit = 0;           ///< Error(unsupported) beyond it; 0: none
    SeenRows seen = {};                   ///< only these rows; `start` and `count` speak of them
};

struct Rows {
    table::Table table;                   ///< all fields of the layer, in its order
    std::vector<std::int64_t> fids;
};

/// Reads what QgsVectorLayer::getFeatures gives (subset string, joins, virtual fields). Made on the main thread; then it reads
/// on any one thread at a time, independent of the layer.
class LayerReader {
public:
    /// Throws as vector_layer_of().
    LayerReader(const LoadedProject& project, const std::string& layer);
    ~LayerReader();
    LayerReader(const LayerReader&) = delete;
    LayerReader& operator=(const LayerReader&) = delete;

    std::int64_t rows_expected() const;   ///< -1: not known
    Rows read(const RowRequest& request, base::RunContext& run);
    std::int64_t count(const RowRequest& request, base::RunContext& run);  ///< by box and rows seen alone
    table::Box extent(const SeenRows& seen, base::RunContext& run);  ///< of the rows seen
    /// Whether there are others than the rows seen.
    bool has_unseen(const SeenRows& seen, base::RunContext& run);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace stadtgdi::project
