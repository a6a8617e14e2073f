// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/strict_xml.hpp>
#include <gmock/gmock.h>

namespace stadtgdi::testing {
namespace {

using ::testing::HasSubstr;

std::string fault_of(std::string_view xml, pugi::xml_encoding encoding = pugi::encoding_utf8)
{
    pugi::xml_document document;
    const auto fault = ows::read_strictly(xml, document, pugi::parse_default, encoding);
    return fault ? fault->en : "";
}

TEST(StrictXml, WhatIsNotWellFormedIsRefused)
{
    for (const char* xml : {"", " ", "x", "<a", "<a>", "<a></b>", "<a/><b/>", "<a/>x", "x<a/>", "<a b='1' b='2'/>", "<a b='<'/>", "<a b=1/>", "<a b/>", "<a>&</a>", "<a>&nope;</a>", "<a b='&nope;'/>", "<a>&amp</a>",
                            "<a>]]></a>", "<a><!-- -- --></a>", "<?xml version='1.0'?><?xml version='1.0'?><a/>", " <?xml version='1.0'?><a/>", "<a><?xml version='1.0'?></a>", "<a>\x01</a>", "<a>&#0;</a>",
                            "<a>&#xD800;</a>", "<a>&#xFFFE;</a>", "<a>&#x110000;</a>", "<a>\xed\xa0\x80</a>", "<a>\xc0\xaf</a>", "<a>\xf4\x90\x80\x80</a>", "<a>\xef\xbf\xbf</a>", "<a>\xc3</a>", "<a>\xff</a>", "<1/>", "<a><![CDATA[</a>", "<a><!ENTITY x 'y'></a>"})
        EXPECT_THAT(fault_of(xml), HasSubstr("not well-formed")) << xml;
    EXPECT_EQ(fault_of("<a>\n<b></a>"), "the XML is not well-formed (mismatched tag at byte 9)");
    EXPECT_THAT(fault_of(std::string("<a>\0</a>", 8)), HasSubstr("not well-formed"));
    EXPECT_THAT(fault_of("<a>\x01</a>", pugi::encoding_latin1), HasSubstr("not well-formed"));
}

TEST(StrictXml, WhatClientsSendIsRead)
{
    for (const char* xml : {"<a/>", "\xef\xbb\xbf<a/>", "<?xml version='1.0' encoding='UTF-16'?>\n<a/>\n<!-- - -->", "<?xml-stylesheet href='http://127.0.0.1:9/a.xsl'?><a/>", "<unbound:a other:b='1' b='2'/>",
                            "<a>&lt;&amp;&gt;&quot;&apos;&#228;&#x1F333;\xc3\xa4</a>", "<a><![CDATA[<&nope;<!DOCTYPE a>]]></a>", "<a b='>'><!-- <!DOCTYPE a> &#0; --></a>"})
        EXPECT_EQ(fault_of(xml), "") << xml;
    EXPECT_EQ(fault_of("<a>\xe4\x85</a>", pugi::encoding_latin1), "");
    EXPECT_EQ(fault_of(std::string_view("\xff\xfe<\0a\0/\0>\0", 10), pugi::encoding_utf16_le), "");
    EXPECT_EQ(fault_of(std::string_view("\0<\0a\0/\0>", 8), pugi::encoding_utf16_be), "");
    EXPECT_THAT(fault_of(std::string_view("<\0a\0/\0>\0", 8), pugi::encoding_utf16_be), HasSubstr("not well-formed"));
}

TEST(StrictXml, ADoctypeIsRefusedBeforeItIsRead)
{
    for (const char* xml : {"<!DOCTYPE a><a/>", "<!DOCTYPE a []><a/>", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'><a/>", "<!DOCTYPE a [<!ENTITY % d SYSTEM 'http://127.0.0.1:9/d.dtd'> %d;]><a/>",
                            "<?xml version='1.0'?><!-- a --><!DOCTYPE a [<nothing that could be read"})
        EXPECT_THAT(fault_of(xml), HasSubstr("DOCTYPE")) << xml;
}

TEST(StrictXml, LargeAndDeepDocumentsAreReadInTimeAndSpace)
{
    constexpr std::size_t many = 50'000;
    std::string deep, attributes = "<a", half(10'000'000, 'x');
    for (std::size_t i = 0; i < many; ++i) {
        deep += "<a>";
        attributes += " b" + std::to_string(i) + "=''";
    }
    EXPECT_THAT(fault_of(deep), HasSubstr("not well-formed"));
    EXPECT_EQ(fault_of(attributes + "/>"), "");
    EXPECT_THAT(fault_of(attributes + " b7=''/>"), HasSubstr("duplicate attribute"));
    for (const char* open : {"<a>", "<a b='", "<", "<a><!--", "<a><![CDATA[", "<?a ", "<a>&", "<!DOCTYPE "}) EXPECT_THAT(fault_of(open + half), HasSubstr("not well-formed")) << open;
}

}  // namespace
}  // namespace stadtgdi::testing
