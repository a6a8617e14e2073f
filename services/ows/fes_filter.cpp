// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/fes_filter.hpp>
#include <services/ows/fold.hpp>
#include <services/ows/kvp.hpp>
#include <services/ows/strict_xml.hpp>
#include <services/ows/xml_body.hpp>
#include <algorithm>
#include <chrono>

namespace stadtgdi::ows {

namespace {

std::vector<pugi::xml_node> elements(const pugi::xml_node& node)
{
    std::vector<pugi::xml_node> found;
    for (const pugi::xml_node& child : node.children())
        if (child.type() == pugi::node_element) found.push_back(child);
    return found;
}

bool is_reference(const pugi::xml_node& node) { return local_name(node) == "ValueReference" || local_name(node) == "PropertyName"; }

/// All text of an element, CDATA too.
std::string text_in(const pugi::xml_node& node)
{
    std::string text;
    for (const pugi::xml_node& child : node.children())
        if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) text += child.value();
    return text;
}

/// The properties that any object of GML may have, by their local names.
bool is_standard_property(std::string_view name)
{
    for (const std::string_view known : {"name", "description", "identifier", "descriptionReference", "metaDataProperty", "boundedBy"})
        if (name == known) return true;
    return false;
}

/// GML 2, 3.1 and 3.2 geometries as WKT, numbers in the order they are written in.
class GmlReader {
public:
    explicit GmlReader(const FilterBuilder& builder) : m_builder(builder) {}

    std::string wkt(const pugi::xml_node& node) { return text_of(node, 0); }

private:
    /// The elements of a geometry that make it, without what is said about it.
    static std::vector<pugi::xml_node> parts(const pugi::xml_node& node)
    {
        std::vector<pugi::xml_node> found = elements(node);
        std::erase_if(found, [](const pugi::xml_node& part) { return is_standard_property(local_name(part)); });
        return found;
    }

    /// Numbers of a position: said at the list itself or at any of the geometries around it.
    static int dimension_of(const pugi::xml_node& list)
    {
        for (pugi::xml_node at = list; at; at = at.parent())
            if (const pugi::xml_attribute size = at.attribute("srsDimension")) return std::max(size.as_int(), 2);
        return 2;
    }

    [[noreturn]] void damaged(const pugi::xml_node& node) const
    {
        m_builder.wrong(base::filled({"the geometry {0} cannot be read", "die Geometrie {0} ist nicht lesbar"}, base::shortened(std::string(local_name(node)), 40)));
    }

    std::string text_of(const pugi::xml_node& node, int depth)
    {
        if (depth > 6) m_builder.too_complex();
        const std::string_view name = local_name(node);
        if (name == "Point") return "POINT(" + one_of(positions(node), node) + ")";
        if (name == "LineString" || name == "LineStringSegment") return "LINESTRING" + ring(node);
        if (name == "Curve" || name == "CompositeCurve") return "LINESTRING" + line(positions_along(node, depth), node);
        if (name == "Polygon" || name == "PolygonPatch") return "POLYGON" + polygon(node, depth);
        if (name == "CompositeSurface") return "MULTIPOLYGON(" + members(node, "POLYGON", depth) + ")";
        if (name == "Surface") return "MULTIPOLYGON(" + members(child_of(node, "patches"), "POLYGON", depth) + ")";
        if (name == "MultiPoint") return "MULTIPOINT(" + members(node, "POINT", depth) + ")";
        if (name == "MultiLineString" || name == "MultiCurve") return "MULTILINESTRING(" + members(node, "LINESTRING", depth) + ")";
        if (name == "MultiPolygon" || name == "MultiSurface") return "MULTIPOLYGON(" + members(node, "POLYGON", depth) + ")";
        if (name == "MultiGeometry") return "GEOMETRYCOLLECTION(" + members(node, "", depth) + ")";
        if (name == "Envelope" || name == "Box") return envelope(node);
        m_builder.not_offered(name);
    }

