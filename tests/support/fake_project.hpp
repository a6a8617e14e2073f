// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/table_builder.hpp>
#include <services/http/target.hpp>
#include <services/ows/exception.hpp>
#include <services/project/in_language.hpp>
#include <services/store/snapshot_cache.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <string>

namespace stadtgdi::testing {

/// A published project made of tables in a test: no file, no QGIS. Layers get the fields and the extent of their table.
///     FakeProject project; project.add("trees", table); FakeFace face(project); auto answer = wfs::handle(face.get("SERVICE=WFS&..."), ...)
class FakeProject : public store::PublishedProject {
public:
    FakeProject()
    {
        m_model.id = "town";
        m_model.root_name = "town";
        m_model.title = "Town & country";
        m_model.language = base::Language::en;
        m_model.crs = "EPSG:25833";
        m_model.offered_crs = {"EPSG:25833", "EPSG:25832", "EPSG:4258", "EPSG:4326", "OGC:CRS84", "EPSG:3857", "EPSG:3035"};
        m_model.version = "2024-06-07T00:00:00.000Z";
        m_model.extent = table::Box::none();
    }

    project::PublishedLayer& add(const std::string& name, table::Table table, std::vector<std::int64_t> fids = {})
    {
        base::RunContext run(1);
        if (fids.empty())
            for (std::size_t i = 0; i < table.rows(); ++i) fids.push_back(static_cast<std::int64_t>(i) + 1);
        project::PublishedLayer layer;
        layer.id = "id_of_" + name;
        layer.name = name;
        layer.title = name;
        layer.extent = table::Box::none();
        for (const table::Field& field : table.schema().fields) {
            project::PublishedField published;
            published.name = field.name;
            published.type = field.type;
            layer.fields.push_back(published);
        }
        if (table.has_geometry()) {
            layer.geometry = table.geometry().kind();
            layer.crs = table.geometry().crs();
            layer.extent = table.geometry().extent();
            m_model.extent.grow(layer.extent);
        }
        layer.styles = {"default"};
        layer.in_wfs = true;
        layer.drawable = table.has_geometry();
        if (!layer.fields.empty()) layer.display_field = layer.fields.front().name;
        m_snapshots[name] = store::make_snapshot(std::move(table), std::move(fids), name, "1", nullptr, run);
        m_model.layers.push_back(layer);
        project::TreeNode node;
        node.title = name;
        node.layer = name;
        m_model.tree.children.insert(m_model.tree.children.begin(), node);
        return m_model.layers.back();
    }

    project::ProjectModel& edit() { return m_model; }
    /// Layers whose rows are only given page by page, as one above the row limit.
    void serve_from_source(const std::string& name) { m_at_source[name] = true; }

    const project::ProjectModel& model() const override { return m_model; }
    std::shared_ptr<const store::Snapshot> snapshot(const std::string& layer, base::RunContext&) const override
    {
        if (m_at_source.count(layer) != 0) throw Error(ErrorKind::unsupported, {"too large", "zu groß"});
        return held(layer);
    }
    std::string version() const override { return "7"; }
    render::MapDrawer& drawer() const override { throw Error(ErrorKind::unsupported, {"This project draws nothing.", "Dieses Projekt zeichnet nichts."}); }

    std::unique_ptr<store::Snapshot> query(const std::string& layer, project::RowRequest wanted, base::RunContext& run) const override
    {
        auto rows = matching(layer, wanted);
        const auto all = held(layer);
        if (wanted.fids)
            std::erase_if(rows, [&](std::int64_t row) {
                return std::find(wanted.fids->begin(), wanted.fids->end(), all->fids[static_cast<std::size_t>(row)]) == wanted.fids->end();
            });
        rows.erase(rows.begin(), rows.begin() + std::min<std::int64_t>(wanted.start, static_cast<std::int64_t>(rows.size())));
        if (wanted.count >= 0 && std::cmp_greater(rows.size(), wanted.count)) rows.resize(static_cast<std::size_t>(wanted.count));
        std::vector<std::int64_t> fids;
        for (const std::int64_t row : rows) fids.push_back(all->fids[static_cast<std::size_t>(row)]);
        return store::make_snapshot(all->table.take(rows), std::move(fids), layer, all->version, nullptr, run);
    }
    std::int64_t count(const std::string& layer, project::RowRequest wanted, base::RunContext&) const override
    {
        return static_cast<std::int64_t>(matching(layer, wanted).size());
    }

private:
    std::shared_ptr<const store::Snapshot> held(const std::string& layer) const
    {
        const auto found = m_snapshots.find(layer);
        if (found == m_snapshots.end()) throw Error(ErrorKind::not_found, {"no such layer", "kein solcher Layer"});
        return found->second;
    }

    std::vector<std::int64_t> matching(const std::string& layer, const project::RowRequest& wanted) const
    {
        const auto all = held(layer);
        std::vector<std::int64_t> rows(all->table.rows());
        for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::int64_t>(i);
        if (!wanted.box.empty()) rows = all->index.search(wanted.box);
        if (const auto seen = project::rows_seen(all->table, wanted.seen))
            std::erase_if(rows, [&](std::int64_t row) { return !std::binary_search(seen->begin(), seen->end(), row); });
        return rows;
    }

    project::ProjectModel m_model;
    std::map<std::string, std::shared_ptr<const store::Snapshot>> m_snapshots;  // shared with requests as in the service
    std::map<std::string, bool> m_at_source;
};

class FakeRights : public access::Rights {
public:
    bool may_see(const project::PublishedLayer&) const override { return true; }
    const std::string& key() const override { return m_key; }

private:
    std::string m_key = "all";
};

/// One request to a fake project and all that a face may look at; keep it as long as the answer's stream.
class FakeFace {
public:
    FakeFace(const FakeProject& project, const std::string& target, std::vector<std::pair<std::string, std::string>> headers = {})
        : m_project(project), m_run(2), m_context{m_request, m_project, m_model, m_rights, m_limits, "http://gdi.example/town", m_run}
    {
        m_request.method = "GET";
        m_request.base_url = "http://gdi.example";
        m_request.headers = std::move(headers);
        if (http::read_target(target, {}, m_request)) throw Error(ErrorKind::invalid_argument, {"bad target", "bad target"});
        m_model = project::in_language(project.model(), ows::language_of(m_request, project.model()));
    }
    http::Request& request() { return m_request; }
    ows::ServiceLimits& limits() { return m_limits; }
    const ows::FaceContext& context() const { return m_context; }

private:
    const FakeProject& m_project;
    project::ProjectModel m_model;
    http::Request m_request;
    FakeRights m_rights;
    ows::ServiceLimits m_limits;
    base::RunContext m_run;
    ows::FaceContext m_context;
};

/// The whole body, streamed or not.
inline std::string body_of(const http::Response& response)
{
    std::string body = response.bytes();
    if (response.stream)
        for (std::string piece; response.stream(piece);) body += piece;
    return body;
}

}  // namespace stadtgdi::testing
