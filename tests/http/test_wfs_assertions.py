# SPDX-License-Identifier: GPL-2.0-or-later
"""What OGC's test suites of WFS 2.0, 1.1.0 and 1.0.0 assert, by parameters and by XML, on a small town whose answers OGR and plain loops know too."""
import itertools
import json
import os
import re
import shutil
import tempfile
import unittest
import urllib.parse
import xml.etree.ElementTree as ET
from xml.sax.saxutils import quoteattr

from osgeo import ogr, osr

import peers
import small_town
from assertion_town import SHAPES, AssertionTown, shape
from one_picture import run_tests, serve_everything

APP, XSI, XSD = "urn:x-stadtgdi:town", "{http://www.w3.org/2001/XMLSchema-instance}", "{http://www.w3.org/2001/XMLSchema}"
TYPES = [*SHAPES, "fifteen", "seven"]
BY_ID = "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById"


class Form:
    """How a version writes what all of them say."""

    def __init__(self, version):
        new = version == "2.0.0"
        self.version = version
        self.wfs, self.ogc, self.gml = ("http://www.opengis.net/" + part for part in (("wfs/2.0", "fes/2.0", "gml/3.2") if new else ("wfs", "ogc", "gml")))
        self.reference, self.types, self.count = ("ValueReference", "typeNames", "count") if new else ("PropertyName", "typeName", "maxFeatures")
        self.units = "uom" if new else "units"
        self.format = {"2.0.0": "GML32", "1.1.0": "GML3", "1.0.0": "GML2"}[version]
        self.media = {"2.0.0": "application/gml+xml; version=3.2", "1.1.0": "text/xml; subtype=gml/3.1.1", "1.0.0": "text/xml; subtype=gml/2.1.2"}[version]
        self.member = f"{{{self.wfs}}}member" if new else f"{{{self.gml}}}featureMember"
        self.id = "fid" if version == "1.0.0" else f"{{{self.gml}}}id"
        self.names = f'xmlns:wfs="{self.wfs}" xmlns:ogc="{self.ogc}" xmlns:gml="{self.gml}" xmlns:app="{APP}"'

    def property(self, name):
        return f"<ogc:{self.reference}>{name}</ogc:{self.reference}>"

    def compare(self, operation, name, literal, attributes=""):
        return f"<ogc:PropertyIs{operation} {attributes}>{self.property(name)}<ogc:Literal>{literal}</ogc:Literal></ogc:PropertyIs{operation}>"

    def between(self, name, lower, upper):
        return (f"<ogc:PropertyIsBetween>{self.property(name)}<ogc:LowerBoundary><ogc:Literal>{lower}</ogc:Literal></ogc:LowerBoundary>"
                f"<ogc:UpperBoundary><ogc:Literal>{upper}</ogc:Literal></ogc:UpperBoundary></ogc:PropertyIsBetween>")

    def is_null(self, name):
        return f"<ogc:PropertyIsNull>{self.property(name)}</ogc:PropertyIsNull>"

    def geometry(self, geometry):
        """As OGR writes it."""
        return geometry.ExportToGML(options=[f"FORMAT={self.format}", "GMLID=g", "GML3_LONGSRS=YES"])

    def relation(self, operation, geometry, name="geometry", distance=None):
        distance = "" if distance is None else f'<ogc:Distance {self.units}="m">{distance}</ogc:Distance>'
        return f"<ogc:{operation}>{self.property(name)}{geometry}{distance}</ogc:{operation}>"

    def box(self, west, south, east, north, name="geometry", crs="EPSG:25833"):
        corners = (f'<gml:Box srsName="{crs}"><gml:coordinates>{west},{south} {east},{north}</gml:coordinates></gml:Box>' if self.version == "1.0.0" else
                   f'<gml:Envelope srsName="{crs}"><gml:lowerCorner>{west} {south}</gml:lowerCorner><gml:upperCorner>{east} {north}</gml:upperCorner></gml:Envelope>')
        return f"<ogc:BBOX>{self.property(name) if name else ''}{corners}</ogc:BBOX>"

    def id_filter(self, feature_id):
        return {"2.0.0": f'<ogc:ResourceId rid="{feature_id}"/>', "1.1.0": f'<ogc:GmlObjectId gml:id="{feature_id}"/>', "1.0.0": f'<ogc:FeatureId fid="{feature_id}"/>'}[self.version]

    def filter(self, content):
        return f"<ogc:Filter {self.names}>{content}</ogc:Filter>"


FORMS = {version: Form(version) for version in ("2.0.0", "1.1.0", "1.0.0")}


def placed(text):
    geometry, reference = shape(text), osr.SpatialReference()
    reference.ImportFromEPSG(25833)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    geometry.AssignSpatialReference(reference)
    return geometry


class WfsTown(AssertionTown):
    def get(self, version="2.0.0", request="GetFeature", **parameters):
        return self.service.get("/town/ows?" + urllib.parse.urlencode({"SERVICE": "WFS", "VERSION": version, "REQUEST": request, **parameters}))

    def post(self, body, content_type="text/xml"):
        return self.service.get("/town/ows", {"Content-Type": content_type}, "POST", body.encode())

    def post_request(self, version, request, content="", attributes=""):
        return self.post(f'<wfs:{request} service="WFS" version="{version}" {FORMS[version].names} {attributes}>{content}</wfs:{request}>')

    def root(self, answer):
        self.assertEqual(answer.status, 200, answer.body[:500])
        return ET.fromstring(answer.body)

    def members(self, answer, version):
        """Of a collection that is one, in its own namespace."""
        root, form = self.root(answer), FORMS[version]
        self.assertEqual(root.tag, f"{{{form.wfs}}}FeatureCollection")
        self.assertEqual(answer.headers["content-type"], form.media)
        return [feature for member in root.iter(form.member) for feature in member if feature.tag != f"{{{form.wfs}}}FeatureCollection"]

    def ids(self, answer, version):
        return [feature.get(FORMS[version].id) for feature in self.members(answer, version)]

    def found(self, version, types, condition="", attributes="", **parameters):
        """Numbers of the features that a filter finds, by parameters and by XML alike."""
        form = FORMS[version]
        document = form.filter(condition) if condition else ""
        by_get = self.ids(self.get(version, **{form.types.upper(): types, **({"FILTER": document} if condition else {}), **parameters}), version)
        by_post = self.ids(self.post_request(version, "GetFeature", f'<wfs:Query {form.types}="app:{types}" {attributes}>{document}</wfs:Query>'), version)
        self.assertEqual(by_get, by_post, document)
        self.assertTrue(all(name.startswith(types + ".") for name in by_get))
        return [int(name.split(".")[1]) for name in by_get]

    def error(self, answer):
        """Status, code and locator of an exception report in the form of its version."""
        report = ET.fromstring(answer.body)
        if report.tag == "{http://www.opengis.net/ogc}ServiceExceptionReport":
            self.assertEqual(report.get("version"), "1.2.0")
            exception = report[0]
            code = exception.get("code")
        else:
            self.assertIn((report.tag, report.get("version")), (("{http://www.opengis.net/ows/1.1}ExceptionReport", "2.0.0"), ("{http://www.opengis.net/ows}ExceptionReport", "1.0.0"),
                                                                ("{http://www.opengis.net/ows}ExceptionReport", "1.1.0")))
            exception = report[0]
            code = exception.get("exceptionCode")
        self.assertTrue("".join(exception.itertext()).strip())
        return answer.status, code, exception.get("locator")

    def refused(self, version, types, condition, status=400, code="InvalidParameterValue"):
        """A filter that is refused, by parameters and by XML alike."""
        form = FORMS[version]
        by_get = self.error(self.get(version, **{form.types.upper(): types, "FILTER": form.filter(condition)}))
        by_post = self.error(self.post_request(version, "GetFeature", f'<wfs:Query {form.types}="app:{types}">{form.filter(condition)}</wfs:Query>'))
        self.assertEqual((by_get, by_get), (by_post, (status, code, "FILTER")), condition)