    /// Of members, each in its property or several in one; their words are those of the kind, or of many of it.
    std::string members(const pugi::xml_node& node, std::string_view word, int depth)
    {
        std::string out;
        const auto add = [&](const pugi::xml_node& member) {
            std::string text = text_of(member, depth + 1);
            if (!word.empty()) {
                const bool many = text.starts_with("MULTI" + std::string(word));
                if (!many && !text.starts_with(word)) damaged(member);
                text = many ? text.substr(word.size() + 6, text.size() - word.size() - 7) : text.substr(word.size());
            }
            out += (out.empty() ? "" : ",") + text;
        };
        for (const pugi::xml_node& property : parts(node)) {
            if (local_name(property) == "PolygonPatch") add(property);
            else
                for (const pugi::xml_node& member : elements(property)) add(member);
        }
        if (out.empty()) damaged(node);
        return out;
    }

    std::string polygon(const pugi::xml_node& node, int depth)
    {
        std::string out;
        for (const pugi::xml_node& side : parts(node)) {
            const pugi::xml_node boundary = child_of(side, "LinearRing"), curves = child_of(side, "Ring");
            if (!boundary && !curves) damaged(node);
            out += (out.empty() ? "" : ",") + (boundary ? ring(boundary) : line(positions_along(curves, depth + 1), curves));
        }
        if (out.empty()) damaged(node);
        return "(" + out + ")";
    }

    /// Of a line, or of curves each of which begins where the one before ended.
    std::vector<std::string> positions_along(const pugi::xml_node& node, int depth)
    {
        if (depth > 6) m_builder.too_complex();
        const std::string_view name = local_name(node);
        if (name == "LineString" || name == "LineStringSegment") return positions(node);
        if (name != "Curve" && name != "CompositeCurve" && name != "Ring") m_builder.not_offered(name);
        std::vector<std::string> found;
        for (const pugi::xml_node& property : parts(node))
            for (const pugi::xml_node& piece : elements(property))
                for (std::string& position : positions_along(piece, depth + 1))
                    if (found.empty() || found.back() != position) found.push_back(std::move(position));
        return found;
    }

    std::string ring(const pugi::xml_node& node) { return line(positions(node), node); }

    std::string line(const std::vector<std::string>& positions, const pugi::xml_node& node) const
    {
        std::string out;
        for (const std::string& position : positions) out += (out.empty() ? "" : ",") + position;
        if (out.empty()) damaged(node);
        return "(" + out + ")";
    }

    std::string envelope(const pugi::xml_node& node)
    {
        std::vector<std::string> numbers;
        for (const std::string& position : positions(node))
            for (const std::string& number : split(position, ' ')) numbers.push_back(number);
        if (numbers.size() != 4) damaged(node);
        return "POLYGON((" + numbers[0] + " " + numbers[1] + "," + numbers[2] + " " + numbers[1] + "," + numbers[2] + " " + numbers[3] + "," + numbers[0] + " " + numbers[3] + "," + numbers[0] + " " + numbers[1] + "))";
    }

    std::string one_of(const std::vector<std::string>& positions, const pugi::xml_node& node) const
    {
        if (positions.size() != 1) damaged(node);
        return positions.front();
    }

    /// "x y" of pos, posList, coordinates, coord, lowerCorner and upperCorner, and of points that a line goes through.
    std::vector<std::string> positions(const pugi::xml_node& node) const
    {
        std::vector<std::string> found;
        for (const pugi::xml_node& child : parts(node)) {
            const std::string_view name = local_name(child);
            if (name == "pos" || name == "lowerCorner" || name == "upperCorner") {
                add(found, numbers_in(text_in(child), " \t\r\n"), 0, child);
            } else if (name == "posList") {
                add(found, numbers_in(text_in(child), " \t\r\n"), dimension_of(child), child);
            } else if (name == "coordinates") {
                for (const std::string& tuple : numbers_in(text_in(child), " \t\r\n")) add(found, numbers_in(tuple, ","), 0, child);
            } else if (name == "pointProperty" || name == "pointRep") {
                for (const std::string& position : positions(child_of(child, "Point"))) found.push_back(position);
            } else if (name == "coord") {
                add(found, {text_in(child_of(child, "X")), text_in(child_of(child, "Y"))}, 0, child);
            } else {
                damaged(child);
            }
        }
        return found;
    }

