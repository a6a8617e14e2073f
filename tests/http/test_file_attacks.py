# SPDX-License-Identifier: GPL-2.0-or-later
"""What the service answers to those who want files, other hosts, or what lies beside its projects; by paths, ids and styles of their own."""
import concurrent.futures
import glob
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import unittest
import urllib.parse

from qgis.core import QgsMarkerSymbol, QgsProject, QgsSingleSymbolRenderer, QgsSvgMarkerSymbolLayer, QgsVectorLayer
from qgis.PyQt.QtGui import QColor, QImage

from attacked import ROWS, Attacked, Error, Listener, Stores, as_form, get_feature, get_info, get_items, get_legend, get_map, rule, serve, sld
from one_picture import run_tests
from service import ENVIRONMENT, eventually, free_port

INVALID = "InvalidParameterValue"

STORES = SERVICE = TEMPORARY = None


def setUpModule():
    """What the service writes for a while goes to a folder of its own."""
    global STORES, SERVICE, TEMPORARY
    STORES = Stores()
    unittest.addModuleCleanup(STORES.remove)
    TEMPORARY = os.path.join(STORES.folder, "temporary")
    os.mkdir(TEMPORARY)
    SERVICE = serve(STORES, "", TMPDIR=TEMPORARY)


def mark(fill="#ff0000", width="1", dashes=""):
    return (f'<Mark><WellKnownName>circle</WellKnownName><Fill><CssParameter name="fill">{fill}</CssParameter></Fill><Stroke><CssParameter name="stroke-width">{width}</CssParameter>'
            + (f'<CssParameter name="stroke-dasharray">{dashes}</CssParameter>' if dashes else "") + "</Stroke></Mark>")