class Capabilities(WfsTown):
    def capabilities(self, query):
        return self.service.get("/town/ows?" + query)

    def version(self, answer):
        root = self.root(answer)
        self.assertEqual(root.tag, {"2.0.0": "{http://www.opengis.net/wfs/2.0}", "1.1.0": "{http://www.opengis.net/wfs}", "1.0.0": "{http://www.opengis.net/wfs}"}[root.get("version")] + "WFS_Capabilities")
        self.assertTrue(answer.headers["content-type"].startswith("text/xml"))
        return root.get("version")

    def test_versions_are_negotiated(self):
        for query, given in (("", "2.0.0"), ("&ACCEPTVERSIONS=10.0.0,2.0.0,1.1.0", "2.0.0"), ("&ACCEPTVERSIONS=1.1.0,2.0.0", "1.1.0"), ("&ACCEPTVERSIONS=5.0.0,1.0.0", "1.0.0"),
                             ("&VERSION=1.0.0", "1.0.0"), ("&VERSION=1.1.0", "1.1.0"), ("&VERSION=100.0.0", "2.0.0"), ("&VERSION=0.0.1", "1.0.0")):
            self.assertEqual(self.version(self.capabilities("SERVICE=WFS&REQUEST=GetCapabilities" + query)), given, query)
        self.assertEqual(self.error(self.capabilities("SERVICE=WFS&REQUEST=GetCapabilities&ACCEPTVERSIONS=9.9.9"))[:2], (400, "VersionNegotiationFailed"))

    def test_a_request_in_xml_or_as_a_form_is_answered_as_by_get(self):
        for version, form in FORMS.items():
            by_get = self.get(version, "GetCapabilities")
            self.assertEqual(self.post_request(version, "GetCapabilities").body, by_get.body, version)
            self.assertEqual(self.post(f"SERVICE=WFS&REQUEST=GetCapabilities&VERSION={version}", "application/x-www-form-urlencoded").body, by_get.body)
            self.assertEqual(self.post(f'<GetCapabilities service="WFS" version="{version}" xmlns="{form.wfs}"/>', "application/xml").body, by_get.body)
        accepted = ('<wfs:GetCapabilities service="WFS" xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:ows="http://www.opengis.net/ows/1.1"><ows:AcceptVersions><ows:Version>10.0.0</ows:Version>'
                    '<ows:Version>2.0.0</ows:Version></ows:AcceptVersions></wfs:GetCapabilities>')
        self.assertEqual(self.version(self.post(accepted)), "2.0.0")

    def test_parameters_are_read_in_any_case_and_order_and_unknown_ones_passed_over(self):
        plain = self.capabilities("SERVICE=WFS&REQUEST=GetCapabilities").body
        for query in ("service=WFS&request=GetCapabilities", "ReQuEsT=GetCapabilities&sErViCe=WFS", "SERVICE=WFS&BOGUS=ignored&REQUEST=GetCapabilities", "SERVICE=WFS&REQUEST=GetCapabilities&ACCEPTFORMATS=text/xml"):
            self.assertEqual(self.capabilities(query).body, plain, query)
        shouted = self.service.get("/town/ows?SERVICE=WFS&REQUEST=GetCapabilities", {"Host": f"LOCALHOST:{self.service.port}"})
        self.assertEqual(self.version(shouted), "2.0.0")

    def test_what_is_missing_or_wrong_is_told(self):
        for query, expected in (("REQUEST=GetCapabilities", (400, "MissingParameterValue", "service")), ("SERVICE=WFS", (400, "MissingParameterValue", "request")),
                                ("SERVICE=WFS&REQUEST=GetBogus", (400, "InvalidParameterValue", "request")), ("SERVICE=BOGUS&REQUEST=GetCapabilities", (400, "InvalidParameterValue", "service")),
                                ("SERVICE=WFS&REQUEST=GetCapabilities&SECTIONS=Bogus", (400, "InvalidParameterValue", "sections"))):
            self.assertEqual(self.error(self.capabilities(query)), expected, query)

    def test_sections_are_chosen(self):
        def sections(chosen, version="2.0.0"):
            return [section.tag.split("}")[1] for section in self.root(self.get(version, "GetCapabilities", SECTIONS=chosen))]
        for version, always in (("2.0.0", []), ("1.1.0", ["Filter_Capabilities"])):   # which the schema of 1.1.0 wants in any case
            everything = ["ServiceIdentification", "ServiceProvider", "OperationsMetadata", "FeatureTypeList", "Filter_Capabilities"]
            self.assertEqual(sections("All", version), everything)
            self.assertEqual(sections("", version), everything)
            for one in everything:
                self.assertEqual(sections(one, version), list(dict.fromkeys([one, *always])))
            self.assertEqual(sections("ServiceProvider,FeatureTypeList", version), ["ServiceProvider", "FeatureTypeList", *always])

    def test_capabilities_say_what_is_there_and_what_is_not(self):
        ows, wfs, fes, xlink = ("{http://www.opengis.net/ows/1.1}", "{http://www.opengis.net/wfs/2.0}", "{http://www.opengis.net/fes/2.0}", "{http://www.w3.org/1999/xlink}")
        root = self.root(self.get("2.0.0", "GetCapabilities"))
        self.assertEqual([part.tag for part in root], [ows + "ServiceIdentification", ows + "ServiceProvider", ows + "OperationsMetadata", wfs + "FeatureTypeList", fes + "Filter_Capabilities"])
        operations = {operation.get("name"): operation for operation in root.iter(ows + "Operation")}
        self.assertEqual(set(operations), {"GetCapabilities", "DescribeFeatureType", "ListStoredQueries", "DescribeStoredQueries", "GetFeature", "GetPropertyValue"})
        for operation in operations.values():
            self.assertTrue(operation.find(f".//{ows}Get").get(xlink + "href").endswith("/town/ows?"))
            self.assertTrue(operation.find(f".//{ows}Post").get(xlink + "href").endswith("/town/ows"))
        stated = {constraint.get("name"): constraint.findtext(f"{ows}DefaultValue") for constraint in root.find(f"{ows}OperationsMetadata").findall(f"{ows}Constraint")}
        self.assertEqual({name for name, value in stated.items() if value == "FALSE"}, {"ImplementsTransactionalWFS", "ImplementsLockingWFS", "SOAPEncoding", "ImplementsInheritance",
                         "ImplementsRemoteResolve", "ImplementsStandardJoins", "ImplementsSpatialJoins", "ImplementsTemporalJoins", "ImplementsFeatureVersioning", "ManageStoredQueries", "PagingIsTransactionSafe"})
        self.assertEqual({name for name, value in stated.items() if value == "TRUE"}, {"ImplementsBasicWFS", "KVPEncoding", "XMLEncoding", "ImplementsResultPaging"})
        filters = {constraint.get("name"): constraint.find(f"{ows}DefaultValue").text for constraint in root.iter(f"{fes}Constraint")}
        for name in ("ImplementsQuery", "ImplementsAdHocQuery", "ImplementsResourceId", "ImplementsMinStandardFilter", "ImplementsStandardFilter", "ImplementsMinSpatialFilter", "ImplementsSorting",
                     "ImplementsMinimumXPath"):
            self.assertEqual(filters[name], "TRUE", name)
        self.assertEqual({element.get("name") for element in root.iter(f"{fes}TemporalOperator")} & {"After", "Before", "During"}, {"After", "Before", "During"})
        self.assertIn("local", [value.text for value in operations["GetFeature"].find(f"{ows}Parameter[@name='resolve']").iter(f"{ows}Value")])
        self.assertEqual([name.text for name in root.iter(f"{wfs}Name")], ["app:" + name for name in TYPES])

    def test_older_capabilities_name_operations_and_formats(self):
        wfs, ows = "{http://www.opengis.net/wfs}", "{http://www.opengis.net/ows}"
        old = self.root(self.get("1.0.0", "GetCapabilities"))
        for request in ("GetCapabilities", "DescribeFeatureType", "GetFeature"):
            for method in ("Get", "Post"):
                self.assertIn("/town/ows", old.find(f"{wfs}Capability/{wfs}Request/{wfs}{request}/{wfs}DCPType/{wfs}HTTP/{wfs}{method}").get("onlineResource"))
        self.assertEqual({child.tag for child in old.find(f"{wfs}Capability/{wfs}Request")}, {wfs + name for name in ("GetCapabilities", "DescribeFeatureType", "GetFeature")})
        self.assertIsNotNone(old.find(f".//{wfs}SchemaDescriptionLanguage/{wfs}XMLSCHEMA"))
        self.assertIsNotNone(old.find(f".//{wfs}GetFeature/{wfs}ResultFormat/{wfs}GML2"))
        self.assertEqual([child.tag for child in old.find(f"{wfs}FeatureTypeList/{wfs}Operations")], [wfs + "Query"])
        newer = self.root(self.get("1.1.0", "GetCapabilities"))
        self.assertEqual([operation.get("name") for operation in newer.iter(f"{ows}Operation")], ["GetCapabilities", "DescribeFeatureType", "GetFeature"])
        self.assertEqual([operation.text for operation in newer.find(f"{wfs}FeatureTypeList/{wfs}Operations")], ["Query"])


