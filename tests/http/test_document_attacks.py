# SPDX-License-Identifier: GPL-2.0-or-later
"""What the service answers to XML, JSON and parameters that no parser likes, and to texts that others would run."""
import re
import unittest
import urllib.parse

from attacked import FORM, NAMES, ROWS, SCRIPT, XML, Attacked, Error, Listener, Stores, as_form, equal_to, feature_request, fes, get_feature, get_info, get_items, get_legend, get_map, rule, serve, sld
from one_picture import run_tests

INVALID = "InvalidParameterValue"
UNREAD = "OperationParsingFailed"
DOCTYPES = ['<!DOCTYPE f [<!ENTITY x SYSTEM "file:///etc/passwd">]>', '<!DOCTYPE f SYSTEM "http://127.0.0.1:{port}/f.dtd">',
            '<!DOCTYPE f [<!ENTITY % d SYSTEM "http://127.0.0.1:{port}/d.dtd"> %d;]>',
            '<!DOCTYPE f [<!ENTITY a "aaaaaaaaaa">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1 if i else str()};" * 10}">' for i in range(10)) + "]>",
            '<!DOCTYPE f [<!ENTITY a "' + "a" * 100000 + '">]>']

STORES = SERVICE = None


def setUpModule():
    global STORES, SERVICE
    STORES = Stores()
    unittest.addModuleCleanup(STORES.remove)
    SERVICE = serve(STORES, "")