    static std::vector<std::string> numbers_in(std::string_view text, std::string_view separators)
    {
        std::vector<std::string> numbers;
        for (std::size_t i = 0; i < text.size();) {
            const auto begin = text.find_first_not_of(separators, i);
            if (begin == std::string_view::npos) break;
            const auto end = std::min(text.find_first_of(separators, begin), text.size());
            numbers.emplace_back(text.substr(begin, end - begin));
            i = end;
        }
        return numbers;
    }

    /// `size` numbers each; 0: all are one position. Heights are passed over.
    void add(std::vector<std::string>& found, const std::vector<std::string>& numbers, int size, const pugi::xml_node& node) const
    {
        const std::size_t step = size == 0 ? numbers.size() : static_cast<std::size_t>(size);
        if (step < 2 || step > 4 || numbers.size() % step != 0) damaged(node);
        for (std::size_t i = 0; i + step <= numbers.size(); i += step) {
            if (!parse_number(numbers[i]) || !parse_number(numbers[i + 1])) damaged(node);
            if (found.size() > FilterBuilder::most_vertices) m_builder.too_complex();
            found.push_back(numbers[i] + " " + numbers[i + 1]);
        }
    }

    const FilterBuilder& m_builder;
};

class FesReader {
public:
    explicit FesReader(const FilterContext& context) : m_builder(context) {}

    PredicatePtr read(const pugi::xml_node& filter)
    {
        std::vector<PredicatePtr> parts;
        std::vector<std::string> ids;
        for (const pugi::xml_node& node : elements(filter)) {
            if (const auto id = id_of(node))
                ids.push_back(*id);
            else
                parts.push_back(condition(node));
        }
        if (!ids.empty()) parts.push_back(m_builder.ids(ids));
        if (parts.empty()) m_builder.wrong({"it is empty", "er ist leer"});
        if (parts.size() > 1 && !ids.empty() && ids.size() < elements(filter).size()) m_builder.wrong({"it mixes ids and conditions", "er mischt Kennungen und Bedingungen"});
        return all_of(std::move(parts));
    }

private:
    static std::optional<std::string> id_of(const pugi::xml_node& node)
    {
        const std::string_view name = local_name(node);
        if (name == "ResourceId") return node.attribute("rid").value();
        if (name == "FeatureId") return node.attribute("fid").value();
        if (name == "GmlObjectId" || name == "ObjectId")
            for (const pugi::xml_attribute& attribute : node.attributes())
                if (const std::string_view id = attribute.name(); id == "id" || id.ends_with(":id")) return attribute.value();
        return {};
    }