class Schemas(WfsTown):
    def elements(self, answer):
        schema = self.root(answer)
        self.assertEqual((schema.tag, schema.get("targetNamespace")), (XSD + "schema", APP))
        return [element.get("name") for element in schema.findall(f"{XSD}element")]

    def test_types_are_described_by_get_and_post(self):
        for version, form in FORMS.items():
            name = "TYPENAMES" if version == "2.0.0" else "TYPENAME"
            for asked, described in (((), TYPES), (("points",), ["points"]), (("points", "lines"), ["points", "lines"]), (("seven", "fifteen"), ["seven", "fifteen"])):
                by_get = self.get(version, "DescribeFeatureType", **({name: ",".join("app:" + one for one in asked)} if asked else {}))
                by_post = self.post_request(version, "DescribeFeatureType", "".join(f"<wfs:TypeName>app:{one}</wfs:TypeName>" for one in asked))
                self.assertEqual(sorted(self.elements(by_get)), sorted(described))
                self.assertEqual(by_post.body, by_get.body)
                self.assertEqual(by_get.headers["content-type"], form.media)
            for asked in ("nope", "points,nope", "nope,points"):
                self.assertEqual(self.error(self.get(version, "DescribeFeatureType", **{name: asked}))[:2], (400, "InvalidParameterValue"))
                self.assertEqual(self.error(self.post_request(version, "DescribeFeatureType", "".join(f"<wfs:TypeName>app:{one}</wfs:TypeName>" for one in asked.split(","))))[:2], (400, "InvalidParameterValue"))
            self.assertEqual(self.error(self.get(version, "DescribeFeatureType", OUTPUTFORMAT="DUMMYFORMAT")), (400, "InvalidParameterValue", "outputFormat"))
            self.assertEqual(self.error(self.post_request(version, "DescribeFeatureType", attributes='outputFormat="DUMMYFORMAT"')), (400, "InvalidParameterValue", "outputFormat"))
            for media in ("text/xml; subtype=gml/3.1.1", "text/xml; subtype=gml/2.1.2", "application/gml+xml; version=3.2"):
                self.assertEqual(self.get(version, "DescribeFeatureType", OUTPUTFORMAT=media).headers["content-type"], media)
            self.assertEqual(self.elements(self.get(version, "DescribeFeatureType", OUTPUTFORMAT="XMLSCHEMA")), TYPES)

    def test_a_namespace_is_bound_by_a_parameter(self):
        self.assertEqual(self.elements(self.get("1.1.0", "DescribeFeatureType", TYPENAME="ns:points", NAMESPACE=f"xmlns(ns={APP})")), ["points"])
        self.assertEqual(self.ids(self.get("1.1.0", TYPENAME="ns:seven", NAMESPACE=f"xmlns(ns={APP})"), "1.1.0"), [f"seven.{i}" for i in range(1, 8)])
        self.assertEqual(self.error(self.get("1.1.0", TYPENAME="ns:points", NAMESPACE="xmlns(ns=urn:other)"))[:2], (400, "InvalidParameterValue"))

    def test_features_have_what_their_schema_declares(self):
        """Every element at its place and with a value of its type: what a validation by schema would look at, for want of OGC's schemas."""
        forms = {"xsd:long": r"-?\d+", "xsd:double": r"-?\d+(\.\d+)?(E-?\d+)?", "xsd:date": r"\d{4}-\d\d-\d\d", "xsd:dateTime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", "xsd:string": ".*"}
        for version, name in itertools.product(FORMS, TYPES):
            declared = [(element.get("name"), element.get("type")) for element in self.root(self.get(version, "DescribeFeatureType", TYPENAME=name, TYPENAMES=name)).iter(f"{XSD}element")][1:]
            self.assertEqual([one for one, _ in declared], ["geometry", "fid", "name", "number", "height", "day", "moment"])
            for feature in self.members(self.get(version, TYPENAME=name, TYPENAMES=name), version):
                names = [element.tag for element in feature if element.tag.startswith(f"{{{APP}}}")]
                expected = [f"{{{APP}}}{one}" for one, _ in declared]
                self.assertEqual(names, [one for one in expected if one in names])
                for one, of in declared[1:]:
                    element = feature.find(f"{{{APP}}}{one}")
                    if element is not None:
                        self.assertRegex(element.text, f"^{forms[of]}$")