class Parsers(Attacked):
    @classmethod
    def setUpClass(cls):
        cls.service = SERVICE

    def test_a_document_type_is_refused_wherever_xml_is_read(self):
        """T30, T31, T32: entities of files, of other hosts, and of more text than there is memory"""
        listener = Listener()
        self.addCleanup(listener.stop)
        wfs = 'service="WFS" version="2.0.0" xmlns:wfs="http://www.opengis.net/wfs/2.0"'
        documents = [feature_request(fes(equal_to("name", "&x;&a9;" + "&a;" * 10000)).replace("&amp;", "&")), '<GetMap version="1.3.0" xmlns="http://www.opengis.net/sld"/>',
                     f"<wfs:Transaction {wfs}/>",
                     f"<wfs:GetCapabilities {wfs}/>", f"<wfs:CreateStoredQuery {wfs}/>"]
        for doctype in (text.replace("{port}", str(listener.port)) for text in DOCTYPES):
            for document in documents:
                for encoded in ((doctype + document).encode(), (doctype + document).encode("utf-16")):
                    self.refused((400, UNREAD, None), "/base/ows", encoded)
            condition = doctype + fes(equal_to("name", "&x;&a9;")).replace("&amp;", "&")
            self.refused((400, UNREAD, "FILTER"), *as_form(get_feature(FILTER=condition)))
            self.refused((400, UNREAD, "FILTER"), *as_form(get_map(FILTER=condition)))
            self.refused((400, INVALID, "SLD_BODY"), *as_form(get_map(SLD_BODY=doctype + sld(rule()))))
            self.refused((400, INVALID, "HIGHLIGHT_SYMBOL"), *as_form(get_map(HIGHLIGHT_GEOM="POINT(317100 5690000)", HIGHLIGHT_SYMBOL=doctype + sld(rule()))))
        for operation in ("Transaction", "CreateStoredQuery", "LockFeature"):
            self.refused((501, "OperationNotSupported", operation), "/base/ows", f"<wfs:{operation} {wfs}/>")
        self.assertEqual(listener.calls, 0)

    def test_xml_that_is_not_well_formed_is_not_executed(self):
        """T30"""
        condition, symbol = fes(equal_to("name", "x")), sld(rule())
        declared = '<?xml version="1.0"?>'
        def damaged(xml):
            start = re.search(r"<[\w:]+", xml).group(0)
            yield from (xml.replace(start, start + more, 1) for more in (' count="1" count="5"', ' b="<"', ' b="&nope;"', ' b="&"', " b", " b=1"))
            yield from (xml + xml, xml + "text", xml + "&", declared + declared + xml, declared + xml + declared, "text" + xml, xml[:-1], xml.replace("</", "&nope;</", 1), xml.replace("</", "a & b</", 1), xml.replace("</", "]]></", 1))
        for target, parameter, code, xml in ((get_feature, "FILTER", UNREAD, condition), (get_map, "FILTER", UNREAD, condition), (get_map, "SLD_BODY", INVALID, symbol), (get_map, "HIGHLIGHT_SYMBOL", INVALID, symbol)):
            more = {"HIGHLIGHT_GEOM": "POINT(317100 5690000)"} if parameter == "HIGHLIGHT_SYMBOL" else {}
            self.assertEqual(self.ask(*as_form(target(**more, **{parameter: declared + xml}))).status, 200, (target, parameter))
            for text in damaged(xml):
                if text.startswith("text"):
                    continue   # FILTER may also be no XML
                self.refused((400, code, parameter), *as_form(target(**more, **{parameter: text})))
        for whole in (feature_request(), feature_request(condition)):
            self.assertEqual(self.ask("/base/ows", declared + whole).status, 200)
            for text in damaged(whole):
                self.refused((400, UNREAD, None), "/base/ows", text, XML)
                self.refused((400, UNREAD, None), "/base/ows", text.encode("utf-16"), XML)
        for version, space in (("2.0.0", "http://www.opengis.net/wfs/9"), ("2.0.0", "http://www.opengis.net/wfs"), ("1.1.0", "http://www.opengis.net/wfs/2.0")):
            self.refused((400, UNREAD, None), "/base/ows", f'<GetFeature service="WFS" version="{version}" xmlns="{space}"><Query typeName="things" typeNames="things"/></GetFeature>')

    def test_nothing_that_a_document_names_is_fetched(self):
        """T33"""
        listener = Listener()
        self.addCleanup(listener.stop)
        place = f"http://127.0.0.1:{listener.port}"
        plain = self.ask("/base/ows", feature_request())
        for body in (feature_request(more=f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="x {place}/a.xsd" xsi:noNamespaceSchemaLocation="{place}/b.xsd"'),
                     f'<?xml-stylesheet type="text/xsl" href="{place}/a.xsl"?>' + feature_request(),
                     feature_request(f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{place}/a.xml"/><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>')):
            answer = self.ask("/base/ows", body)
            self.assertEqual(answer.status, 200, answer.body[:500])
            self.assertEqual(re.sub(rb'timeStamp="[^"]*"', b"", answer.body), re.sub(rb'timeStamp="[^"]*"', b"", plain.body))
        included = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
        self.refused((501, "OptionNotSupported", "FILTER"), "/base/ows",
                     feature_request(fes(f"<fes:PropertyIsEqualTo><fes:ValueReference>name</fes:ValueReference><fes:Literal>{included}</fes:Literal></fes:PropertyIsEqualTo>")))
        self.assertEqual(listener.calls, 0)

    def test_deep_and_long_filters_are_refused(self):
        """T34"""
        nested = fes("<fes:Not>" * 5000 + equal_to("name", "x") + "</fes:Not>" * 5000)
        deep = lambda depth: '{"op":"not","args":[' * depth + '{"op":"=","args":[{"property":"name"},"x"]}' + "]}" * depth
        self.refused((400, INVALID, "FILTER"), "/base/ows", feature_request(nested))
        self.refused((400, INVALID, "FILTER"), *as_form(get_feature(FILTER=nested)))
        self.refused((400, INVALID, "FILTER"), *as_form(get_map(FILTER=nested)))
        self.refused((400, INVALID, "FILTER"), "/base/ows", feature_request(fes("<fes:Or>" + equal_to("name", "x") * 2100 + "</fes:Or>")))
        self.refused((400, UNREAD, None), "/base/ows", feature_request(fes("<fes:Or>" + equal_to("name", "x") * 50000 + "</fes:Or>")))
        self.refused((400, INVALID, "FILTER"), *as_form(get_map(FILTER="things:" + "(" * 90000 + "\"name\" = 'x'" + ")" * 90000)))
        self.refused((400, INVALID, "FILTER"), *as_form(get_map(FILTER="things:\"name\" = 'x'" + " OR \"name\" = 'x'" * 100000)))
        self.assertIn("64", Error(self.refused((400,), get_items(filter=deep(100), **{"filter-lang": "cql2-json"}))).text)
        self.assertIn("64", Error(self.refused((400,), get_items(filter="(" * 2000 + "number = 1" + ")" * 2000))).text)
        self.assertIn("2000", Error(self.refused((400,), get_items(filter="number=1" + " OR number=1" * 1100))).text)
        for target in (get_items(filter=deep(1600), **{"filter-lang": "cql2-json"}), get_items(filter="(" * 100000), get_items(filter="number=1" + " OR number=1" * 100000)):
            self.refused((414,), target)   # conditions come by the address alone

    def test_encodings_are_read_right_or_refused(self):
        """T35"""
        def ask(name, encoding, declared=None, charset=None):
            body = (f'<?xml version="1.0" encoding="{declared}"?>' if declared else "") + feature_request(fes(equal_to("name", name)))
            return self.ask("/base/ows?OUTPUTFORMAT=x", body.encode(encoding), XML + (f"; charset={charset}" if charset else ""))
        for encoding, declared, charset in (("utf-16", "UTF-16", None), ("utf-16-le", None, None), ("utf-16-be", None, None), ("utf-8-sig", None, None), ("utf-8", "UTF-8", None),
                                            ("latin-1", "ISO-8859-1", None), ("latin-1", None, "ISO-8859-1")):
            answer = ask("Straße", encoding, declared, charset)
            self.assertEqual(answer.status, 200, (encoding, declared, charset, answer.body[:300]))
            self.assertIn("<app:name>Straße</app:name>", answer.text, (encoding, declared, charset))
            self.assertIn('numberMatched="1"', answer.text)
        for wrong in ('<?xml version="1.0" encoding="UTF-7"?>'.encode() + feature_request().encode(), feature_request("\0").encode(), feature_request().encode("utf-16") + b"\0\0",
                      feature_request(fes(equal_to("name", "Straße"))).encode("latin-1"),
                      b"\xef\xbb\xbf" + feature_request(fes(equal_to("name", "Straße"))).encode("latin-1"), feature_request().encode("utf-32"), feature_request().encode("cp037"),
                      feature_request().encode() + b"<!--\xed\xa0\x80-->", *((feature_request() + f"<!--{half}-->").encode("utf-16", "surrogatepass") for half in ("\ud800", "\udc00", "\udc00\ud800"))):
            self.refused((400, UNREAD, None), "/base/ows", wrong)

    def test_parameters_are_decoded_once_and_strictly(self):
        """T36"""
        for wrong in ("%00", "%zz", "%C3%28", "%", "%2", "%ED%A0%80", "%C0%AF"):
            self.refused((400,), get_feature() + "&FILTER=" + wrong)
            self.refused((400, UNREAD, None), "/base/ows", as_form(get_feature())[1] + "&FILTER=" + wrong, FORM)
        items = lambda query: self.fids(self.ask("/base/ogcapi/collections/things/items?f=json&limit=1000&" + query))
        fid = lambda name: {NAMES.index(name) + 1}
        self.assertEqual(items("name=Baum+%F0%9F%8C%B3"), fid("Baum \U0001F333"))
        self.assertEqual(items("name=Baum%20%F0%9F%8C%B3"), fid("Baum \U0001F333"))
        self.assertEqual(items("name=Baum%2B%F0%9F%8C%B3"), set())
        self.assertEqual(items("name=O%27Brien"), fid("O'Brien"))
        self.assertEqual(items("name=O%2527Brien"), set(), "decoded once")
        self.assertEqual(items("name=semi;colon"), fid("semi;colon"), "no separator")
        self.assertEqual(self.ask("/base/ows?sErViCe=wfs&rEqUeSt=getcapabilities&x&=y&&").status, 200)
        self.refused((400, INVALID, "service"), "/base/ows?SERVICE=WFS;REQUEST=GetCapabilities")

    def test_a_parameter_given_twice_is_nowhere_read_in_two_ways(self):
        """T36: the rights look at the same layer as the drawing"""
        for first, second in (("things", "guarded"), ("guarded", "things")):
            self.refused((400, INVALID, "LAYERS"), get_map(LAYERS=first) + "&LAYERS=" + second)
            self.refused((400, INVALID, "layers"), get_map(LAYERS=first) + "&layers=" + second)
            self.refused((400, INVALID, "LAYERS"), *as_form(get_map(LAYERS=first) + "&LAYERS=" + second))
            self.refused((400, INVALID, "LAYERS"), get_map(LAYERS=first), "LAYERS=" + second, FORM)
            self.refused((400, INVALID, "TYPENAMES"), get_feature(TYPENAMES=first) + "&TYPENAMES=" + second)
        self.refused((400,), get_items() + "&limit=1&limit=2")
        self.refused((400, "LayerNotDefined", "LAYERS"), get_map(LAYERS="guarded"))

    def test_headers_and_cookies_are_no_parameters(self):
        """T37"""
        headers = {"Cookie": "LAYERS=guarded; filter=1=0; limit=1; TYPENAMES=guarded", "LAYERS": "guarded", "filter": "1=0", "limit": "1", "FILTER": "things:1=0"}
        self.assertEqual(self.picture(get_map(), headers=headers), self.picture(get_map()))
        self.assertEqual(self.fids(self.ask(get_items(limit=1000), headers=headers)), {row.fid for row in ROWS})
        self.refused((400, "MissingParameterValue", "LAYERS"), get_map(LAYERS=""), headers=headers)

    def test_hostile_text_is_escaped_in_every_answer(self):
        """T38"""
        encoded = urllib.parse.quote(SCRIPT, safe="")
        targets = [get_items(offset=SCRIPT, bbox=""), get_items(bbox=SCRIPT), get_items(filter=SCRIPT), get_items(**{SCRIPT: "x"}), get_map(LAYERS=SCRIPT), get_map(STYLES=SCRIPT),
                   get_map(FORMAT=SCRIPT), get_map(CRS=SCRIPT),
                   get_map(BBOX=SCRIPT), get_map(REQUEST=SCRIPT), get_map(VERSION=SCRIPT), get_map(FILTER="things:" + SCRIPT), get_legend(LAYER=SCRIPT), get_legend(RULE=SCRIPT),
                   get_info(QUERY_LAYERS=SCRIPT), get_info(INFO_FORMAT=SCRIPT),
                   get_feature(TYPENAMES=SCRIPT), get_feature(OUTPUTFORMAT=SCRIPT), get_feature(PROPERTYNAME=SCRIPT), get_feature(SORTBY=SCRIPT), get_feature(VERSION=SCRIPT),
                   f"/base/ows?SERVICE={encoded}", f"/base/ows?SERVICE=WMTS&VERSION=1.0.0&REQUEST={encoded}",
                   f"/base/ogcapi/collections/{encoded}", f"/base/ogcapi/collections/{encoded}/items", f"/base/ogcapi/collections/things/items/{encoded}", f"/{encoded}",
                   f"/base/{encoded}", f"/base/ogcapi/{encoded}", f"/base/map/{encoded}"]
        for target in targets:
            for accept in ("*/*", "text/html"):
                for more in ("", "&f=html" if "?" in target else "?f=html"):
                    answer = self.ask(target.replace("f=json&", "") + more, headers={"Accept": accept})
                    self.assertGreaterEqual(answer.status, 400, target)
                    self.expect_nothing_told(answer)
                    if "json" not in answer.headers["content-type"]:   # which no browser takes for a page: nosniff
                        self.assertNotIn("<img", answer.text, target)
                        self.assertNotIn("</script>", answer.text, target)
                    if "html" in answer.headers["content-type"]:
                        self.expect_policy(answer)

    def expect_policy(self, answer):
        policy = answer.headers["content-security-policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertNotRegex(policy, r"script-src[^;]*(unsafe|\*|https?:)")

    def test_hostile_values_are_shown_as_text(self):
        """T38"""
        number = NAMES.index("<img src=x onerror=alert(1)>") + 1
        for target in (get_info(INFO_FORMAT="text/html", FILTER="things:\"name\" LIKE '<img%'"), f"/base/ogcapi/collections/things/items/{number}?f=html",
                       "/base/ogcapi/collections/things/items?f=html&limit=1000"):
            answer = self.ask(target)
            self.assertEqual(answer.status, 200)
            self.assertIn("&lt;img src=x onerror=alert(1)&gt;", answer.text)
            self.assertNotIn("<img src=x", answer.text)
            self.expect_policy(answer)

    def test_links_lead_nowhere_that_a_header_says(self):
        """T38: of a client that is no trusted proxy"""
        plain = self.ask("/base/ogcapi?f=html").text
        for headers in ({"X-Forwarded-Host": '"><script>alert(1)</script>'}, {"X-Forwarded-Proto": "javascript"}, {"X-Forwarded-Host": "evil.example"},
                        {"Forwarded": "host=evil.example;proto=javascript"}, {"X-Original-URL": "/evil"}):
            self.assertEqual(self.ask("/base/ogcapi?f=html", headers=headers).text, plain)
        for host in ('"><script>alert(1)</script>', "a b", "a/b", "a@b"):
            self.refused((400,), "/base/ogcapi?f=html", headers={"Host": host})

    def test_no_value_splits_a_header(self):
        """T39"""
        split = "\r\nSet-Cookie: a=b"
        for expected, target in (((400, "InvalidFormat", "FORMAT"), get_map(FORMAT="image/png" + split)),
                                 ((400, "InvalidFormat", "INFO_FORMAT"), get_info(INFO_FORMAT="text/html" + split)),
                                 ((400, INVALID, "outputFormat"), get_feature(OUTPUTFORMAT="text/csv" + split)),
                                 ((400, INVALID, "typeName"), get_feature(TYPENAMES="things" + split, OUTPUTFORMAT="csv")),
                                 ((400, INVALID, "WIDTH"), get_map(WIDTH=0, EXCEPTIONS="XML" + split)), ((400, "InvalidDimensionValue", "TIME"), get_map(TIME="2020-01-01" + split)),
                                 ((400,), "/base%0d%0aSet-Cookie:%20a=b/ows"), ((400,), get_items(f="json" + split))):
            self.assertNotIn("set-cookie", self.refused(expected, target).headers)
        for target in ("/base/login?to=x" + urllib.parse.quote(split), "/base?x=" + urllib.parse.quote(split)):
            self.assertNotIn("set-cookie", self.ask(target).headers)

    def test_nothing_can_be_edited(self):
        """T40: a body for the features of a collection is not read"""
        for body in ("[" * 1000000, '{"type":"Feature","geometry":{"type":"Point","coordinates":[1e400,NaN]}}', '{"a":1,"a":2}', '{"type":"Polygon","coordinates":[[[0,0],[1,1]]]}'):
            self.refused((405,), "/base/ogcapi/collections/things/items", body, "application/geo+json")
        self.assertEqual(STORES.rows_left(), (len(ROWS), len(ROWS)))

    def test_damaged_and_odd_geometries_in_filters(self):
        """T41"""
        def ask(wkt):
            return get_items(filter=f"S_INTERSECTS(geometry, {wkt})", limit=1000, **{"filter-crs": "http://www.opengis.net/def/crs/EPSG/0/25833"})
        for wrong in ("POLYGON((0 0,1 0,1 1,0 0)", "POINT EMPTY", "LINESTRING(1 1)", "POINT(nan nan)", "POINT(1e400 1)", "POINT(1)", "CIRCULARSTRING(0 0,1 1,2 0)",
                      "GEOMETRYCOLLECTION(" * 500 + "POINT(1 1)" + ")" * 500, "POLYGON((0 0,1 0,1 1,0 0)))"):
            self.refused((400,), ask(wrong))
        bow = "POLYGON((317005 5689990, 317045 5690010, 317045 5689990, 317005 5690010, 317005 5689990))"   # crosses itself at x = 317025
        self.assertEqual(self.fids(self.ask(ask(bow))), {1, 2, 3, 4})
        self.assertEqual(self.fids(self.ask(ask("POLYGON((317005 5689990, 317025 5689990, 317025 5690010, 317005 5690010))"))), {1, 2}, "closed for the client")
        for nothing in ("POLYGON EMPTY", "POLYGON((0 0,1 1))", "POINT(1e308 1e308)"):
            self.assertEqual(self.fids(self.ask(ask(nothing))), set())
        many = "317000 5689990 " * 600_000   # beneath the largest body
        self.refused((400, UNREAD, "FILTER"), "/base/ows", feature_request(fes(f'<fes:Intersects><fes:ValueReference>geometry</fes:ValueReference><gml:LineString gml:id="a"><gml:posList>{many}</gml:posList></gml:LineString></fes:Intersects>')))

    def test_geometries_of_gml_say_their_crs(self):
        """T42"""
        ring = "317005 5689990 317025 5689990 317025 5690010 317005 5690010 317005 5689990"
        def ask(ring, name=""):
            polygon = f'<gml:Polygon gml:id="a"{name}><gml:exterior><gml:LinearRing><gml:posList>{ring}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>'
            return "/base/ows", feature_request(fes(f"<fes:Intersects><fes:ValueReference>geometry</fes:ValueReference>{polygon}</fes:Intersects>"))
        for name in ("", ' srsName="urn:ogc:def:crs:EPSG::25833"', ' srsName="EPSG:25833"'):
            self.assertIn('numberMatched="2"', self.ask(*ask(ring, name)).text, name)
        for name in (' srsName="urn:ogc:def:crs:EPSG::999999"', ' srsName="x"', f' srsName="{SCRIPT.replace("<", "&lt;")}"'):
            self.refused((400, INVALID, "FILTER"), *ask(ring, name))
        for wrong in (ring + " 1", "", "a b", "317005 5689990 nan 5689990 317025 5690010 317005 5689990"):
            self.refused((400, INVALID, "FILTER"), *ask(wrong))


if __name__ == "__main__":
    run_tests()
