// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/access/role_rights.hpp>
#include <services/ows/exception.hpp>
#include <services/project/in_language.hpp>
#include <services/store/qgis_catalogue.hpp>
#include <services/store/seen_project.hpp>
#include <services/wms/wms.hpp>
#include <tests/support/qgis_test.hpp>
#include <tests/support/sample_project.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <QImage>

#include <map>

namespace stadtgdi::wms {

/// Requests as the server hands them to WMS, over the sample project.
class WmsTest : public testing::Test {
protected:
    using Parameters = std::vector<std::pair<std::string, std::string>>;

    void SetUp() override
    {
        m_gpkg = m_folder / "data.gpkg";
        m_qgz = m_folder / "sample.qgz";
        write_project();
        open();
    }
    void TearDown() override
    {
        m_catalogue.reset();
        test::qgis().call_on_main([] {});
    }

    virtual void write_project() { test::copy_sample(m_gpkg, m_qgz); }

    void open(store::StoreSettings settings = {})
    {
        settings.projects = {{m_qgz}};
        m_catalogue = std::make_unique<store::QgisCatalogue>(test::qgis(), settings);
        m_catalogue->look_once();
        ASSERT_NE(m_catalogue->project("sample"), nullptr);
    }

    /// A request with all that a face may look at, as the server puts it together.
    class Asked {
    public:
        Asked(const WmsTest& test, const Parameters& parameters, http::Request base = {})
            : request(std::move(base)), m_project(test.m_catalogue->project("sample")), m_rights(test.m_access, test.m_identity, "sample"),
              model(std::make_shared<project::ProjectModel>(access::visible(m_project->model(), m_rights))), seen(m_project, model),
              context{request, seen, *model, m_rights, m_limits, "http://localhost/sample", run}
        {
            request.method = "GET";
            request.parameters = parameters;
            *model = project::in_language(std::move(*model), ows::language_of(context));
            EXPECT_TRUE(store::narrow_extents(*model, *m_project, run));
        }

        http::Request request;

    private:
        std::shared_ptr<const store::PublishedProject> m_project;
        access::RoleRights m_rights;
        ows::ServiceLimits m_limits;

    public:
        base::RunContext run;
        std::shared_ptr<project::ProjectModel> model;
        store::SeenProject seen;
        ows::FaceContext context;
    };

    /// As ows::handle does it: errors become documents.
    http::Response ask(const Parameters& parameters, const http::Request& base = {}) const
    {
        const Asked asked(*this, parameters, base);
        const ows::KeyValues kv(parameters);
        try {
            return handle(asked.context, kv);
        } catch (const std::exception& error) {
            const std::string version = kv.get("VERSION", "1.3.0") < "1.3" ? "1.1.1" : "1.3.0";
            return ows::wms_exception(version, ows::from_error(error, version), base::Language::en);
        }
    }

    static Parameters map_request(const Parameters& change = {}, const std::vector<std::string>& without = {})
    {
        std::map<std::string, std::string> all{{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "GetMap"}, {"LAYERS", "parks"}, {"STYLES", ""},
                                               {"CRS", "EPSG:25833"}, {"BBOX", "316980,5689980,317130,5690080"}, {"WIDTH", "300"}, {"HEIGHT", "200"},
                                               {"FORMAT", "image/png"}};
        for (const auto& [name, value] : change)
            all[name] = value;
        for (const std::string& name : without)
            all.erase(name);
        return {all.begin(), all.end()};
    }

    static QImage picture(const http::Response& response)
    {
        const std::string& bytes = response.bytes();
        return QImage::fromData(reinterpret_cast<const uchar*>(bytes.data()), static_cast<int>(bytes.size())).convertToFormat(QImage::Format_ARGB32);
    }

    /// "LayerNotDefined" of an exception document.
    static std::string code(const http::Response& response)
    {
        const std::string& text = response.bytes();
        const std::size_t start = text.find("code=\"");
        return start == std::string::npos ? std::string() : text.substr(start + 6, text.find('"', start + 6) - start - 6);
    }

    test::TemporaryFolder m_folder;
    std::string m_gpkg, m_qgz;
    std::unique_ptr<store::QgisCatalogue> m_catalogue;
    access::AccessSettings m_access;
    access::Identity m_identity;
};

}  // namespace stadtgdi::wms
