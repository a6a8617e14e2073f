// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/error.hpp>
#include <services/store/published_project.hpp>

namespace stadtgdi::server::testing {

/// A project that is nothing but its model.
class FakeProject : public store::PublishedProject {
public:
    explicit FakeProject(project::ProjectModel model) : m_model(std::move(model)) {}
    const project::ProjectModel& model() const override { return m_model; }
    std::shared_ptr<const store::Snapshot> snapshot(const std::string&, base::RunContext&) const override { return nullptr; }
    std::string version() const override { return m_model.version; }
    render::MapDrawer& drawer() const override { throw Error(ErrorKind::unsupported, base::Text::same("no maps here")); }
    std::unique_ptr<store::Snapshot> query(const std::string&, project::RowRequest, base::RunContext&) const override { return nullptr; }
    std::int64_t count(const std::string&, project::RowRequest, base::RunContext&) const override { return 0; }

private:
    project::ProjectModel m_model;
};

class FakeCatalogue : public store::Catalogue {
public:
    std::map<std::string, std::shared_ptr<const store::PublishedProject>> projects;
    bool is_ready = true;

    std::vector<std::string> project_ids() const override
    {
        std::vector<std::string> ids;
        for (const auto& [id, project] : projects)
            ids.push_back(id);
        return ids;
    }
    std::shared_ptr<const store::PublishedProject> project(const std::string& id) const override
    {
        const auto found = projects.find(id);
        return found == projects.end() ? nullptr : found->second;
    }
    bool ready() const override { return is_ready; }
};

}  // namespace stadtgdi::server::testing
