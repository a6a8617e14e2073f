// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/row_writer.hpp>
#include <services/ows/selection.hpp>

namespace stadtgdi::ows {

/// The features [start, start + count) of a selection between a head and a tail.
struct FeatureAnswer {
    std::string head, tail;
    Selection selection;
    std::int64_t start = 0, count = 0;   ///< within the selection; count is what is really there
    FeatureShape shape;
    std::function<std::unique_ptr<RowWriter>(const store::Snapshot&, const FeatureShape&)> writer;
    bool cut_first = false;              ///< the writer begins features with ",": leave out the first
};

/// Sets body or stream: short answers are made at once (and so get a length), long ones in pieces of about 256 KiB, several of
/// them at a time in parallel, with constant memory. `context` and `layer` live as long as the stream.
void send_features(http::Response& response, const FaceContext& context, const project::PublishedLayer& layer, FeatureAnswer answer);

struct LayerAnswer {
    const project::PublishedLayer* layer = nullptr;
    FeatureAnswer answer;
};
/// One after the other, as one body.
void send_features(http::Response& response, const FaceContext& context, std::vector<LayerAnswer> answers);

}  // namespace stadtgdi::ows
