// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/parallel_for.hpp>
#include <layers/crs/transform.hpp>
#include <layers/geometry/measure.hpp>
#include <services/ows/feature_stream.hpp>
#include <algorithm>
#include <cmath>
#include <optional>

namespace stadtgdi::ows {

namespace {

constexpr std::int64_t rows_at_once = 400;          // up to here the answer is one body
constexpr std::int64_t source_page = 20'000;        // rows of a layer that is queried at its source
constexpr std::size_t piece_bytes = 256 * 1024;

/// Centroids or extents in place of geometries.
table::GeometryColumn as_shown(const table::GeometryColumn& places, PlaceShown shown)
{
    table::GeometryBuilder builder(shown == PlaceShown::centroid ? table::GeometryKind::point : table::GeometryKind::polygon, places.crs());
    for (std::size_t row = 0; row < places.size(); ++row) {
        if (shown == PlaceShown::centroid) {
            const geometry::Point centre = geometry::centroid(places, row);
            if (std::isfinite(centre.x) && std::isfinite(centre.y))
                builder.add_point(centre.x, centre.y);
            else
                builder.add_null();
        } else if (const table::Box box = places.box(row); box.empty()) {
            builder.add_null();
        } else {
            builder.begin_row();
            builder.begin_ring();
            builder.add(box.xmin, box.ymin);
            builder.add(box.xmax, box.ymin);
            builder.add(box.xmax, box.ymax);
            builder.add(box.xmin, box.ymax);
            builder.add(box.xmin, box.ymin);
        }
    }
    return std::move(builder).finish();
}

class FeatureStream {
public:
    FeatureStream(const FaceContext& context, const project::PublishedLayer& layer, FeatureAnswer answer)
        : m_context(context), m_layer(layer), m_answer(std::move(answer))
    {
        m_answer.shape.rows = m_answer.count;
        m_buffers.resize(static_cast<std::size_t>(std::max(1, context.run.threads())) * 2);
        if (m_answer.selection.snapshot) use(m_answer.selection.snapshot);
    }

    bool next(std::string& piece)
    {
        if (!m_head_sent) {
            m_head_sent = true;
            piece = std::move(m_answer.head);
            if (m_answer.count > 0) {
                fill();
                piece += m_buffers[m_ready_at++];
            }
            return true;
        }
        if (m_ready_at == m_ready_end && m_done < m_answer.count) fill();
        if (m_ready_at < m_ready_end) {
            piece.swap(m_buffers[m_ready_at++]);
            return true;
        }
        if (m_tail_sent) return false;
        m_tail_sent = true;
        piece = std::move(m_answer.tail);
        return true;
    }

private:
    void use(std::shared_ptr<const store::Snapshot> snapshot)
    {
        m_snapshot = std::move(snapshot);
        m_writer = m_answer.writer(*m_snapshot, m_answer.shape);
        m_column = nullptr;
        m_cached.reset();
        m_of_runs = false;
        if (!m_snapshot->table.has_geometry() || !m_answer.shape.with_geometry) return;
        const table::GeometryColumn& own = m_snapshot->table.geometry();
        m_transform = own.crs() != m_answer.shape.crs.code && !own.crs().empty();
        if (m_answer.shape.shown != PlaceShown::geometry) {
            m_of_runs = true;
        } else if (!m_transform) {
            m_column = &own;
        } else if (m_answer.selection.snapshot && pays_to_keep()) {
            m_cached = m_snapshot->geometry_in(m_answer.shape.crs.code, m_context.run);
            m_column = m_cached.get();
            m_of_runs = m_column == nullptr;
        } else {
            m_of_runs = true;
        }
    }

    /// A few rows are transformed on their own: a first request for one page must not wait for the whole layer.
    bool pays_to_keep() const { return m_answer.count * 10 >= static_cast<std::int64_t>(m_snapshot->table.rows()); }

