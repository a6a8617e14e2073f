// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/exception.hpp>
#include <services/ows/filter_builder.hpp>
#include <services/ows/xml_body.hpp>
#include <services/ows/xml_names.hpp>
#include <services/wfs/feature_type.hpp>
#include <services/wfs/requests.hpp>
#include <services/wfs/version.hpp>
#include <services/wfs/xml_request.hpp>
#include <algorithm>
#include <utility>

namespace stadtgdi::wfs {

namespace {

using ows::child_of;
using ows::local_name;
using ows::trimmed;
using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t most_queries = 100;

bool is_element(const pugi::xml_node& node, std::string_view local) { return node.type() == pugi::node_element && local_name(node) == local; }

std::string joined(const std::vector<std::string>& parts, char separator)
{
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : std::string(1, separator)) + part;
    return text;
}

std::vector<std::string> texts_of(const pugi::xml_node& node, std::string_view local)
{
    std::vector<std::string> texts;
    for (const pugi::xml_node& one : node.children())
        if (is_element(one, local)) texts.emplace_back(trimmed(one.child_value()));
    return texts;
}

std::string space_of(const pugi::xml_node& node)
{
    const std::string_view name = node.name();
    const auto colon = name.find(':');
    return ows::namespace_of(node, colon == std::string_view::npos ? std::string_view() : name.substr(0, colon));
}

/// One query, each part as its parameter has it.
struct QueryTexts {
    std::string types, properties, filter, order, crs, ids;
};

/// What is printed, brackets as references; no more than says that it is too long for a filter.
struct TextWithoutBrackets final : pugi::xml_writer {
    std::string text;
    void write(const void* data, std::size_t size) override
    {
        if (is_too_long()) return;
        std::string_view rest(static_cast<const char*>(data), size);
        for (auto at = rest.find_first_of("()"); at != std::string_view::npos; at = rest.find_first_of("()")) {
            text.append(rest.substr(0, at)).append(rest[at] == '(' ? "&#40;" : "&#41;");
            rest.remove_prefix(at + 1);
        }
        text += rest;
    }
    bool is_too_long() const { return text.size() > ows::FilterBuilder::longest_text; }
};

/// Of the root. Without any it is taken for that of the version; capabilities, whose version is yet to be found, may be asked for in each.
void check_namespace(const pugi::xml_node& root, const ows::KeyValues& kv)
{
    const std::string space = space_of(root);
    if (space.empty()) return;
    const bool any = local_name(root) == "GetCapabilities" && (space == wfs_namespace(Version::v1_1_0) || space == wfs_namespace(Version::v2_0_0));
    if (any || space == wfs_namespace(version_of(kv))) return;
    throw ows::OwsException(ows::Code::operation_parsing_failed, "", base::filled({"The request cannot be read: '{0}' is not the namespace of WFS {1}.", "Die Anfrage ist nicht lesbar: '{0}' ist nicht der Namensraum von WFS {1}."},
                                                                                  base::shortened(space, 200), std::string(text_of(version_of(kv)))));
}

class Reader {
public:
    explicit Reader(const project::ProjectModel& model) : m_own(ows::feature_namespace(model.id)), m_types(feature_types(model)) {}

    ows::KeyValues read(const pugi::xml_node& root)
    {
        const std::string operation(local_name(root));
        add("SERVICE", "WFS");
        add("REQUEST", operation);
        for (const auto& [attribute, parameter] : std::initializer_list<std::pair<const char*, const char*>>{{"version", "VERSION"}, {"outputFormat", "OUTPUTFORMAT"},
                 {"resultType", "RESULTTYPE"}, {"maxFeatures", "MAXFEATURES"}, {"count", "COUNT"}, {"startIndex", "STARTINDEX"}, {"resolve", "RESOLVE"},
                 {"updateSequence", "UPDATESEQUENCE"}})
            if (const std::string value = root.attribute(attribute).value(); !value.empty()) add(parameter, value);
        if (!root.attribute("version") && operation != "GetCapabilities" && space_of(root) == wfs_namespace(Version::v1_1_0)) add("VERSION", "1.1.0");
        check_namespace(root, ows::KeyValues(m_pairs));
        // An empty one is an error of its own.
        if (const auto reference = root.attribute("valueReference")) add("VALUEREFERENCE", reference.value());
        if (operation == "GetCapabilities") read_capabilities(root);
        if (operation == "DescribeFeatureType") read_types(root);
        if (operation == "DescribeStoredQueries") add("STOREDQUERY_ID", joined(texts_of(root, "StoredQueryId"), ','));
        if (operation == "GetFeature" || operation == "GetPropertyValue") read_queries(root);
        return ows::KeyValues(m_pairs);
    }

private:
    void add(const std::string& name, std::string value)
    {
        if (!value.empty() || name == "VALUEREFERENCE") m_pairs.emplace_back(name, std::move(value));
    }