    PredicatePtr condition(const pugi::xml_node& node)
    {
        const FilterBuilder::Level level(m_builder);
        const std::string_view name = local_name(node);
        if (const auto id = id_of(node)) return m_builder.ids({*id});
        check_match_action(node);
        if (name == "And" || name == "Or") {
            std::vector<PredicatePtr> parts;
            for (const pugi::xml_node& part : elements(node)) parts.push_back(condition(part));
            if (parts.size() < 2) m_builder.wrong(base::filled({"{0} joins less than two conditions", "{0} verbindet weniger als zwei Bedingungen"}, std::string(name)));
            return name == "And" ? all_of(std::move(parts)) : any_of(std::move(parts));
        }
        if (name == "Not") {
            const auto parts = elements(node);
            if (parts.size() != 1) m_builder.wrong({"Not is of one condition", "Not gilt einer Bedingung"});
            return negated(condition(parts.front()));
        }
        static const std::vector<std::pair<std::string_view, Comparison>> comparisons{{"PropertyIsEqualTo", Comparison::equal}, {"PropertyIsNotEqualTo", Comparison::not_equal},
                                                                                      {"PropertyIsLessThan", Comparison::less}, {"PropertyIsGreaterThan", Comparison::greater},
                                                                                      {"PropertyIsLessThanOrEqualTo", Comparison::less_or_equal}, {"PropertyIsGreaterThanOrEqualTo", Comparison::greater_or_equal}};
        for (const auto& [known, comparison] : comparisons)
            if (name == known) {
                const auto sides = elements(node);
                if (sides.size() != 2) m_builder.wrong(base::filled({"{0} compares two things", "{0} vergleicht zwei Dinge"}, std::string(name)));
                for (const auto& [id, value] : {std::pair(sides[0], sides[1]), std::pair(sides[1], sides[0])})
                    if (names_id(id)) return of_id(comparison, value, name);
                const OperandPtr first = operand(sides[0]);   // told first where both are wrong
                return m_builder.compare(comparison, first, operand(sides[1]), match_case(node));
            }
        if (name == "PropertyIsLike") return like(node);
        if (name == "PropertyIsBetween") return between(node);
        if (name == "PropertyIsNull" || name == "PropertyIsNil") {
            const auto parts = elements(node);
            if (parts.size() != 1 || !is_reference(parts.front())) m_builder.wrong(base::filled({"{0} asks for one property", "{0} fragt nach einer Eigenschaft"}, std::string(name)));
            if (const auto standard = of_gml(parts.front())) return *standard == "@id" ? constant(false) : m_builder.is_null(m_builder.nothing());
            const std::string reference = text_in(parts.front());
            return m_builder.is_geometry(reference) ? m_builder.geometry_is_null() : m_builder.is_null(m_builder.field(reference));
        }
        if (name == "BBOX") return box(node);
        if (auto spatial = related(node, name)) return *spatial;
        if (auto temporal = timed(node, name)) return *temporal;
        m_builder.not_offered(name);
    }

    /// What a property or attribute of GML itself is called, which every feature may have, whatever the prefix; nothing for others.
    static std::optional<std::string> of_gml(const pugi::xml_node& node)
    {
        const std::string text = text_in(node);
        std::string_view step = trimmed(text);
        if (const auto slash = step.rfind('/'); slash != std::string_view::npos) step.remove_prefix(slash + 1);
        const bool attribute = step.starts_with('@');
        if (attribute) step.remove_prefix(1);
        if (step.ends_with("[1]")) step.remove_suffix(3);
        const auto colon = step.find(':');
        if (colon == std::string_view::npos) return attribute && step == "id" ? std::optional<std::string>("@id") : std::nullopt;
        const std::string space = namespace_of(node, step.substr(0, colon));
        if (space.empty() ? step.substr(0, colon) != "gml" : !space.starts_with("http://www.opengis.net/gml")) return std::nullopt;
        step.remove_prefix(colon + 1);
        if (attribute) return step == "id" ? std::optional<std::string>("@id") : std::nullopt;
        return is_standard_property(step) ? std::optional<std::string>(step) : std::nullopt;
    }

    static bool names_id(const pugi::xml_node& node) { return is_reference(node) && of_gml(node) == "@id"; }

    OperandPtr field(const pugi::xml_node& node)
    {
        const auto standard = of_gml(node);
        if (!standard) return m_builder.field(text_in(node));
        if (*standard == "boundedBy")
            throw OwsException(Code::operation_processing_failed, m_builder.context().parameter, {"boundedBy cannot be compared with a value.", "boundedBy lässt sich nicht mit einem Wert vergleichen."});
        if (*standard == "@id") m_builder.not_offered("@gml:id");
        return m_builder.nothing();
    }

    PredicatePtr of_id(Comparison comparison, const pugi::xml_node& value, std::string_view name)
    {
        const bool equal = comparison == Comparison::equal;
        if ((!equal && comparison != Comparison::not_equal) || local_name(value) != "Literal") m_builder.not_offered(std::string(name) + " @gml:id");
        PredicatePtr ids = m_builder.ids({std::string(trimmed(text_in(value)))});
        return equal ? ids : negated(std::move(ids));
    }