class Comparisons(WfsTown):
    def test_every_comparison_of_every_kind_of_value(self):
        """Number, text, day and time of fifteen features, each against every value."""
        texts = {"number": lambda i: str(i), "height": lambda i: str(i / 2), "name": lambda i: f"name-f{i:03d}", "day": lambda i: f"2004-01-{i:02d}", "moment": lambda i: f"2004-01-{i:02d}T12:30:00Z"}
        compared = {"EqualTo": int.__eq__, "NotEqualTo": int.__ne__, "LessThan": int.__lt__, "GreaterThan": int.__gt__, "LessThanOrEqualTo": int.__le__, "GreaterThanOrEqualTo": int.__ge__}
        for version, form in FORMS.items():
            for (field, text), (operation, holds) in itertools.product(texts.items(), compared.items()):
                for value in (1, 7, 15):
                    expected = [i for i in range(1, 16) if holds(i, value)]
                    self.assertEqual(self.found(version, "fifteen", form.compare(operation, "app:" + field, text(value))), expected, (version, field, operation, value))
            for field, text in texts.items():
                self.assertEqual(self.found(version, "fifteen", form.between("app:" + field, text(4), text(6))), [4, 5, 6], field)
                self.assertEqual(self.found(version, "fifteen", form.between("app:" + field, text(6), text(6))), [6], field)

    def test_values_are_single_so_that_any_and_all_are_one(self):
        form = FORMS["2.0.0"]
        for action in ("Any", "All", "One"):
            self.assertEqual(self.found("2.0.0", "fifteen", form.compare("LessThan", "app:number", 4, f'matchAction="{action}"')), [1, 2, 3])

    def test_case_counts_unless_said_otherwise(self):
        for version in ("2.0.0", "1.1.0"):
            form = FORMS[version]
            self.assertEqual(self.found(version, "fifteen", form.compare("EqualTo", "app:name", "NAME-F003")), [])
            self.assertEqual(self.found(version, "fifteen", form.compare("NotEqualTo", "app:name", "NAME-F003")), list(range(1, 16)))
            self.assertEqual(self.found(version, "fifteen", form.compare("EqualTo", "app:name", "NAME-F003", 'matchCase="false"')), [3])

    def test_patterns(self):
        for version, form in FORMS.items():
            escape = 'escape="!"' if version == "1.0.0" else 'escapeChar="!"'
            for pattern, expected in (("name-f003", [3]), ("*f01?", [10, 11, 12, 13, 14, 15]), ("name-f00?", list(range(1, 10))), ("*!*", []), ("f003", [])):
                like = form.compare("Like", "app:name", pattern, f'wildCard="*" singleChar="?" {escape}')
                self.assertEqual(self.found(version, "fifteen", like), expected, pattern)
                self.assertEqual(self.found(version, "fifteen", f"<ogc:Not>{like}</ogc:Not>"), [i for i in range(1, 16) if i not in expected], pattern)

    def test_nothing_is_found_as_null(self):
        for version, form in FORMS.items():
            for field in ("name", "number", "day", "moment", "geometry"):
                self.assertEqual(self.found(version, "points", form.is_null("app:" + field)), [6], field)
                self.assertEqual(self.found(version, "points", f"<ogc:Not>{form.is_null('app:' + field)}</ogc:Not>"), [1, 2, 3, 4, 5], field)
        nil = f"<ogc:PropertyIsNil>{FORMS['2.0.0'].property('app:name')}</ogc:PropertyIsNil>"
        self.assertEqual(self.found("2.0.0", "points", nil), [6])

    def test_what_gml_offers_and_no_feature_has_is_null(self):
        for version, form in FORMS.items():
            for name in ("gml:name", "gml:description"):
                self.assertEqual(self.found(version, "seven", form.is_null(name)), [1, 2, 3, 4, 5, 6, 7])
                self.assertEqual(self.found(version, "seven", f"<ogc:Not>{form.is_null(name)}</ogc:Not>"), [])

    def test_conditions_are_joined(self):
        for version, form in FORMS.items():
            small, large, even = form.compare("LessThan", "app:number", 5), form.compare("GreaterThan", "app:number", 12), form.compare("EqualTo", "app:number", 4)
            for condition, expected in ((f"<ogc:And>{small}{even}</ogc:And>", [4]), (f"<ogc:Or>{small}{large}</ogc:Or>", [1, 2, 3, 4, 13, 14, 15]), (f"<ogc:And>{small}{large}</ogc:And>", []),
                                        (f"<ogc:Not><ogc:Not>{small}</ogc:Not></ogc:Not>", [1, 2, 3, 4]), (f"<ogc:Not>{form.between('app:number', 2, 14)}</ogc:Not>", [1, 15]),
                                        (f"<ogc:Or>{even}<ogc:And>{large}<ogc:Not>{form.compare('EqualTo', 'app:number', 14)}</ogc:Not></ogc:And>{form.compare('EqualTo', 'app:name', 'name-f001')}</ogc:Or>", [1, 4, 13, 15]),
                                        (f"<ogc:Not>{form.box(390000, 5720000, 390012, 5720012)}</ogc:Not>", [14, 15])):
                self.assertEqual(self.found(version, "fifteen", condition), expected, condition)

    def test_values_are_calculated(self):
        for version in ("1.1.0", "1.0.0"):
            form = FORMS[version]
            for operation, first, second, expected in (("Add", "3", "4", [7]), ("Sub", "9", "4", [5]), ("Mul", "2", "3", [6]), ("Div", "8", "2", [4])):
                condition = f"<ogc:PropertyIsEqualTo>{form.property('app:number')}<ogc:{operation}><ogc:Literal>{first}</ogc:Literal><ogc:Literal>{second}</ogc:Literal></ogc:{operation}></ogc:PropertyIsEqualTo>"
                self.assertEqual(self.found(version, "fifteen", condition), expected)
            twice = f"<ogc:PropertyIsEqualTo>{form.property('app:number')}<ogc:Mul>{form.property('app:height')}<ogc:Literal>2</ogc:Literal></ogc:Mul></ogc:PropertyIsEqualTo>"
            self.assertEqual(self.found(version, "fifteen", twice), list(range(1, 16)))
        for version, form in FORMS.items():
            self.refused(version, "fifteen", f'<ogc:PropertyIsEqualTo><ogc:Function name="unknown">{form.property("app:number")}</ogc:Function><ogc:Literal>1</ogc:Literal></ogc:PropertyIsEqualTo>', 501, "OptionNotSupported")

    def test_properties_are_addressed_by_paths(self):
        for version, form in FORMS.items():
            for path in ("number", "app:number", "app:fifteen/app:number", "fifteen/number", "app:number[1]", "app:fifteen/app:number[1]"):
                self.assertEqual(self.found(version, "fifteen", form.compare("EqualTo", path, 5)), [5], path)
            for path in ("app:nope", "nope", "app:number[2]", "seven/number", "app:number/app:name"):
                self.refused(version, "fifteen", form.compare("EqualTo", path, 5))

    def test_ids_choose_features(self):
        for version, form in FORMS.items():
            self.assertEqual(self.found(version, "seven", form.id_filter("seven.2") + form.id_filter("seven.5")), [2, 5])
            self.assertEqual(self.found(version, "seven", form.id_filter("seven.99")), [])
            self.assertEqual(self.found(version, "seven", form.id_filter("test_unknown_id")), [])
        mixed = '<ogc:FeatureId fid="seven.2"/>' + FORMS["1.1.0"].compare("EqualTo", "number", 2)
        self.assertEqual(self.error(self.get("1.1.0", TYPENAME="seven", FILTER=FORMS["1.1.0"].filter(mixed)))[0], 400)
        self.assertEqual(self.ids(self.get("2.0.0", TYPENAMES="seven", RESOURCEID="seven.3,seven.4"), "2.0.0"), ["seven.3", "seven.4"])
        self.assertEqual(self.ids(self.get("2.0.0", TYPENAMES="seven", RESOURCEID="seven.99"), "2.0.0"), [])
        self.assertEqual(self.error(self.get("2.0.0", TYPENAMES="seven", RESOURCEID="fifteen.3")), (400, "InvalidParameterValue", "RESOURCEID"))
        self.assertEqual(self.ids(self.get("1.1.0", FEATUREID="seven.3,fifteen.4"), "1.1.0"), ["seven.3", "fifteen.4"])

    def test_what_cannot_be_compared_is_refused(self):
        for version, form in FORMS.items():
            box = form.box(390000, 5720000, 390010, 5720010, None).removeprefix("<ogc:BBOX>").removesuffix("</ogc:BBOX>")
            self.refused(version, "fifteen", form.compare("LessThan", "gml:boundedBy", box), code="OperationProcessingFailed")
            self.refused(version, "fifteen", form.compare("EqualTo", "app:number", box), 501, "OptionNotSupported")
            self.refused(version, "fifteen", "<ogc:Bogus/>", 501, "OptionNotSupported")
            self.refused(version, "fifteen", form.compare("EqualTo", "app:number", "one"))