    void read_capabilities(const pugi::xml_node& root)
    {
        add("ACCEPTVERSIONS", joined(texts_of(child_of(root, "AcceptVersions"), "Version"), ','));
        add("SECTIONS", joined(texts_of(child_of(root, "Sections"), "Section"), ','));
        add("ACCEPTFORMATS", joined(texts_of(child_of(root, "AcceptFormats"), "OutputFormat"), ','));
    }

    void read_types(const pugi::xml_node& root)
    {
        std::vector<std::string> names;
        for (const pugi::xml_node& node : root.children())
            if (is_element(node, "TypeName")) names.push_back(type_name(node, trimmed(node.child_value())));
        add("TYPENAME", joined(names, ','));
    }

    /// The name with our own prefix, which one a document uses is its own affair; of a type that is known, its own name, which has no
    /// brackets.
    std::string type_name(const pugi::xml_node& node, std::string_view name) const
    {
        const FeatureType* type = find_type(m_types, name);
        const auto colon = name.find(':');
        if (colon == std::string_view::npos) return type == nullptr ? std::string(name) : type->name;
        const std::string space = ows::namespace_of(node, name.substr(0, colon));
        if (!space.empty() && space != m_own && !is_sent_for_any(space))
            throw ows::invalid_parameter("typeName", base::filled({"Feature type '{0}' is not offered.", "Der Objekttyp '{0}' wird nicht angeboten."}, std::string(name)));
        if (type != nullptr) return qualified(type->name);
        return space.empty() ? std::string(name) : qualified(name.substr(colon + 1));
    }

    void read_queries(const pugi::xml_node& root)
    {
        std::vector<pugi::xml_node> nodes;
        for (const pugi::xml_node& node : root.children())
            if (is_element(node, "Query") || is_element(node, "StoredQuery")) nodes.push_back(node);
        if (nodes.size() > most_queries)
            throw ows::invalid_parameter("Query", {"A request may have at most 100 queries.", "Eine Anfrage darf höchstens 100 Abfragen haben."});
        if (nodes.size() == 1 && local_name(nodes[0]) == "StoredQuery") return read_stored_query(nodes[0]);
        std::vector<QueryTexts> queries;
        for (const pugi::xml_node& node : nodes) queries.push_back(local_name(node) == "Query" ? query_of(node) : by_id(node));
        write("TYPENAMES", queries, &QueryTexts::types);
        write("PROPERTYNAME", queries, &QueryTexts::properties);
        write("FILTER", queries, &QueryTexts::filter);
        write("SORTBY", queries, &QueryTexts::order);
        write("SRSNAME", queries, &QueryTexts::crs);
        write("RESOURCEID", queries, &QueryTexts::ids);
    }

    void write(const std::string& name, const std::vector<QueryTexts>& queries, std::string QueryTexts::*part)
    {
        if (std::all_of(queries.begin(), queries.end(), [&](const QueryTexts& query) { return (query.*part).empty(); })) return;
        std::string text;
        for (const QueryTexts& query : queries) text += "(" + query.*part + ")";
        add(name, text);
    }