    /// A property has one value: all, any and one of them are the same.
    void check_match_action(const pugi::xml_node& node) const
    {
        const std::string action = node.attribute("matchAction").as_string("Any");
        if (action != "All" && action != "Any" && action != "One")
            m_builder.wrong(base::filled({"matchAction is '{0}'; expected is All, Any or One", "matchAction ist '{0}'; erwartet wird All, Any oder One"}, base::shortened(action, 60)));
    }

    static bool match_case(const pugi::xml_node& node)
    {
        const std::string_view value = node.attribute("matchCase").value();
        return !(value == "false" || value == "0");
    }

    OperandPtr operand(const pugi::xml_node& node)
    {
        const FilterBuilder::Level level(m_builder);
        const std::string_view name = local_name(node);
        if (is_reference(node)) return field(node);
        if (name == "Literal") {
            if (!elements(node).empty()) m_builder.not_offered(local_name(elements(node).front()));
            return m_builder.untyped(text_in(node));
        }
        for (const auto& [known, operation] : {std::pair<std::string_view, char>{"Add", '+'}, {"Sub", '-'}, {"Mul", '*'}, {"Div", '/'}})
            if (name == known) {
                const auto sides = elements(node);
                if (sides.size() != 2) m_builder.wrong(base::filled({"{0} is of two numbers", "{0} gilt zwei Zahlen"}, std::string(name)));
                return m_builder.arithmetic(operation, operand(sides[0]), operand(sides[1]));
            }
        m_builder.not_offered(name == "Function" ? "Function " + std::string(node.attribute("name").value()) : std::string(name));
    }

    static constexpr char32_t no_sign = 0xffffffff;  ///< no code point

    char32_t sign(const pugi::xml_node& node, std::initializer_list<const char*> names, char32_t fallback)
    {
        for (const char* name : names)
            if (const pugi::xml_attribute attribute = node.attribute(name)) {
                const std::u32string points = code_points(attribute.value());
                if (points.size() > 1) m_builder.wrong(base::filled({"{0} is one character", "{0} ist ein Zeichen"}, std::string(name)));
                return points.empty() ? no_sign : points.front();
            }
        return fallback;
    }

    PredicatePtr like(const pugi::xml_node& node)
    {
        const auto sides = elements(node);
        if (sides.size() != 2 || !is_reference(sides[0]) || local_name(sides[1]) != "Literal")
            m_builder.wrong({"PropertyIsLike compares a property with a text", "PropertyIsLike vergleicht eine Eigenschaft mit einem Text"});
        return m_builder.like(field(sides[0]), text_in(sides[1]), sign(node, {"wildCard"}, U'%'), sign(node, {"singleChar"}, U'_'), sign(node, {"escapeChar", "escape"}, U'\\'), match_case(node));
    }

    PredicatePtr between(const pugi::xml_node& node)
    {
        const auto parts = elements(node);
        const auto bound = [&](const char* name) {
            const auto inside = elements(child_of(node, name));
            if (inside.size() != 1) m_builder.wrong({"PropertyIsBetween has a LowerBoundary and an UpperBoundary", "PropertyIsBetween hat LowerBoundary und UpperBoundary"});
            return operand(inside.front());
        };
        if (parts.size() != 3) m_builder.wrong({"PropertyIsBetween has a LowerBoundary and an UpperBoundary", "PropertyIsBetween hat LowerBoundary und UpperBoundary"});
        return m_builder.between(operand(parts.front()), bound("LowerBoundary"), bound("UpperBoundary"));
    }

    void expect_geometry(const pugi::xml_node& node)
    {
        for (const pugi::xml_node& part : elements(node))
            if (is_reference(part) && !text_in(part).empty() && (of_gml(part) || !m_builder.is_geometry(text_in(part))))
                m_builder.wrong(base::filled({"{0} asks for the geometry", "{0} fragt nach der Geometrie"}, std::string(local_name(node))));
    }