class Times(WfsTown):
    def test_instants_and_periods(self):
        """Days 1 to 15 of January 2004, and half past twelve on each of them."""
        form, days = FORMS["2.0.0"], list(range(1, 16))
        instant = lambda text: f'<gml:TimeInstant gml:id="t"><gml:timePosition>{text}</gml:timePosition></gml:TimeInstant>'
        period = lambda first, last: f'<gml:TimePeriod gml:id="p"><gml:beginPosition>{first}</gml:beginPosition><gml:endPosition>{last}</gml:endPosition></gml:TimePeriod>'
        related = lambda operation, field, literal: self.found("2.0.0", "fifteen", f"<ogc:{operation}>{form.property('app:' + field)}{literal}</ogc:{operation}>")
        ten = period("2004-01-05T00:00:00Z", "2004-01-10T00:00:00Z")
        self.assertEqual(related("After", "moment", instant("2004-01-05T12:30:00Z")), [day for day in days if day > 5])
        self.assertEqual(related("After", "moment", instant("2004-01-05T12:29:59Z")), [day for day in days if day >= 5])
        # 13:30 an hour to the east is half past twelve.
        self.assertEqual(related("After", "moment", instant("2004-01-05T13:30:00+01:00")), [day for day in days if day > 5])
        self.assertEqual(related("After", "moment", instant("2004-01-05T13:29:59+01:00")), [day for day in days if day >= 5])
        self.assertEqual(related("After", "moment", ten), [10, 11, 12, 13, 14, 15])
        self.assertEqual(related("Before", "moment", ten), [1, 2, 3, 4])
        self.assertEqual(related("During", "moment", ten), [5, 6, 7, 8, 9])
        self.assertEqual(related("TEquals", "moment", instant("2004-01-05T12:30:00Z")), [5])
        self.assertEqual(related("After", "day", instant("2004-01-05")), [day for day in days if day > 5])
        self.assertEqual(related("Before", "day", instant("2004-01-05")), [1, 2, 3, 4])
        self.assertEqual(related("During", "day", period("2004-01-03", "2004-01-08")), [4, 5, 6, 7])