class Styles(Attacked):
    @classmethod
    def setUpClass(cls):
        cls.service = SERVICE

    def test_styles_of_clients_have_limits(self):
        """T22"""
        def expect(rules, code=INVALID):
            self.refused((400, code, "SLD_BODY"), *as_form(get_map(SLD_BODY=sld(rules))))
        thresholds = "".join(f"<Threshold>{i}</Threshold><Value>#00ff00</Value>" for i in range(200))
        self.picture(as_form(get_map(SLD_BODY=sld(rule(mark())))))
        expect(rule() + "<!--" + "x" * 5000000 + "-->")
        expect("<Rule/>" * 100000)
        expect(rule() * 101)
        expect(rule(mark(f"<Categorize><LookupValue><ogc:PropertyName>number</ogc:PropertyName></LookupValue><Value>#ff0000</Value>{thresholds}</Categorize>")), "OptionNotSupported")
        expect('<Rule><TextSymbolizer><Label>a</Label><Font><CssParameter name="font-size">1e9</CssParameter></Font></TextSymbolizer></Rule>', "OptionNotSupported")
        for wrong in ("1e9", "-1", "nan", "1e400", "abc"):
            expect(rule(mark(), wrong))
            expect(rule(mark(width=wrong)))
        for wrong in ("-1 2", "1e9 1", "nan 1", "1 " * 1000):
            expect(rule(mark(dashes=wrong)))

    def test_styles_that_draw_nothing_are_no_danger(self):
        """T22"""
        empty = self.picture(get_map(BBOX="100000,5000000,100010,5000010"))
        for rules in ("<Rule><ElseFilter/></Rule>", "<Rule/>"):
            self.assertEqual(self.picture(as_form(get_map(SLD_BODY=sld(rules)))), empty)
        line = '<Rule><LineSymbolizer><Stroke><CssParameter name="stroke">#ff0000</CssParameter><CssParameter name="stroke-dasharray">0 0</CssParameter></Stroke></LineSymbolizer></Rule>'
        self.picture(as_form(get_map(SLD_BODY=sld(line))))

    def test_styles_are_not_fetched_by_address(self):
        """T52"""
        listener = Listener()
        self.addCleanup(listener.stop)
        for address in (f"http://127.0.0.1:{listener.port}/x.sld", f"http://localhost:{listener.port}/x.sld", "file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x",
                        "http://169.254.169.254/latest"):
            for target in (get_map(SLD=address), get_info(SLD=address), get_legend(SLD=address)):
                self.refused((400, "OptionNotSupported", "SLD"), target)
        self.assertEqual(listener.calls, 0)

    def test_graphics_from_elsewhere_are_not_fetched(self):
        """T53"""
        listener = Listener()
        self.addCleanup(listener.stop)
        for place in (f"http://127.0.0.1:{listener.port}/a.svg", "file:///etc/passwd", "/etc/passwd", "../../secret.svg", "base64:PHN2Zy8+"):
            outside = f'<ExternalGraphic><OnlineResource xlink:href="{place}"/><Format>image/svg+xml</Format></ExternalGraphic>'
            self.refused((400, "OptionNotSupported", "SLD_BODY"), get_map(SLD_BODY=sld(rule(outside))))
            self.refused((400, INVALID, "SLD_BODY"), get_map(SLD_BODY=sld(rule(f"<Mark><WellKnownName>{place}</WellKnownName></Mark>"))))
            self.refused((400, "OptionNotSupported", "SLD_BODY"), get_map(SLD_BODY=sld(rule(f'<Mark><OnlineResource xlink:href="{place}"/><Format>ttf</Format></Mark>'))))
        self.assertEqual(listener.calls, 0)

    def test_layers_from_elsewhere_are_not_fetched(self):
        """T54"""
        listener = Listener()
        self.addCleanup(listener.stop)
        foreign = {"x:url": f"http://127.0.0.1:{listener.port}/wms", "x:layers": "a", "x:format": "image/png"}
        self.refused((400, "LayerNotDefined", "LAYERS"), get_map(LAYERS="EXTERNAL_WMS:x", **foreign))
        self.refused((400, "LayerNotDefined", "LAYERS"), get_map(LAYERS="things,EXTERNAL_WMS:x", **foreign))
        self.assertEqual(self.picture(get_map(**foreign)), self.picture(get_map()))
        self.assertEqual(listener.calls, 0)

    def test_highlights_are_drawn_as_they_are_written(self):
        """T55"""
        listener = Listener()
        self.addCleanup(listener.stop)
        outside = rule(f'<ExternalGraphic><OnlineResource xlink:href="http://127.0.0.1:{listener.port}/a.svg"/></ExternalGraphic>')
        self.refused((400, "OptionNotSupported", "HIGHLIGHT_SYMBOL"), get_map(HIGHLIGHT_GEOM="POINT(317100 5690000)", HIGHLIGHT_SYMBOL=sld(outside)))
        label = lambda text: self.picture(get_map(HIGHLIGHT_GEOM="POINT(317100 5690000)", HIGHLIGHT_LABELSTRING=text))
        self.assertEqual(len({label(text) for text in ("[% 1 + 1 %]", "2", "[% env('HOME') %]", os.environ.get("HOME", "/root"))}), 4)
        for name, value in (("HIGHLIGHT_LABELSIZE", "1e9"), ("HIGHLIGHT_LABELBUFFERSIZE", "1e9"), ("HIGHLIGHT_LABEL_DISTANCE", "1e9"), ("HIGHLIGHT_LABELSTRING", "x" * 10000)):
            self.refused((400, INVALID, name), get_map(**{"HIGHLIGHT_GEOM": "POINT(317100 5690000)", "HIGHLIGHT_LABELSTRING": "a", name: value}))
        self.assertEqual(self.picture(get_map(**{"map0:HIGHLIGHT_GEOM": "POINT(1 1)", "map0:EXTENT": "1,1,2,2"})), self.picture(get_map()))
        self.assertEqual(listener.calls, 0)

    def test_a_symbol_of_a_project_reaches_nothing(self):
        """T56: an image in an SVG, scripts and style sheets"""
        listener = Listener()
        self.addCleanup(listener.stop)
        folder = tempfile.mkdtemp(dir=STORES.folder)
        place = f"http://127.0.0.1:{listener.port}"
        svg = os.path.join(folder, "symbol.svg")
        with open(svg, "w", encoding="utf-8") as out:
            out.write(f'<?xml-stylesheet href="{place}/a.css"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="40">'
                      f'<style>@import url("{place}/b.css");</style><script>new Image().src = "{place}/c"</script><rect width="40" height="40" fill="#ff0000"/>'
                      f'<image xlink:href="{place}/d.png" width="40" height="40"/><image xlink:href="file:///etc/passwd" width="40" height="40"/></svg>')
        project = QgsProject.instance()
        project.clear()
        layer = QgsVectorLayer(f"{STORES.file}|layername=things", "things", "ogr")
        symbol = QgsMarkerSymbol()
        symbol.changeSymbolLayer(0, QgsSvgMarkerSymbolLayer(svg, 10))
        layer.setRenderer(QgsSingleSymbolRenderer(symbol))
        project.addMapLayer(layer)
        file = os.path.join(folder, "symbols.qgz")
        self.assertTrue(project.write(file))
        project.clear()
        service = serve(STORES, "", [file])
        for target in (get_map("symbols"), get_legend("symbols")):
            image = QImage.fromData(self.picture(target, service=service))
            colours = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
            self.assertIn(QColor(255, 0, 0).rgb(), colours, "the symbol is drawn")
        self.assertEqual(listener.calls, 0)