    QueryTexts query_of(const pugi::xml_node& node) const
    {
        QueryTexts query;
        std::string names = node.attribute("typeNames").value();
        if (names.empty()) names = node.attribute("typeName").value();
        for (char& c : names)
            if (c == '\t' || c == '\n' || c == '\r' || c == ',') c = ' ';
        for (const std::string& name : ows::split(names, ' '))
            if (!name.empty()) query.types += (query.types.empty() ? "" : ",") + type_name(node, name);
        query.crs = trimmed(node.attribute("srsName").value());
        query.properties = joined(texts_of(node, "PropertyName"), ',');
        if (const pugi::xml_node filter = child_of(node, "Filter")) query.filter = text_of(filter);
        std::vector<std::string> order;
        for (const pugi::xml_node& key : child_of(node, "SortBy").children()) {
            if (!is_element(key, "SortProperty")) continue;
            pugi::xml_node reference = child_of(key, "ValueReference");
            if (!reference) reference = child_of(key, "PropertyName");
            const std::string direction(trimmed(child_of(key, "SortOrder").child_value()));
            order.push_back(std::string(trimmed(reference.child_value())) + (direction.empty() ? "" : " " + direction));
        }
        query.order = joined(order, ',');
        return query;
    }

    /// The filter as a document of its own, with the prefixes that elements around it bind. Brackets within are references and
    /// CDATA is text: the brackets around the filters of several queries are the only ones.
    static std::string text_of(const pugi::xml_node& filter)
    {
        pugi::xml_document document;
        pugi::xml_node copy = document.append_copy(filter);
        for (pugi::xml_node at = filter.parent(); at; at = at.parent())
            for (const pugi::xml_attribute& attribute : at.attributes()) {
                const std::string_view name = attribute.name();
                if ((name == "xmlns" || name.substr(0, 6) == "xmlns:") && !copy.attribute(attribute.name())) copy.append_copy(attribute);
            }
        std::vector<pugi::xml_node> sections;
        document.find_node([&](const pugi::xml_node& node) {
            if (node.type() == pugi::node_cdata) sections.push_back(node);
            return false;
        });
        for (const pugi::xml_node& section : sections) {
            pugi::xml_node parent = section.parent();
            parent.insert_child_before(pugi::node_pcdata, section).set_value(section.value());
            parent.remove_child(section);
        }
        TextWithoutBrackets text;
        copy.print(text, "", pugi::format_raw);
        if (text.is_too_long())
            throw ows::OwsException(ows::Code::operation_parsing_failed, "FILTER", {"The filter cannot be read: it is too long.", "Der Filter ist nicht lesbar: er ist zu lang."});
        return std::move(text.text);
    }

    void read_stored_query(const pugi::xml_node& node)
    {
        add("STOREDQUERY_ID", node.attribute("id").value());
        for (const pugi::xml_node& parameter : node.children())
            if (is_element(parameter, "Parameter") && ows::equal_ignoring_case(parameter.attribute("name").value(), "ID")) add("ID", std::string(trimmed(parameter.child_value())));
    }

    /// GetFeatureById beside other queries: the feature is a member like those of the others.
    static QueryTexts by_id(const pugi::xml_node& node)
    {
        if (const std::string id = node.attribute("id").value(); !is_get_feature_by_id(id))
            throw ows::invalid_parameter("storedQueryId", base::filled({"There is no stored query '{0}'.", "Eine gespeicherte Abfrage '{0}' gibt es nicht."}, id));
        QueryTexts query;
        for (const pugi::xml_node& parameter : node.children())
            if (is_element(parameter, "Parameter") && ows::equal_ignoring_case(parameter.attribute("name").value(), "ID")) query.ids = trimmed(parameter.child_value());
        if (query.ids.empty()) throw ows::missing_parameter("ID");
        query.types = query.ids.substr(0, query.ids.rfind('.'));
        return query;
    }

    std::string m_own;
    std::vector<FeatureType> m_types;
    Pairs m_pairs;
};

}  // namespace

bool is_wfs_request(const pugi::xml_document& document)
{
    const pugi::xml_node root = document.document_element();
    if (const std::string service = root.attribute("service").value(); !service.empty()) return ows::equal_ignoring_case(service, "WFS");
    const std::string space = space_of(root);
    return space == wfs_namespace(Version::v1_0_0) || space == wfs_namespace(Version::v2_0_0);
}

ows::KeyValues key_values_of(const pugi::xml_document& document, const project::ProjectModel& model)
{
    return Reader(model).read(document.document_element());
}

}  // namespace stadtgdi::wfs
