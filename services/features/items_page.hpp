// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/features/ask.hpp>
#include <services/ows/selection.hpp>
#include <string>

namespace stadtgdi::features {

struct PageLinks {
    std::string next, previous;  ///< empty: none
};

/// The rows of a page as a table: what names a feature first, then facts, capture, identifiers; no column that is empty here.
http::Response items_page(const Ask& ask, const project::PublishedLayer& layer, const ows::Selection& selection, std::int64_t offset, std::int64_t count, const PageLinks& links);

/// One feature: its facts with a picture; capture, identifiers and what has no value are folded.
http::Response item_page(const Ask& ask, const project::PublishedLayer& layer, const store::Snapshot& snapshot, std::size_t row);

}  // namespace stadtgdi::features