class Files(Attacked):
    @classmethod
    def setUpClass(cls):
        cls.service = SERVICE

    PATHS = ["/etc/passwd", "/etc/there-is-no-such-file", "../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "file:///etc/passwd", "/proc/self/environ", "C:\\windows\\win.ini",
             "\\\\host\\share", "postgresql://127.0.0.1:{port}/x",
             "geopackage:/etc/passwd", "/vsicurl/http://127.0.0.1:{port}/x", "/vsizip/etc/x.zip", "http://127.0.0.1:{port}/x.qgs"]

    def test_there_is_no_map_parameter(self):
        """T50, T51: whatever MAP names, the answer is that of a request without it"""
        listener = Listener()
        self.addCleanup(listener.stop)
        plain, none = self.picture(get_map()), self.ask("/ows?SERVICE=WMS&REQUEST=GetCapabilities")
        self.assertEqual(none.status, 404)
        for path in (path.replace("{port}", str(listener.port)) for path in [*self.PATHS, *STORES.projects]):
            self.assertEqual(self.picture(get_map(MAP=path)), plain)
            self.assertEqual(self.ask("/ows?" + urllib.parse.urlencode({"SERVICE": "WMS", "REQUEST": "GetCapabilities", "map": path})).body, none.body)
            self.refused((400,), get_items(MAP=path))
            named = self.ask("/" + urllib.parse.quote(path, safe="") + "/ows?SERVICE=WMS&REQUEST=GetCapabilities")
            self.assertEqual((named.status, named.text), (404, none.text), path)
        self.refused((400,), get_map() + "&MAP=/etc/passwd%00.qgs")
        self.assertEqual(listener.calls, 0)

    def test_a_project_is_one_that_was_named_at_the_start(self):
        """T50: no file beside it, whether it is there or not, links included"""
        folder = os.path.dirname(STORES.projects[0])
        shutil.copy(STORES.projects[0], os.path.join(folder, "beside.qgz"))
        os.symlink("/etc/passwd", os.path.join(folder, "link.qgz"))
        missing = self.ask("/missing/ows?SERVICE=WMS&REQUEST=GetCapabilities")
        for name in ("beside", "link", "beside.qgz", "town", "town.gpkg"):
            answer = self.ask(f"/{name}/ows?SERVICE=WMS&REQUEST=GetCapabilities")
            self.assertEqual((answer.status, answer.body), (404, missing.body))

    def test_no_request_makes_the_service_call_another(self):
        """T57: so there is no address to turn round or to name anew"""
        listener = Listener()
        self.addCleanup(listener.stop)
        place = f"http://127.0.0.1:{listener.port}/x"
        for target in (get_map(SLD=place), get_map(MAP=place), get_map(LAYERS="EXTERNAL_WMS:x", **{"x:url": place}), get_map(FORMAT_OPTIONS=place),
                       get_feature(NAMESPACES=f"xmlns(a,{place})"), get_feature(SRSNAME=place), get_feature(RESOLVE="all", RESOLVETIMEOUT=10),
                       get_map(CRS=place), get_items(crs=place), get_items(**{"filter-crs": place}), get_map(CALLBACK=place),
                       f"/base/ows?SERVICE=WMS&REQUEST=GetCapabilities&SCHEMA={urllib.parse.quote(place)}"):
            self.ask(target)
        self.assertEqual(listener.calls, 0)

    def test_paths_do_not_lead_out(self):
        """T58"""
        for path in ("/%2e%2e/%2e%2e/etc/passwd", "/../../etc/passwd", "/static/..%5c..%5cetc", "//etc/passwd", "/etc/passwd", "/base/map/../../../etc/passwd",
                     "/base/map/%2e%2e/%2e%2e/etc/passwd", "/base/map/assets/..%2f..%2f..%2fetc%2fpasswd",
                     "/stadtgdi.css/../etc/passwd"):
            self.refused((404,), path)
        for path in ("/base/map//etc/passwd", "/base/map/assets/....//....//etc/passwd"):
            self.refused((404 if self.ask("/base/map").status == 200 else 501,), path)   # 501 where the service was built without its map
        for path in ("/static/%00", "/base/map/%00", "/base/map/a%00.css"):
            self.refused((400,), path)

    def test_collections_are_those_of_the_list(self):
        """T59"""
        for name in ("..%2f..%2fetc%2fpasswd", "things%2f..%2fsecret", "a" * 10000, "guarded", "B%C3%A4ume", "THINGS", "things%20"):
            for rest in ("", "/items", "/items/1", "/queryables"):
                answer = self.refused((404,), f"/base/ogcapi/collections/{name}{rest}")
                self.assertLess(len(answer.body), 12000)

    def test_a_collection_may_have_any_letters(self):
        """T59"""
        project = QgsProject.instance()
        project.clear()
        layer = QgsVectorLayer(f"{STORES.file}|layername=things", "Bäume & Büsche", "ogr")
        project.addMapLayer(layer)
        project.writeEntry("WFSLayers", "/", [layer.id()])
        file = os.path.join(STORES.folder, "umlaut.qgz")
        self.assertTrue(project.write(file))
        project.clear()
        service = serve(STORES, "", [file])
        name = json.loads(self.ask("/umlaut/ogcapi/collections?f=json", service=service).text)["collections"][0]["id"]
        self.assertTrue(name.startswith("Bäume"), name)
        self.assertEqual(len(self.fids(self.ask(get_items("umlaut", urllib.parse.quote(name), limit=1000), service=service))), len(ROWS))

    def test_ids_are_whole_numbers_of_features_that_are_there(self):
        """T60"""
        stored = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
        for project in ("base", "file"):
            for number in ("1 OR 1=1", "1e400", "-1", "'", "1;DROP TABLE things", "12345678901234567890", "0x1", "1.0", " 1", "+1", "1%", "99"):
                self.refused((404,), f"/{project}/ogcapi/collections/things/items/{urllib.parse.quote(number, safe='')}")
                self.refused((404, "NotFound", "ID"), f"/{project}/ows?" + urllib.parse.urlencode({"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetFeature",
                                                                                                   "STOREDQUERY_ID": stored, "ID": "things." + number}))
                answer = self.ask(get_feature(project, RESOURCEID="things." + number, RESULTTYPE="hits"))
                if answer.status == 400:
                    self.assertEqual((Error(answer).code, Error(answer).locator), (INVALID, "RESOURCEID"))
                else:
                    self.assertIn('numberMatched="0"', answer.text)
            for wrong in ("guarded.1", "1", "", "."):
                self.refused((404, "NotFound", "ID") if wrong else (400, "MissingParameterValue", "ID"),
                             f"/{project}/ows?" + urllib.parse.urlencode({"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetFeature", "STOREDQUERY_ID": stored, "ID": wrong}))
            self.refused((400, INVALID, "SELECTION"), get_map(project, SELECTION="things:1 OR 1=1"))
        self.assertEqual(STORES.rows_left(), (len(ROWS), len(ROWS)))

    def test_files_for_clients_are_private_and_leave_nothing(self):
        """T61"""
        target = get_feature(TYPENAMES="many", OUTPUTFORMAT="application/geopackage+sqlite3")
        seen = set()
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            files = [pool.submit(self.ask, target) for _ in range(2)]
            aborted = socket.create_connection(("127.0.0.1", self.service.port), timeout=10)
            aborted.sendall(f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            while not all(file.done() for file in files):
                for folder in glob.glob(os.path.join(TEMPORARY, "stadtgdi-file-*")):
                    try:
                        seen.add((folder, os.stat(folder).st_mode & 0o777))
                    except FileNotFoundError:
                        pass
                if aborted and len(seen) > 2:
                    aborted.close()
                    aborted = None
            files = [file.result() for file in files]
        if aborted:
            aborted.close()
        self.assertGreaterEqual(len(seen), 2, "one for each")
        self.assertEqual({mode for _, mode in seen}, {0o700})
        self.assertEqual([file.body[:15] for file in files], [b"SQLite format 3"] * 2)
        self.assertTrue(eventually(lambda: not glob.glob(os.path.join(TEMPORARY, "stadtgdi-file-*")), 10))

    def test_a_store_that_may_only_be_read_is_served(self):
        """T62: by somebody who may write neither it nor its folder; with a WAL of others there, too"""
        folder = tempfile.mkdtemp(prefix="stadtgdi_read_only_")
        self.addCleanup(shutil.rmtree, folder, True)
        writable = tempfile.mkdtemp(prefix="stadtgdi_writable_")
        self.addCleanup(shutil.rmtree, writable, True)
        os.chmod(writable, 0o777)
        for name in ("town.gpkg", "file.qgz"):
            shutil.copy(os.path.join(STORES.folder, name), folder)
        command, other = os.environ["STADTGDI"], []
        if os.geteuid() == 0:
            for name in ("stadtgdi", "stadtgdi-qgis"):
                shutil.copy(os.path.join(os.path.dirname(command), name), folder)
            command, other = os.path.join(folder, "stadtgdi"), ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
        town = os.path.join(folder, "town.gpkg")
        for with_wal in (False, True):
            writer = None
            if with_wal:
                os.chmod(folder, 0o755)
                os.chmod(town, 0o644)
                writer = sqlite3.connect(town)
                writer.execute("PRAGMA journal_mode = WAL")
                writer.execute("UPDATE stadtgdi_layer SET source = 'changed'")
                writer.commit()
                self.assertTrue(os.path.exists(town + "-wal"))
            os.chmod(town, 0o444)
            os.chmod(folder, 0o555)
            port = free_port()
            process = subprocess.Popen([*other, command, "serve", os.path.join(folder, "file.qgz"), "--listen", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL,
                                       env={**ENVIRONMENT, "HOME": "/nonexistent", "TMPDIR": writable})
            try:
                class Other:
                    pass
                Other.port = port
                def fids():
                    try:
                        return self.fids(self.ask(get_items("file", limit=1000), service=Other))
                    except (OSError, AssertionError):
                        return set()
                self.assertEqual(eventually(lambda: fids() or process.poll() is not None, 30) and fids(), {row.fid for row in ROWS}, with_wal)
                self.assertEqual(self.ask(get_map("file"), service=Other).status, 200)
            finally:
                process.terminate()
                process.wait(30)
                os.chmod(folder, 0o755)
                if writer:
                    writer.close()


if __name__ == "__main__":
    run_tests()