class Places(WfsTown):
    RELATIONS = {"Equals": ogr.Geometry.Equals, "Disjoint": ogr.Geometry.Disjoint, "Touches": ogr.Geometry.Touches, "Within": ogr.Geometry.Within, "Overlaps": ogr.Geometry.Overlaps,
                 "Crosses": ogr.Geometry.Crosses, "Intersects": ogr.Geometry.Intersects, "Contains": ogr.Geometry.Contains}

    def test_every_relation_of_every_kind_of_geometry(self):
        """Each feature against two shapes of each kind, as OGR writes them in the GML of the version and as OGR answers."""
        literals = [placed(text) for texts in SHAPES.values() for text in texts[:2]]
        hits = dict.fromkeys(self.RELATIONS, 0)
        for version, form in FORMS.items():
            for literal, (operation, holds), (table, texts) in itertools.product(literals, self.RELATIONS.items(), SHAPES.items()):
                expected = [number for number, text in enumerate(texts, 1) if holds(placed(text), literal)]
                self.assertEqual(self.found(version, table, form.relation(operation, form.geometry(literal))), expected, (version, operation, table, literal.ExportToWkt()))
                hits[operation] += len(expected)
        self.assertTrue(all(hits.values()), hits)

    def test_distances(self):
        for version, form in FORMS.items():
            for (table, texts), distance in itertools.product(SHAPES.items(), (0, 10, 50)):
                for literal in (placed(texts[0]), placed("POINT (13 27)")):
                    apart = [placed(text).Distance(literal) for text in texts]
                    self.assertTrue(all(one == distance or abs(one - distance) > 0.1 for one in apart))
                    near = [number for number, one in enumerate(apart, 1) if one <= distance]
                    self.assertEqual(self.found(version, table, form.relation("DWithin", form.geometry(literal), distance=distance)), near)
                    self.assertEqual(self.found(version, table, form.relation("Beyond", form.geometry(literal), distance=distance)), [number for number in range(1, len(texts) + 1) if number not in near])

    def test_boxes(self):
        for version, form in FORMS.items():
            for (table, texts), sides in itertools.product(SHAPES.items(), ((-1000, -1000, 1000, 1000), (0, 0, 40, 40), (6, 6, 14, 14), (5000, 5000, 5010, 5010), (30, -20, 35, 100))):
                west, south, east, north = sides
                box = placed(f"POLYGON (({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))")
                expected = [number for number, text in enumerate(texts, 1) if placed(text).Intersects(box)]
                absolute = (390000 + west, 5720000 + south, 390000 + east, 5720000 + north)
                for name in ("app:geometry", None):
                    self.assertEqual(self.found(version, table, form.box(*absolute, name)), expected, (version, table, sides, name))
                asked = self.get(version, **{form.types.upper(): table, "BBOX": ",".join(map(str, absolute)) + ",EPSG:25833"})
                self.assertEqual([int(one.split(".")[1]) for one in self.ids(asked, version)], expected)
                asked = self.get(version, **{form.types.upper(): table, "BBOX": ",".join(map(str, absolute))})
                self.assertEqual([int(one.split(".")[1]) for one in self.ids(asked, version)], expected, "the layer's CRS where none is named")

    def test_what_is_no_place_is_refused(self):
        for version, form in FORMS.items():
            point = form.geometry(placed("POINT (10 10)"))
            for name in ("gml:description", "app:name", "app:nope"):
                self.refused(version, "points", form.box(390000, 5720000, 390100, 5720100, name))
                for operation in ("Within", "Intersects", "Disjoint"):
                    self.refused(version, "points", form.relation(operation, point, name))
            self.refused(version, "points", form.relation("Disjoint", '<gml:Bogus srsName="EPSG:25833"><gml:pos>1 2</gml:pos></gml:Bogus>'), 501, "OptionNotSupported")
            self.refused(version, "points", form.relation("Intersects", point.replace("25833", "999999")))

    def test_coordinates_come_in_the_crs_asked_for(self):
        def corner(version, crs):
            form = FORMS[version]
            feature = self.members(self.get(version, **{form.types.upper(): "points", "SRSNAME": crs, form.count.upper(): "1"}), version)[0]
            by_post = self.members(self.post_request(version, "GetFeature", f"<wfs:Query {form.types}=\"app:points\" srsName={quoteattr(crs)}/>"), version)[0]
            point = next(feature.iter(f"{{{form.gml}}}Point"))
            self.assertEqual("".join(feature.itertext()), "".join(by_post.itertext()))
            return point.get("srsName"), [float(value) for value in re.split("[ ,]", "".join(point.itertext()).strip())]
        point = placed("POINT (10 10)")
        for version in ("2.0.0", "1.1.0"):
            self.assertEqual(corner(version, "urn:ogc:def:crs:EPSG::25833"), ("urn:ogc:def:crs:EPSG::25833", [390010, 5720010]))
            for code in (25832, 4258, 4326, 3857, 3035):
                name, target = f"urn:ogc:def:crs:EPSG::{code}", osr.SpatialReference()
                target.ImportFromEPSG(code)   # in the order of the authority, as a urn says
                there = point.Clone()
                there.TransformTo(target)
                told, (first, second) = corner(version, name)
                self.assertEqual(told, name)
                self.assertAlmostEqual(first, there.GetX(), delta=0.0011)
                self.assertAlmostEqual(second, there.GetY(), delta=0.0011)
            for asked in ({"SRSNAME": "urn:ogc:def:crs:EPSG::32690"}, {"SRSNAME": "urn:ogc:def:crs:EPSG::999999"}, {"SRSNAME": "bogus"}, {"BBOX": "1,2,3,4,urn:ogc:def:crs:EPSG::32690"}):
                self.assertEqual(self.error(self.get(version, TYPENAMES="points", TYPENAME="points", **asked))[:2], (400, "InvalidParameterValue"))
        self.assertEqual(corner("1.0.0", "EPSG:25833"), ("EPSG:25833", [390010, 5720010]))


