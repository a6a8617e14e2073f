// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/fes_filter.hpp>
#include <services/ows/kvp.hpp>
#include <algorithm>
#include <pugixml.hpp>

namespace stadtgdi::ows {

namespace {

constexpr int deepest = 16;
constexpr std::size_t longest = 256 * 1024;

std::string_view local(const pugi::xml_node& node)
{
    const std::string_view name = node.name();
    const auto colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view name)
{
    for (const pugi::xml_node& one : node.children())
        if (local(one) == name) return one;
    return {};
}

[[noreturn]] void damaged(const base::Text& what)
{
    throw OwsException(Code::operation_parsing_failed, "FILTER", base::Text{"The filter cannot be read: " + what.en + ".", "Der Filter ist nicht lesbar: " + what.de + "."});
}

class Reader {
public:
    Reader(const CrsName& fallback, const project::ProjectModel& model, const PropertyNames& names, const ResourceIds& ids, FeatureQuery& query)
        : m_fallback(fallback), m_model(model), m_names(names), m_ids(ids), m_query(query)
    {
    }

    void read(const pugi::xml_node& node, int depth)
    {
        if (depth > deepest) damaged({"it is nested too deeply", "er ist zu tief geschachtelt"});
        const std::string_view name = local(node);
        if (name == "And") {
            for (const pugi::xml_node& part : node.children())
                if (part.type() == pugi::node_element) read(part, depth + 1);
        } else if (name == "BBOX") {
            box(node);
        } else if (name == "PropertyIsEqualTo") {
            equality(node);
        } else if (name == "ResourceId" || name == "FeatureId") {
            if (!m_fids) m_fids.emplace();
            if (const auto fid = m_ids(node.attribute(name == "ResourceId" ? "rid" : "fid").value())) m_fids->push_back(*fid);
        } else {
            throw OwsException(Code::option_not_supported, "FILTER",
                               base::filled({"Filters with '{0}' are not offered; BBOX, PropertyIsEqualTo, ResourceId and And are.",
                                             "Filter mit '{0}' werden nicht angeboten, nur BBOX, PropertyIsEqualTo, ResourceId und And."},
                                            std::string(name)));
        }
    }

    void finish()
    {
        if (m_fids) m_query.fids = std::move(m_fids);
    }

private:
    void box(const pugi::xml_node& node)
    {
        for (const char* reference : {"ValueReference", "PropertyName"})
            if (const auto property = child(node, reference); property && !m_names(property.child_value()).empty())
                throw invalid_parameter("FILTER", {"BBOX asks for the geometry.", "BBOX fragt nach der Geometrie."});
        const pugi::xml_node envelope = child(node, "Envelope");
        if (!envelope) damaged({"BBOX has no Envelope", "BBOX hat keinen Envelope"});
        if (m_query.box) throw OwsException(Code::option_not_supported, "FILTER", {"One box a request is offered.", "Je Anfrage wird ein Ausschnitt angeboten."});
        CrsName crs = m_fallback;
        if (const std::string name = envelope.attribute("srsName").value(); !name.empty()) crs = wfs_crs(name, m_model, "FILTER");
        std::vector<std::string> numbers;
        for (const char* corner : {"lowerCorner", "upperCorner"})
            for (const std::string& number : split(child(envelope, corner).child_value(), ' '))
                if (!trimmed(number).empty()) numbers.emplace_back(trimmed(number));
        m_query.box = BoxWithCrs{parse_box(numbers, crs.swapped, false, "FILTER"), crs};
    }

    void equality(const pugi::xml_node& node)
    {
        pugi::xml_node reference = child(node, "ValueReference");
        if (!reference) reference = child(node, "PropertyName");
        const pugi::xml_node literal = child(node, "Literal");
        if (!reference || !literal) damaged({"PropertyIsEqualTo needs a ValueReference and a Literal", "PropertyIsEqualTo braucht eine ValueReference und ein Literal"});
        const std::string field = m_names(reference.child_value());
        if (field.empty()) throw invalid_parameter("FILTER", {"A geometry cannot be compared with a text.", "Eine Geometrie lässt sich nicht mit einem Text vergleichen."});
        m_query.equals.push_back({field, literal.child_value()});
    }

    const CrsName& m_fallback;
    const project::ProjectModel& m_model;
    const PropertyNames& m_names;
    const ResourceIds& m_ids;
    FeatureQuery& m_query;
    std::optional<std::vector<std::int64_t>> m_fids;
};

}  // namespace

void read_filter(std::string_view xml, const CrsName& fallback, const project::ProjectModel& model, const PropertyNames& names, const ResourceIds& ids, FeatureQuery& query)
{
    if (xml.size() > longest) damaged({"it is too long", "er ist zu lang"});
    if (xml.find("<!DOCTYPE") != std::string_view::npos || xml.find("<!ENTITY") != std::string_view::npos) damaged({"a DOCTYPE is not accepted", "ein DOCTYPE wird nicht angenommen"});
    pugi::xml_document document;
    // No entities beyond the five of XML and character references, no external anything: pugixml knows none.
    if (!document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8)) damaged({"it is not well-formed XML", "er ist kein wohlgeformtes XML"});
    const pugi::xml_node root = document.document_element();
    if (local(root) != "Filter") damaged({"its root is not Filter", "seine Wurzel ist nicht Filter"});
    Reader reader(fallback, model, names, ids, query);
    for (const pugi::xml_node& part : root.children())
        if (part.type() == pugi::node_element) reader.read(part, 0);
    reader.finish();
}

}  // namespace stadtgdi::ows
