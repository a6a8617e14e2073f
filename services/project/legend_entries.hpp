// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/table/geometry_column.hpp>
#include <services/project/seen_rows.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace stadtgdi::project {

struct LoadedProject;

/// What a map shows of a layer.
struct LegendContent {
    table::Box box = table::Box::none();  ///< in the CRS of the layer; empty: everywhere
    double scale_denominator = 0;     ///< 0: at all scales
    SeenRows seen = {};
};

/// Tells which entries of a layer's legend belong to which rows. Made on the main thread; then it looks on any one thread.
class LegendEntries {
public:
    /// `style`: empty for the one the layer opens with. Throws as vector_layer_of().
    LegendEntries(const LoadedProject& project, const std::string& layer, const std::string& style);
    ~LegendEntries();
    LegendEntries(const LegendEntries&) = delete;
    LegendEntries& operator=(const LegendEntries&) = delete;

    /// Keys of the entries that rows have which are not seen, and no row that is.
    std::set<std::string> unseen(const SeenRows& seen, base::RunContext& run);
    /// Keys of the entries that rows have which the map shows; nothing where all are to be shown: the renderer cannot tell, or,
    /// everywhere, does not depend on the scale.
    std::optional<std::set<std::string>> shown(const LegendContent& content, base::RunContext& run);

private:
    void each_key(const std::string& filter, const LegendContent& content, const std::function<bool(std::string)>& take, base::RunContext& run);

    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace stadtgdi::project
