// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/utf8.hpp>
#include <services/ows/exception.hpp>
#include <tests/support/fake_project.hpp>
#include <gtest/gtest.h>
#include <stdexcept>

namespace stadtgdi::ows {
namespace {

TEST(Exceptions, AWms13ErrorIsAServiceExceptionWithCodeAndLocator)
{
    const auto answer = wms_exception("1.3.0", OwsException(Code::layer_not_defined, "LAYERS", {"Layer <x> & co", "Layer"}), base::Language::en);
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.content_type, "text/xml; charset=utf-8");
    EXPECT_NE(answer.body.find("<ServiceException code=\"LayerNotDefined\" locator=\"LAYERS\">Layer &lt;x&gt; &amp; co</ServiceException>"), std::string::npos) << answer.body;
    EXPECT_NE(answer.body.find("version=\"1.3.0\" xmlns=\"http://www.opengis.net/ogc\""), std::string::npos);
}

TEST(Exceptions, AWms111ErrorHasItsOwnTypeAndNames)
{
    const auto answer = wms_exception("1.1.1", OwsException(Code::invalid_crs, "SRS", {"no", "nein"}), base::Language::de);
    EXPECT_EQ(answer.content_type, "application/vnd.ogc.se_xml; charset=utf-8");
    EXPECT_NE(answer.body.find("<ServiceException code=\"InvalidSRS\">nein<"), std::string::npos) << answer.body;
}

TEST(Exceptions, AWfsErrorIsAnExceptionReport)
{
    const auto answer = ows_exception(missing_parameter("service"), base::Language::en);
    EXPECT_EQ(answer.status, 400);
    EXPECT_NE(answer.body.find("exceptionCode=\"MissingParameterValue\" locator=\"service\""), std::string::npos);
    EXPECT_NE(answer.body.find("version=\"2.0.0\" xml:lang=\"en\""), std::string::npos);
}

TEST(Exceptions, NoApplicableCodeIsOursUnlessItsStatusSaysTheClients)
{
    EXPECT_EQ(OwsException(Code::no_applicable_code, "", {"no", "nein"}).kind(), base::ErrorKind::internal);
    EXPECT_EQ(OwsException(Code::no_applicable_code, "", {"no", "nein"}, 503).kind(), base::ErrorKind::internal);
    EXPECT_EQ(OwsException(Code::no_applicable_code, "", {"no", "nein"}, 400).kind(), base::ErrorKind::invalid_argument);
}

TEST(Exceptions, OlderWfsHasErrorsOfItsOwnForm)
{
    const auto of_1_1 = wfs_exception("1.1.0", invalid_parameter("typeName", {"no <x>", "nein"}), base::Language::en);
    EXPECT_EQ(of_1_1.status, 400);
    EXPECT_NE(of_1_1.body.find("xmlns:ows=\"http://www.opengis.net/ows\""), std::string::npos) << of_1_1.body;
    EXPECT_NE(of_1_1.body.find("version=\"1.1.0\" language=\"en\""), std::string::npos);
    EXPECT_NE(of_1_1.body.find("exceptionCode=\"InvalidParameterValue\" locator=\"typeName\""), std::string::npos);
    const auto of_1_0 = wfs_exception("1.0.0", invalid_parameter("typeName", {"no <x>", "nein"}), base::Language::en);
    EXPECT_NE(of_1_0.body.find("<ServiceExceptionReport version=\"1.2.0\" xmlns=\"http://www.opengis.net/ogc\""), std::string::npos) << of_1_0.body;
    EXPECT_NE(of_1_0.body.find("<ServiceException code=\"InvalidParameterValue\" locator=\"typeName\">no &lt;x&gt;</ServiceException>"), std::string::npos);
    const auto of_2_0 = wfs_exception("2.0.0", missing_parameter("x"), base::Language::en);
    EXPECT_NE(of_2_0.body.find("http://www.opengis.net/ows/1.1"), std::string::npos);
}

TEST(Exceptions, EveryKindOfErrorHasItsStatus)
{
    const auto status = [](ErrorKind kind) { return from_error(Error(kind, {"a", "b"}), "").status(); };
    EXPECT_EQ(status(ErrorKind::invalid_argument), 400);
    EXPECT_EQ(status(ErrorKind::not_found), 400);
    EXPECT_EQ(status(ErrorKind::unsupported), 501);
    EXPECT_EQ(status(ErrorKind::bad_data), 500);
    EXPECT_EQ(status(ErrorKind::io), 503);
    EXPECT_EQ(status(ErrorKind::internal), 500);
    EXPECT_EQ(OwsException(Code::not_found, "ID", {"a", "b"}).status(), 404);
}

TEST(Exceptions, WhatIsInternalIsNotTold)
{
    const auto shown = from_error(std::runtime_error("secret path /srv"), "1.3.0");
    EXPECT_EQ(shown.status(), 500);
    EXPECT_EQ(shown.message().en.find("secret"), std::string::npos);
    EXPECT_EQ(from_error(Error(ErrorKind::io, {"cannot open /srv/x", "x"}), "").message().en.find("/srv"), std::string::npos);
}

TEST(Exceptions, SayBackOnlyWhatCanBeRead)
{
    std::string long_text;
    while (long_text.size() < 100'000) long_text += "\xc3\xa4\xe2\x82\xac";
    const OwsException error = invalid_parameter(long_text, {"'" + long_text + "' is wrong", "a" + long_text});
    for (const std::string& text : {error.message().en, error.message().de, error.locator()}) {
        EXPECT_LE(text.size(), 1000U);
        EXPECT_GE(text.size(), 190U);
        EXPECT_TRUE(http::is_utf8(text));
    }
}

TEST(Exceptions, TheLanguageFollowsParameterThenHeader)
{
    stadtgdi::testing::FakeProject project;
    const auto language = [&](const std::string& target, std::vector<std::pair<std::string, std::string>> headers = {}) {
        return language_of(stadtgdi::testing::FakeFace(project, target, std::move(headers)).context());
    };
    project.edit().language = {};
    EXPECT_EQ(language("/town"), base::Language::de);
    EXPECT_EQ(language("/town", {{"accept-language", "fr, en;q=0.8, de-DE;q=0.9"}}), base::Language::de);
    EXPECT_EQ(language("/town?LANGUAGE=eng", {{"accept-language", "de"}}), base::Language::en);
    EXPECT_EQ(language("/town?language=ger", {{"accept-language", "en"}}), base::Language::de);
    project.edit().language = base::Language::en;  // of those who say nothing
    EXPECT_EQ(language("/town"), base::Language::en);
    EXPECT_EQ(language("/town", {{"accept-language", "de"}}), base::Language::de);
}

}  // namespace
}  // namespace stadtgdi::ows