    pugi::xml_node geometry_in(const pugi::xml_node& node)
    {
        for (const pugi::xml_node& part : elements(node))
            if (!is_reference(part) && local_name(part) != "Distance") {
                if (local_name(part) != "Literal") return part;
                const auto inside = elements(part);
                if (inside.size() == 1) return inside.front();
            }
        m_builder.wrong(base::filled({"{0} has no geometry", "{0} hat keine Geometrie"}, std::string(local_name(node))));
    }

    /// The one that the geometry or its members name.
    CrsName crs_of(const pugi::xml_node& geometry)
    {
        std::string name = geometry.attribute("srsName").value();
        const pugi::xml_node other = geometry.find_node([&name](const pugi::xml_node& member) {
            const std::string own = member.attribute("srsName").value();
            if (own.empty() || local_name(member.parent()) == "boundedBy") return false;
            if (name.empty()) name = own;
            return own != name;
        });
        if (other) m_builder.wrong({"the members of a geometry have different CRS", "die Teile einer Geometrie haben verschiedene Bezugssysteme"});
        return name.empty() ? m_builder.context().fallback : m_builder.crs(name);
    }

    PredicatePtr box(const pugi::xml_node& node)
    {
        expect_geometry(node);
        const pugi::xml_node envelope = geometry_in(node);
        if (local_name(envelope) != "Envelope" && local_name(envelope) != "Box") m_builder.wrong({"BBOX has no Envelope", "BBOX hat keinen Envelope"});
        const CrsName crs = crs_of(envelope);
        // Corners, or the one text of GML 2.
        std::string text = text_in(child_of(envelope, "coordinates"));
        if (text.empty()) text = text_in(child_of(envelope, "lowerCorner")) + " " + text_in(child_of(envelope, "upperCorner"));
        if (const auto coord = child_of(envelope, "coord")) {
            text.clear();
            for (const pugi::xml_node& corner : elements(envelope)) text += text_in(child_of(corner, "X")) + " " + text_in(child_of(corner, "Y")) + " ";
        }
        std::ranges::replace_if(text, [](char c) { return c == ',' || c == '\n' || c == '\t' || c == '\r'; }, ' ');
        std::vector<std::string> numbers;
        for (const std::string& number : split(text, ' '))
            if (!number.empty()) numbers.push_back(number);
        return m_builder.box({parse_box(numbers, crs.swapped, false, m_builder.context().parameter), crs});
    }

    std::optional<PredicatePtr> related(const pugi::xml_node& node, std::string_view name)
    {
        using geometry::Relation;
        const auto wkt = [&](CrsName& crs) {
            expect_geometry(node);
            const pugi::xml_node geometry = geometry_in(node);
            crs = crs_of(geometry);
            return GmlReader(m_builder).wkt(geometry);
        };
        CrsName crs;
        for (const auto& [known, relation] : {std::pair<std::string_view, Relation>{"Equals", Relation::equals}, {"Disjoint", Relation::disjoint}, {"Touches", Relation::touches}, {"Within", Relation::within},
                                              {"Overlaps", Relation::overlaps}, {"Crosses", Relation::crosses}, {"Intersects", Relation::intersects}, {"Contains", Relation::contains}})
            if (name == known) {
                const std::string text = wkt(crs);
                // With the geometry first it is the geometry that is within the feature.
                const auto sides = elements(node);
                const bool turned = sides.size() == 2 && is_reference(sides[1]);
                return m_builder.relation(turned ? geometry::converse(relation) : relation, text, crs);
            }
        if (name != "DWithin" && name != "Beyond") return {};
        const std::string text = wkt(crs);
        const pugi::xml_node distance = child_of(node, "Distance");
        const auto value = parse_number(trimmed(text_in(distance)));
        if (!value) m_builder.wrong(base::filled({"{0} has no Distance", "{0} hat keine Distance"}, std::string(name)));
        const std::string unit = distance.attribute("uom") ? distance.attribute("uom").value() : distance.attribute("units").value();
        return m_builder.distance(name == "Beyond", text, crs, *value, unit);
    }