class Answers(WfsTown):
    def test_features_of_every_type_by_get_and_post(self):
        for version, table in itertools.product(FORMS, TYPES):
            size = {"fifteen": 15, "seven": 7}.get(table, len(SHAPES.get(table, ())) + 1)
            self.assertEqual(self.found(version, table), list(range(1, size + 1)))

    def test_collections_name_their_schema_size_and_time(self):
        for version, form in FORMS.items():
            root = self.root(self.get(version, **{form.types.upper(): "points"}))
            self.assertIn(f"{APP} http://127.0.0.1:{self.service.port}/town/ows?SERVICE=WFS&VERSION={version}&REQUEST=DescribeFeatureType", root.get(f"{XSI}schemaLocation"))
            if version != "1.0.0":
                self.assertRegex(root.get("timeStamp"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            box = next(element for element in root.iter() if element.tag in (f"{{{form.gml}}}Envelope", f"{{{form.gml}}}Box"))
            self.assertIn("25833", box.get("srsName"))
            # Where the description is the file that the collection names.
            described = root.get(f"{XSI}schemaLocation").split()[1]
            self.assertEqual(self.root(self.service.get(described[described.index("/town"):])).tag, XSD + "schema")

    def test_as_many_as_asked_for(self):
        for version, form in FORMS.items():
            count = lambda types, most: self.ids(self.get(version, **{form.types.upper(): types, form.count.upper(): str(most)}), version)
            self.assertEqual(count("fifteen", 10), [f"fifteen.{i}" for i in range(1, 11)])
            self.assertEqual(count("fifteen", 100), [f"fifteen.{i}" for i in range(1, 16)])
            queries = "".join(f'<wfs:Query {form.types}="app:{one}"/>' for one in ("fifteen", "seven"))
            both = self.ids(self.post_request(version, "GetFeature", queries, f'{form.count}="20"'), version)
            self.assertEqual(both, [f"fifteen.{i}" for i in range(1, 16)] + [f"seven.{i}" for i in range(1, 6)])
            self.assertEqual(len(self.ids(self.post_request(version, "GetFeature", queries), version)), 22)
        for wrong in ("-1", "x", "1.5"):
            self.assertEqual(self.error(self.get("2.0.0", TYPENAMES="fifteen", COUNT=wrong)), (400, "InvalidParameterValue", "COUNT"))

    def test_hits_are_counted_and_not_sent(self):
        new = self.root(self.get("2.0.0", TYPENAMES="fifteen", RESULTTYPE="hits", COUNT=1))
        self.assertEqual((new.get("numberMatched"), new.get("numberReturned"), len(new)), ("15", "0", 0))
        self.assertIsNone(new.get("previous"))
        first = self.service.get(new.get("next")[new.get("next").index("/town"):])
        self.assertEqual(self.ids(first, "2.0.0"), ["fifteen.1"])
        for answer in (self.get("1.1.0", TYPENAME="fifteen", RESULTTYPE="hits"), self.post_request("1.1.0", "GetFeature", '<wfs:Query typeName="app:fifteen"/>', 'resultType="hits"')):
            old = self.root(answer)
            self.assertEqual((old.get("numberOfFeatures"), list(old)), ("15", []))
            self.assertTrue(old.get("timeStamp"))
        self.assertEqual(len(self.ids(self.get("1.1.0", TYPENAME="fifteen", RESULTTYPE="results"), "1.1.0")), 15)

    def test_pages_are_walked_in_both_directions(self):
        page, seen, links = self.get("2.0.0", TYPENAMES="fifteen", COUNT=4), [], []
        follow = lambda link: self.service.get(link[link.index("/town"):])
        while True:
            seen.append(self.ids(page, "2.0.0"))
            links.append(self.root(page))
            self.assertEqual(links[-1].get("numberMatched"), "15")
            if links[-1].get("next") is None:
                break
            page = follow(links[-1].get("next"))
        self.assertEqual([one for ids in seen for one in ids], [f"fifteen.{i}" for i in range(1, 16)])
        self.assertEqual([len(ids) for ids in seen], [4, 4, 4, 3])
        self.assertIsNone(links[0].get("previous"))
        for before, link in zip(seen, links[1:]):
            self.assertEqual(self.ids(follow(link.get("previous")), "2.0.0"), before)

    def test_features_are_sorted(self):
        for field, version in itertools.product(("number", "height", "name", "day", "moment"), ("2.0.0", "1.1.0")):
            form = FORMS[version]
            for get_words, post_words, expected in ((("A", "ASC"), "ASC", range(1, 16)), (("D", "DESC"), "DESC", range(15, 0, -1))):
                wanted = [f"fifteen.{i}" for i in expected]
                for word in get_words:
                    self.assertEqual(self.ids(self.get(version, **{form.types.upper(): "fifteen", "SORTBY": f"{field} {word}"}), version), wanted)
                order = f"<ogc:SortBy><ogc:SortProperty>{form.property('app:' + field)}<ogc:SortOrder>{post_words}</ogc:SortOrder></ogc:SortProperty></ogc:SortBy>"
                self.assertEqual(self.ids(self.post_request(version, "GetFeature", f'<wfs:Query {form.types}="app:fifteen">{order}</wfs:Query>'), version), wanted)
        self.assertEqual(self.ids(self.get("2.0.0", TYPENAMES="points", SORTBY="number DESC"), "2.0.0")[-1], "points.6", "null last")
        self.assertEqual(self.error(self.get("1.1.0", TYPENAME="points", SORTBY="nope"))[:2], (400, "InvalidParameterValue"))

    def test_properties_are_chosen(self):
        for version, form in FORMS.items():
            for path in ("name", "app:name", "app:points/app:name", "points/name", "app:name[1]"):
                by_get = self.members(self.get(version, **{form.types.upper(): "points", "PROPERTYNAME": path}), version)
                element = "wfs" if version != "1.0.0" else "ogc"
                by_post = self.members(self.post_request(version, "GetFeature", f'<wfs:Query {form.types}="app:points"><{element}:PropertyName>{path}</{element}:PropertyName></wfs:Query>'), version)
                for features in (by_get, by_post):
                    self.assertEqual([[child.tag for child in feature if child.tag.startswith(f"{{{APP}}}")] for feature in features], [[f"{{{APP}}}name"]] * 5 + [[]], path)
            some = self.members(self.get(version, **{form.types.upper(): "seven", "PROPERTYNAME": "day,number"}), version)[0]
            self.assertEqual({child.tag for child in some if child.tag.startswith(f"{{{APP}}}")}, {f"{{{APP}}}day", f"{{{APP}}}number"})
            self.assertEqual(self.error(self.get(version, **{form.types.upper(): "points", "PROPERTYNAME": "nope"}))[:2], (400, "InvalidParameterValue"))

    def test_formats_are_asked_for_by_name(self):
        for version, form in FORMS.items():
            ask = lambda media: self.get(version, **{form.types.upper(): "seven", "OUTPUTFORMAT": media})
            for media in ("text/xml; subtype=gml/3.1.1", "text/xml; subtype=gml/2.1.2", "application/gml+xml; version=3.2"):
                self.assertEqual(ask(media).headers["content-type"], media)
            self.assertEqual(ask("GML2").headers["content-type"], "text/xml; subtype=gml/2.1.2")
            self.assertEqual(self.error(ask("DUMMYFORMAT")), (400, "InvalidParameterValue", "outputFormat"))
            self.assertEqual(self.error(self.post_request(version, "GetFeature", f'<wfs:Query {form.types}="app:seven"/>', 'outputFormat="DUMMYFORMAT"')), (400, "InvalidParameterValue", "outputFormat"))

    def test_what_is_not_understood_is_refused_and_the_rest_passed_over(self):
        for version, form in FORMS.items():
            types = form.types.upper()
            self.assertEqual(len(self.ids(self.get(version, **{types: "seven", "BOGUS": "ignored", "TRAVERSEXLINKDEPTH": "1", "FEATUREVERSION": "all"}), version)), 7)
            self.assertEqual(len(self.ids(self.post_request(version, "GetFeature", f'<wfs:Query {form.types}="app:seven" featureVersion="all"/>', 'traverseXlinkDepth="*" traverseXlinkExpiry="5"'), version)), 7)
            self.assertEqual(self.error(self.get(version, **{types: "nope"}))[:2], (400, "InvalidParameterValue"))
            self.assertEqual(self.error(self.get(version))[:2], (400, "MissingParameterValue"))
            self.assertEqual(self.error(self.get(version, **{types: "seven", "FILTER": "<Filter"}))[0], 400)
            self.assertEqual(self.error(self.get(version, **{types: "seven", "BBOX": "1,2,3"}))[:2], (400, "InvalidParameterValue"))
            self.assertEqual(self.error(self.post(f'<wfs:GetFeature service="WFS" version="{version}" {form.names}><wfs:Query'))[0], 400)
            self.assertEqual(self.error(self.post_request(version, "GetFeature", f'<wfs:Query {form.types}="app:nope"/>'))[:2], (400, "InvalidParameterValue"))
            self.assertEqual(self.error(self.get(version, **{types: "seven", "SERVICE": ""}))[:2], (400, "MissingParameterValue"))
            self.assertEqual(self.error(self.get(version, "", **{types: "seven"}))[:2], (400, "MissingParameterValue"))
        self.assertEqual(self.error(self.get("9.9.9", TYPENAMES="seven"))[:2], (400, "InvalidParameterValue"))

    def test_what_is_not_offered_is_refused(self):
        for version in FORMS:
            for request in ("Transaction", "LockFeature", "GetFeatureWithLock") + (("CreateStoredQuery", "DropStoredQuery") if version == "2.0.0" else ("GetGmlObject",) if version == "1.1.0" else ()):
                for answer in (self.get(version, request), self.post_request(version, request)):
                    self.assertEqual(self.error(answer)[:2], (501, "OperationNotSupported"), (version, request))
        join = '<wfs:Query typeNames="app:points app:lines" aliases="a b"/>'
        self.assertEqual(self.error(self.post_request("2.0.0", "GetFeature", join))[:2], (501, "OptionNotSupported"))


class StoredQueriesAndValues(WfsTown):
    def test_the_stored_query_is_listed_and_described(self):
        wfs = "{http://www.opengis.net/wfs/2.0}"
        for answer in (self.get("2.0.0", "ListStoredQueries"), self.post_request("2.0.0", "ListStoredQueries")):
            root = self.root(answer)
            self.assertEqual(root.tag, wfs + "ListStoredQueriesResponse")
            self.assertIn(BY_ID, [query.get("id") for query in root.findall(f"{wfs}StoredQuery")])
        for answer in (self.get("2.0.0", "DescribeStoredQueries"), self.get("2.0.0", "DescribeStoredQueries", STOREDQUERY_ID=BY_ID),
                       self.post_request("2.0.0", "DescribeStoredQueries", f"<wfs:StoredQueryId>{BY_ID}</wfs:StoredQueryId>")):
            root = self.root(answer)
            self.assertEqual(root.tag, wfs + "DescribeStoredQueriesResponse")
            self.assertEqual([query.get("id") for query in root.findall(f"{wfs}StoredQueryDescription")], [BY_ID])

    def test_a_feature_is_fetched_by_its_id(self):
        def ask(feature_id, query=BY_ID):
            by_get = self.get("2.0.0", STOREDQUERY_ID=query, ID=feature_id)
            by_post = self.post_request("2.0.0", "GetFeature", f'<wfs:StoredQuery id="{query}"><wfs:Parameter name="id">{feature_id}</wfs:Parameter></wfs:StoredQuery>')
            self.assertEqual((by_get.status, by_get.body), (by_post.status, by_post.body))
            return by_get
        for query in (BY_ID, "urn:ogc:def:query:OGC-WFS::GetFeatureById"):
            for table in TYPES:
                feature = self.root(ask(f"{table}.2", query))
                self.assertEqual((feature.tag, feature.get("{http://www.opengis.net/gml/3.2}id")), (f"{{{APP}}}{table}", f"{table}.2"))
        for nothing in ({"RESULTTYPE": "hits"}, {"COUNT": 0}, {"STARTINDEX": 1}):
            collection = self.root(self.get("2.0.0", STOREDQUERY_ID=BY_ID, ID="points.2", **nothing))
            self.assertEqual((collection.tag, collection.get("numberMatched"), collection.get("numberReturned")), ("{http://www.opengis.net/wfs/2.0}FeatureCollection", "1", "0"), nothing)
        for unknown in ("points.99", "test_unknown"):
            self.assertEqual(self.error(ask(unknown))[:2], (404, "NotFound"))
        self.assertEqual(self.error(ask("points.1", "urn:unknown"))[:2], (400, "InvalidParameterValue"))

    def test_values_of_a_property(self):
        wfs = "{http://www.opengis.net/wfs/2.0}"
        for table in TYPES:
            by_get = self.get("2.0.0", "GetPropertyValue", TYPENAMES=table, VALUEREFERENCE="@gml:id")
            by_post = self.post_request("2.0.0", "GetPropertyValue", f'<wfs:Query typeNames="app:{table}"/>', 'valueReference="@gml:id"')
            for answer in (by_get, by_post):
                root = self.root(answer)
                self.assertEqual(root.tag, wfs + "ValueCollection")
                self.assertEqual([(member.tag, member.text) for member in root], [(wfs + "member", f"{table}.{i}") for i in range(1, len(root) + 1)])
            for field in ("name", "number", "day", "geometry"):
                root = self.root(self.get("2.0.0", "GetPropertyValue", TYPENAMES=table, VALUEREFERENCE="app:" + field))
                self.assertEqual({member[0].tag for member in root}, {f"{{{APP}}}{field}"})
        self.assertEqual(self.error(self.get("2.0.0", "GetPropertyValue", TYPENAMES="points", VALUEREFERENCE="")), (400, "InvalidParameterValue", "valueReference"))
        self.assertEqual(self.error(self.post_request("2.0.0", "GetPropertyValue", '<wfs:Query typeNames="app:points"/>', 'valueReference=""')), (400, "InvalidParameterValue", "valueReference"))


class LayerIds(unittest.TestCase):
    """A project that names layers by their ids: as QGIS Server does, in maps alone."""

    def test_features_have_no_ids_for_names(self):
        folder = tempfile.mkdtemp(prefix="stadtgdi_ids_")
        self.addCleanup(shutil.rmtree, folder)
        store, path = os.path.join(folder, "store.gpkg"), os.path.join(folder, "town.qgz")
        small_town.make_tree_store(store)
        project, layers = small_town.new_project(), [small_town.layer_of(store, "tree"), small_town.layer_of(store, "tree", "", "Alle Bäume")]
        project.addMapLayers(layers)
        small_town.publish(project, *layers)
        project.writeEntry("WMSUseLayerIDs", "/", True)
        self.assertTrue(project.write(path))
        ids = {layer.id() for layer in layers}
        service, key = serve_everything(folder, path)
        self.addCleanup(service.stop)
        peer = peers.qgis_server(folder, path)
        self.addCleanup(peer.stop)
        for ask in (lambda query: service.get("/town/ows?" + query, key).text, lambda query: peer.get("/?" + query).text):
            names = set(re.findall(r"<(?:\w+:)?Name>(?:app:)?([^<]*)<", ask("SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities")))
            self.assertEqual((ids - names, names & {"tree", "Alle Bäume"}), (set(), set()))
            self.assertEqual(set(re.findall(r"<Name>(?:app:)?([^<]*)<", ask("SERVICE=WFS&VERSION=1.0.0&REQUEST=GetCapabilities"))) - {"WFS"}, {"tree", "Alle_Bäume"})
            for name in ("tree", "Alle_B%C3%A4ume"):
                self.assertIn('"FeatureCollection"', ask(f"SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&OUTPUTFORMAT=application/json&TYPENAME={name}"))
            self.assertIn("Exception", ask(f"SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&TYPENAME={min(ids)}"))
        root = "/town/ogcapi/collections"
        self.assertEqual({one["id"] for one in json.loads(service.get(root + "?f=json", key).text)["collections"]}, {"tree", "Alle Bäume"})
        for name, status in (("tree", 200), ("Alle%20B%C3%A4ume", 200), (min(ids), 404)):
            for below in ("", "/items", "/tiles", "/map/tiles"):
                self.assertEqual(service.get(f"{root}/{name}{below}?f=json", key).status, status, (name, below))
        self.assertEqual(service.get("/town/ogcapi/map/tiles?f=json&collections=tree", key).status, 200)
        for name, kind in ((min(ids), "image/png"), ("tree", "text/xml")):
            answer = service.get(f"/town/ows?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS={name}&STYLES=&CRS=EPSG:25833&BBOX=316900,5689900,317200,5690200&WIDTH=90&HEIGHT=90&FORMAT=image/png", key)
            self.assertIn(kind, answer.headers["content-type"])


if __name__ == "__main__":
    run_tests()