    /// Writes the next pieces, as many as there are buffers, in parallel and in order.
    void fill()
    {
        const auto begin = m_done;
        std::int64_t rows = m_answer.count - begin;
        std::int64_t offset = m_answer.start + begin;  // within the selection
        if (!m_answer.selection.snapshot) {
            rows = std::min(rows, source_page);
            use(m_context.project.query(m_layer.name, {.box = m_answer.selection.source_box, .start = offset, .count = rows}, m_context.run));
            rows = std::min(rows, static_cast<std::int64_t>(m_snapshot->table.rows()));
            if (rows == 0) throw base::Error(base::ErrorKind::io, {"The layer gave fewer rows than it had counted.", "Der Layer lieferte weniger Zeilen, als er gezählt hatte."});
            offset = 0;
        } else {
            rows = std::min(rows, m_rows_per_piece * static_cast<std::int64_t>(m_buffers.size()));
        }
        const auto pieces = static_cast<std::size_t>((rows + m_rows_per_piece - 1) / m_rows_per_piece);
        if (m_buffers.size() < pieces) m_buffers.resize(pieces);
        base::parallel_for(m_context.run, pieces, 1, [&](std::size_t from, std::size_t to) {
            for (std::size_t i = from; i < to; ++i) {
                const std::int64_t first = static_cast<std::int64_t>(i) * m_rows_per_piece;
                write({m_answer.selection.rows.get(), static_cast<std::size_t>(offset + first), static_cast<std::size_t>(std::min(m_rows_per_piece, rows - first))}, m_buffers[i]);
            }
        });
        if (begin == 0 && m_answer.cut_first && !m_buffers[0].empty()) m_buffers[0].erase(0, 1);
        m_ready_at = 0;
        m_ready_end = pieces;
        m_done += rows;
        std::size_t bytes = 0;
        for (std::size_t i = 0; i < pieces; ++i) bytes += m_buffers[i].size();
        m_rows_per_piece = std::clamp<std::int64_t>(static_cast<std::int64_t>(piece_bytes) * rows / static_cast<std::int64_t>(bytes + 1), 1, 100'000);
    }

    void write(const RowRun& run, std::string& text) const
    {
        if (!m_of_runs) {
            m_writer->write(run, {m_column, false}, text);
            return;
        }
        std::vector<std::int64_t> rows(run.count);
        for (std::size_t i = 0; i < run.count; ++i) rows[i] = static_cast<std::int64_t>(run.row(i));
        const FeatureShape& shape = m_answer.shape;
        const bool whole = shape.shown == PlaceShown::geometry;
        table::GeometryColumn places = m_snapshot->table.geometry().take(rows);
        if (!whole && shape.shown_of_own_crs) places = as_shown(places, shape.shown);
        if (m_transform) places = crs::transformed(places, shape.crs.code, m_context.run);
        if (!whole && !shape.shown_of_own_crs) places = as_shown(places, shape.shown);
        m_writer->write(run, {&places, true}, text);
    }

    const FaceContext& m_context;
    const project::PublishedLayer& m_layer;
    FeatureAnswer m_answer;
    std::shared_ptr<const store::Snapshot> m_snapshot;           // the layer's, or the page read last
    std::shared_ptr<const table::GeometryColumn> m_cached;       // shared with the snapshot's cache
    const table::GeometryColumn* m_column = nullptr;
    bool m_transform = false;
    bool m_of_runs = false;                                      // the writer gets a column for each run
    std::unique_ptr<RowWriter> m_writer;
    std::vector<std::string> m_buffers;                          // pieces written ahead; their memory is used again
    std::size_t m_ready_at = 0, m_ready_end = 0;
    std::int64_t m_rows_per_piece = 500, m_done = 0;
    bool m_head_sent = false, m_tail_sent = false;
};

/// Holds the columns of one layer at a time.
class AnswersInTurn {
public:
    AnswersInTurn(const FaceContext& context, std::vector<LayerAnswer> answers) : m_context(context), m_answers(std::move(answers)) {}

    bool next(std::string& piece)
    {
        for (;;) {
            if (m_stream && m_stream->next(piece)) {
                if (!piece.empty()) return true;
                continue;
            }
            m_stream.reset();
            if (m_at == m_answers.size()) return false;
            m_stream.emplace(m_context, *m_answers[m_at].layer, std::move(m_answers[m_at].answer));
            ++m_at;
        }
    }

private:
    const FaceContext& m_context;
    std::vector<LayerAnswer> m_answers;
    std::size_t m_at = 0;
    std::optional<FeatureStream> m_stream;
};

}  // namespace

void send_features(http::Response& response, const FaceContext& context, const project::PublishedLayer& layer, FeatureAnswer answer)
{
    std::vector<LayerAnswer> answers;
    answers.push_back({&layer, std::move(answer)});
    send_features(response, context, std::move(answers));
}

void send_features(http::Response& response, const FaceContext& context, std::vector<LayerAnswer> answers)
{
    std::int64_t count = 0;
    for (const LayerAnswer& one : answers) count += one.answer.count;
    const auto stream = std::make_shared<AnswersInTurn>(context, std::move(answers));
    if (count > rows_at_once) {
        response.stream = [stream](std::string& piece) { return stream->next(piece); };
        return;
    }
    std::string piece;
    while (stream->next(piece)) response.body += piece;
}

}  // namespace stadtgdi::ows