    std::optional<PredicatePtr> timed(const pugi::xml_node& node, std::string_view name)
    {
        for (const auto& [known, relation] : {std::pair<std::string_view, TimeRelation>{"After", TimeRelation::after}, {"Before", TimeRelation::before}, {"Begins", TimeRelation::starts},
                                              {"BegunBy", TimeRelation::started_by}, {"TContains", TimeRelation::contains}, {"During", TimeRelation::during}, {"EndedBy", TimeRelation::finished_by},
                                              {"Ends", TimeRelation::finishes}, {"TEquals", TimeRelation::equals}, {"Meets", TimeRelation::meets}, {"MetBy", TimeRelation::met_by},
                                              {"TOverlaps", TimeRelation::overlaps}, {"OverlappedBy", TimeRelation::overlapped_by}, {"AnyInteracts", TimeRelation::intersects}})
            if (name == known) {
                const auto sides = elements(node);
                if (sides.size() != 2) m_builder.wrong(base::filled({"{0} compares two times", "{0} vergleicht zwei Zeiten"}, std::string(name)));
                return m_builder.time(relation, time(sides[0]), time(sides[1]));
            }
        return {};
    }

    TimeOperand time(const pugi::xml_node& node)
    {
        const std::string_view name = local_name(node);
        if (is_reference(node)) return m_builder.time_field(text_in(node));
        if (name == "Literal") {
            const auto inside = elements(node);
            return inside.empty() ? m_builder.time_position(trimmed(text_in(node))) : time(inside.front());
        }
        if (name == "TimeInstant") {
            TimeOperand instant = position_of(child_of(node, "timePosition"));
            if (!instant.span) m_builder.not_offered("indeterminatePosition");
            return instant;
        }
        if (name == "TimePeriod") {
            const auto end = [&](const char* position, const char* instant) {
                if (const auto direct = child_of(node, position)) return position_of(direct);
                const auto inside = elements(child_of(node, instant));
                if (inside.empty()) m_builder.wrong({"a TimePeriod has no beginning or no end", "eine TimePeriod hat keinen Anfang oder kein Ende"});
                return time(inside.front());
            };
            const TimeOperand from = end("beginPosition", "begin"), to = end("endPosition", "end");
            return m_builder.interval(from, to);
        }
        m_builder.not_offered(name);
    }

    TimeOperand position_of(const pugi::xml_node& node)
    {
        const std::string_view how = node.attribute("indeterminatePosition").value();
        if (how == "unknown" || how == "before" || how == "after") return {};
        if (how == "now" || trimmed(text_in(node)) == "now") {
            const std::int64_t now = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
            TimeOperand time;
            time.span = TimeSpan{now, now};
            return time;
        }
        return m_builder.time_position(trimmed(text_in(node)));
    }

    FilterBuilder m_builder;
};

[[noreturn]] void unreadable(const FilterContext& context, const base::Text& what)
{
    throw OwsException(Code::operation_parsing_failed, context.parameter, base::Text{"The filter cannot be read: " + what.en + ".", "Der Filter ist nicht lesbar: " + what.de + "."});
}

}  // namespace

PredicatePtr read_filter(const pugi::xml_node& filter, const FilterContext& context)
{
    if (local_name(filter) != "Filter") unreadable(context, {"its root is not Filter", "seine Wurzel ist nicht Filter"});
    return FesReader(context).read(filter);
}

PredicatePtr read_filter(std::string_view xml, const FilterContext& context)
{
    if (xml.size() > FilterBuilder::longest_text) unreadable(context, {"it is too long", "er ist zu lang"});
    pugi::xml_document document;
    if (const auto fault = read_strictly(xml, document, pugi::parse_default | pugi::parse_ws_pcdata_single)) unreadable(context, *fault);
    return read_filter(document.document_element(), context);
}

}  // namespace stadtgdi::ows
