# SPDX-License-Identifier: GPL-2.0-or-later
"""What goes wrong around a service that runs: sources, projects, processes, disks, clocks and places; what clients of HTTP may ask; who may see what.
docs/conformance/answers.md says which number is proven where."""
import base64
import gzip
import http.client
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.parse
import xml.etree.ElementTree as ET
import zipfile

import brotli
from osgeo import ogr
from qgis.core import QgsMapLayerServerProperties, QgsRasterLayer, QgsVectorLayer

from discreet import Discreet
from one_picture import run_tests
from service import ENVIRONMENT, Service, eventually, stadtgdi
from small_town import NS, SECRETS, SOUTH, TREES, WEST, Town, label, layer_of, make_tree_store, new_project, publish, query, table, write_project

SERVER = os.environ.get("STADTGDI_TEST_PG", "")
BOX = f"{WEST - 50},{SOUTH - 50},{WEST + 450},{SOUTH + 450}"
MAP = {"VERSION": "1.3.0", "REQUEST": "GetMap", "LAYERS": "tree", "STYLES": "", "CRS": "EPSG:25833", "BBOX": BOX, "WIDTH": 200, "HEIGHT": 200, "FORMAT": "image/png"}
FEATURES = query("WFS", VERSION="2.0.0", REQUEST="GetFeature", TYPENAMES="tree", OUTPUTFORMAT="application/geo+json")
HITS = query("WFS", VERSION="2.0.0", REQUEST="GetFeature", TYPENAMES="tree", RESULTTYPE="hits")
CAPABILITIES = query("WMS", VERSION="1.3.0", REQUEST="GetCapabilities")


def get_map(**more):
    return query("WMS", **{**MAP, **more})


def simple(town):
    """Trees that all may see, and trees that none may."""
    make_tree_store(town / "town.gpkg")
    make_tree_store(town / "secret.gpkg", 50)
    return [write_project(town / "town.qgz", layer_of(town / "town.gpkg", "tree"), layer_of(town / "secret.gpkg", "tree", "pipes", "Leitungen"))]


def same_but_for_time(service, answer):
    body = answer.body.replace(f"127.0.0.1:{service.port}".encode(), b"HOST")
    return re.sub(rb'(timeStamp|updateSequence)"?[=:] ?"[^"]*"|<ows:UpdateSequence.*?>', b"", body)


class Load:
    """Clients that ask without a pause until they are stopped; what they got."""

    def __init__(self, service, targets, clients=4, pause=0.0):
        self.service, self.targets, self.pause = service, targets, pause
        self.statuses, self.broken, self.unanswered = [], [], []
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self.ask, args=(number,)) for number in range(clients)]

    def ask(self, number):
        while not self.ended.is_set():
            target = self.targets[number % len(self.targets)]
            number += 1
            try:
                self.statuses.append(self.service.get(target).status)
            except (http.client.IncompleteRead, http.client.BadStatusLine) as error:
                (self.unanswered if isinstance(error, http.client.RemoteDisconnected) else self.broken).append(error)
            except OSError as error:   # refused or reset before a first byte
                self.unanswered.append(error)
            if self.pause or self.unanswered:
                time.sleep(self.pause or 0.05)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()


class Running(Discreet):
    make, settings = staticmethod(simple), SECRETS

    @classmethod
    def setUpClass(cls):
        cls.town = Town(cls.make, cls.settings)
        cls.addClassCleanup(cls.town.close)

    @property
    def service(self):
        return self.town.service

    def get(self, target, headers=None, method="GET"):
        answer = self.service.get(target, headers, method)
        if answer.status >= 400:
            self.expect_nothing_told(answer, urllib.parse.unquote_plus(target))
        return answer

    def own(self, make=simple, settings=SECRETS, **options):
        town = Town(make, settings, **options)
        self.addCleanup(town.close)
        return town

    def metric(self, name, service=None):
        found = re.search(rf"^{name} (\S+)$", (service or self.service).get("/metrics").text, re.M)
        return found and float(found.group(1))

    def names(self, service=None):
        root = ET.fromstring((service or self.service).get(CAPABILITIES).body)
        return {name.text for name in root.findall(".//wms:Layer/wms:Name", NS)}


class Sources(Discreet):
    get_names, metric = Running.names, Running.metric

    @staticmethod
    def sql(text):
        return subprocess.run(["psql", SERVER, "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", text], capture_output=True, text=True, check=True).stdout

    def fill(self):
        self.sql(f"CREATE TABLE {self.schema}.shrub (id int PRIMARY KEY, name text, geom geometry(Point, 25833)); "
                 f"INSERT INTO {self.schema}.shrub SELECT n, 'Strauch ' || n, ST_SetSRID(ST_MakePoint({WEST} + n, {SOUTH}), 25833) FROM generate_series(1, 20) n")

    def setUp(self):
        if not SERVER:
            raise RuntimeError("STADTGDI_TEST_PG is not set: ./test starts a server, or tests/support/start_postgres does")
        self.schema = f"sources_{os.getpid()}"
        self.addCleanup(self.sql, f"DROP SCHEMA IF EXISTS {self.schema} CASCADE")
        self.sql(f"CREATE SCHEMA {self.schema}")

    def shrubs(self, connection=SERVER, name="shrub"):
        layer = QgsVectorLayer(f"{connection} connect_timeout=1 key='id' srid=25833 type=Point table=\"{self.schema}\".\"shrub\" (geom)", name, "postgres")
        layer.serverProperties().setShortName(name)
        return layer

    def test_a_source_that_goes_takes_its_layer_alone_and_brings_it_back(self):
        """T170: file deleted, table dropped, data base away, WMS away."""
        self.fill()

        def make(town):
            make_tree_store(town / "town.gpkg")
            make_tree_store(town / "other.gpkg")
            make_tree_store(town / "unread.gpkg")
            away = QgsRasterLayer("crs=EPSG:25833&format=image/png&layers=x&styles=&url=http://127.0.0.1:1/ows", "wms", "wms")
            away.serverProperties().setShortName("wms")
            nowhere = self.shrubs("host=127.0.0.1 port=1 dbname=x", "nowhere")
            project = new_project()
            layers = [layer_of(town / "town.gpkg", "tree"), layer_of(town / "other.gpkg", "tree", "other"), self.shrubs(), nowhere, layer_of(town / "unread.gpkg", "tree", "unread"), away]
            project.addMapLayers(layers)
            publish(project, *layers[:5])
            assert project.write(town / "town.qgz")
            project.clear()
            return [town / "town.qgz"]

        town = Town(make)
        self.addCleanup(town.close)
        service = town.service
        self.assertEqual(self.get_names(service) & {"tree", "other", "shrub", "nowhere", "wms"}, {"tree", "other", "shrub"})

        def refused(name):
            answer = service.get(get_map(LAYERS=name))
            self.expect_nothing_told(answer)
            return answer.status == 400 and 'code="LayerNotDefined"' in answer.text and service.get(get_map()).status == 200
        for name in ("nowhere", "wms"):
            self.assertTrue(refused(name))
        told = lambda: {entry["name"] for project in json.loads(service.get("/admin?f=json", town.keys["betrieb"]).body)["projects"] for entry in project["failed_layers"]}
        self.assertEqual(told(), {"nowhere", "wms"})
        self.assertEqual(self.metric("stadtgdi_layers_not_served", service), 2)

        self.sql(f"DROP TABLE {self.schema}.shrub")
        self.assertTrue(eventually(lambda: "shrub" not in self.get_names(service), 30))
        self.assertTrue(refused("shrub"))
        self.assertEqual((service.get("/healthz").status, service.get("/readyz").status), (200, 200))
        self.assertEqual(self.metric("stadtgdi_layers_not_served", service), 3)
        down = lambda: set(re.findall(r'^stadtgdi_layer_up{layer="(\w+)",project="town"} 0$', service.get("/metrics").text, re.M))
        self.assertEqual(down(), {"nowhere", "wms", "shrub"})
        self.fill()
        self.assertTrue(eventually(lambda: "shrub" in self.get_names(service), 40))
        self.assertEqual(down(), {"nowhere", "wms"})

        # What was not read of a file that is deleted is missing until it is back.
        os.rename(town / "unread.gpkg", town / "away.gpkg")
        self.assertTrue(eventually(lambda: "unread" not in self.get_names(service), 30))
        self.assertTrue(refused("unread"))
        self.assertEqual((told(), down()), ({"nowhere", "wms", "unread"},) * 2)
        os.rename(town / "away.gpkg", town / "unread.gpkg")
        self.assertTrue(eventually(lambda: "unread" in self.get_names(service), 30))
        self.assertEqual(service.get(get_map(LAYERS="unread")).status, 200)
        self.assertEqual(down(), {"nowhere", "wms"})

        # A file that is deleted is still in memory; after a new start its layer is missing until the file is back.
        other = HITS.replace("TYPENAMES=tree", "TYPENAMES=other")
        self.assertEqual(service.get(other).status, 200)
        os.rename(town / "other.gpkg", town / "away.gpkg")
        time.sleep(2)
        self.assertIn(f'numberMatched="{TREES}"', service.get(other).text)
        os.kill(service.worker(), signal.SIGKILL)
        self.assertTrue(eventually(service.is_ready, 60))
        self.assertNotIn("other", self.get_names(service))
        self.assertTrue(refused("other"))
        os.rename(town / "away.gpkg", town / "other.gpkg")
        self.assertTrue(eventually(lambda: "other" in self.get_names(service), 30))
        self.assertIn(f'numberMatched="{TREES}"', service.get(other).text)

    def test_a_data_base_that_never_answers_keeps_nobody_waiting_for_long(self):
        """T171: a socket that takes connections and says nothing."""
        silent = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.addCleanup(silent.close)

        def make(town):
            hole = QgsVectorLayer("host=127.0.0.1 port=1 dbname=x key='id' srid=25833 type=Point table=\"a\".\"b\" (geom)", "hole", "postgres")
            hole.serverProperties().setShortName("hole")
            write_project(town / "zone.qgs", hole)
            with open(town / "zone.qgs", encoding="utf-8") as file:
                text = file.read()
            with open(town / "zone.qgs", "w", encoding="utf-8") as file:
                file.write(text.replace("port=1 ", f"port={silent.getsockname()[1]} "))
            return [*simple(town), town / "zone.qgs"]

        town = Town(make, ready=False)
        self.addCleanup(town.close)
        service = town.service

        def asked():
            try:
                return service.get(FEATURES).status == 200
            except OSError:
                return False
        self.assertTrue(eventually(asked, 30))
        self.assertFalse(service.is_ready(), "the other project is still being tried")
        for _ in range(5):
            for target in (FEATURES, get_map(), CAPABILITIES):
                self.assertEqual(service.get(target).status, 200)
        service.wait_until_ready()
        self.assertEqual(service.get("/zone/ows?" + CAPABILITIES.split("?")[1]).status, 200)
        self.assertIn("hole", service.logged())


class Projects(Running):
    def test_a_damaged_project_changes_nothing_and_a_new_one_is_taken_over(self):
        """T172: replaced, cut off, no XML, empty, not readable, under 50 requests a second: no answer of 5xx."""
        file = self.town / "town.qgz"
        with open(file, "rb") as source:
            good = source.read()

        def put(content):
            with open(file + ".new", "wb") as new:
                new.write(content)
            os.rename(file + ".new", file)

        def renamed(title):
            with zipfile.ZipFile(file + ".other", "w") as out, zipfile.ZipFile(self.town / "kept.qgz") as source:
                for name in source.namelist():
                    text = source.read(name)
                    out.writestr(name, text.replace(b"<title></title>", b"<title>" + title + b"</title>") if name.endswith(".qgs") else text)
            with open(file + ".other", "rb") as made:
                return made.read()
        shutil.copy(file, self.town / "kept.qgz")
        with Load(self.service, [FEATURES, get_map(), CAPABILITIES, HITS], pause=0.04) as load:
            for damage in (lambda: put(good[:len(good) // 2]), lambda: put(b"<qgis"), lambda: put(b""), lambda: os.chmod(file, 0), lambda: os.remove(file)):
                damage()
                time.sleep(1.2)
                self.assertIn("<Name>tree</Name>", self.get(CAPABILITIES).text)
            for title in (b"Erste Fassung", b"Zweite Fassung"):
                put(renamed(title))
                self.assertTrue(eventually(lambda: title.decode() in self.get(CAPABILITIES).text, 20), title)
        self.assertEqual(set(load.statuses), {200})
        self.assertEqual((load.broken, load.unanswered), ([], []))
        self.assertGreater(len(load.statuses), 200)
        self.assertIn("the last good state stays", self.service.logged())

    def not_loaded(self, town):
        return {each["id"]: each["last_good_state_served"] for each in json.loads(town.service.get("/admin?f=json", town.keys["betrieb"]).body)["projects_not_loaded"]}

    def test_reading_all_anew_keeps_what_a_damaged_project_served(self):
        """T172: SIGHUP, as a reload of the unit sends it, while the file is cut off."""
        town = self.own()
        service = town.service
        with open(town / "town.qgz", "rb") as source:
            good = source.read()
        with open(town / "town.qgz", "wb") as file:
            file.write(good[:200])
        self.assertTrue(eventually(lambda: self.not_loaded(town) == {"town": True}), "its last good state is served")
        worker = service.worker()
        service.process.send_signal(signal.SIGHUP)
        self.assertTrue(eventually(lambda: "the old one goes on" in service.logged(), 60), service.logged())
        self.assertEqual((service.get(FEATURES).status, service.is_ready(), service.worker()), (200, True, worker))
        self.assertIn("project town cannot be read, so the worker before goes on", service.logged())
        with open(town / "town.qgz", "wb") as file:
            file.write(good)
        service.process.send_signal(signal.SIGHUP)
        self.assertTrue(eventually(lambda: "taken over" in service.logged(), 60))
        self.assertEqual((service.get(FEATURES).status, self.not_loaded(town)), (200, {}))

    def test_a_damaged_project_is_not_ready_and_tried_again(self):
        """T172: at the start: 503 for it as for names that nobody has, a word in /admin and in the metrics."""
        town = self.own(ready=False)
        service = town.service
        os.rename(town / "town.qgz", town / "kept.qgz")
        service.stop()
        with open(town / "town.qgz", "w", encoding="utf-8") as file:
            file.write("<qgis")
        town.service = service = Service(town / "town.qgz", "--settings", town.settings)
        self.assertTrue(eventually(lambda: "is not loaded" in service.logged(), 60))
        self.assertEqual((service.get("/readyz").status, service.get("/healthz").status), (503, 200))
        self.assertEqual({service.get(target).status for target in (FEATURES, FEATURES.replace("town", "other"))}, {503})
        self.assertEqual(self.not_loaded(town), {"town": False})
        self.assertEqual((self.metric("stadtgdi_projects_not_loaded", service), self.metric("stadtgdi_ready", service)), (1, 0))
        # The same bytes, but readable now: no new time of the file tells of it.
        stamp = os.stat(town / "town.qgz")
        os.rename(town / "kept.qgz", town / "town.qgz")
        os.utime(town / "town.qgz", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        self.assertTrue(eventually(service.is_ready, 60))
        self.assertEqual((service.get(FEATURES).status, self.not_loaded(town), self.metric("stadtgdi_projects_not_loaded", service)), (200, {}, 0))

    def test_projects_are_named_in_the_settings(self):
        """With a name of their own, relative to the settings; more of them with SIGHUP, of which a second one is not lost."""
        def nothing(town):
            simple(town)
            return []
        town = self.own(nothing, SECRETS.replace("[disclosure]", '[[projects]]\nfile = "town.qgz"\nid = "stadt"\n[disclosure]', 1))
        service = town.service
        self.assertEqual((service.get(FEATURES.replace("/town/", "/stadt/")).status, service.get(FEATURES).status), (200, 404))
        with open(town.settings, encoding="utf-8") as file:
            settings = file.read()
        with open(town.settings, "w", encoding="utf-8") as file:
            file.write('[[projects]]\nfile = "town.qgz"\n' + settings)
        service.process.send_signal(signal.SIGHUP)
        self.assertTrue(eventually(lambda: "anew" in service.logged()))
        service.process.send_signal(signal.SIGHUP)
        self.assertTrue(eventually(lambda: service.logged().count("taken over") == 2, 60), service.logged())
        self.assertEqual({service.get(target).status for target in (FEATURES, FEATURES.replace("/town/", "/stadt/"))}, {200})

    def test_changes_of_what_one_may_not_see_tell_nothing(self):
        """No time and no tag of what everybody gets moves when rows of a layer change that not everybody may see."""
        town = self.own()
        targets = [CAPABILITIES, "/town/ows?SERVICE=WFS&REQUEST=GetCapabilities", "/town/wmts?SERVICE=WMTS&REQUEST=GetCapabilities"]

        def told(headers):
            answers = [town.service.get(target, headers) for target in targets]
            return [(answer.status, answer.headers.get("etag"), answer.body) for answer in answers]

        def edit(file):
            store = ogr.Open(file, update=1)
            store.ExecuteSQL("UPDATE tree SET name = 'another' WHERE fid = 1")
        everybody, somebody = told({}), told(town.keys["netz"])
        self.assertNotEqual(everybody, somebody)
        edit(town / "secret.gpkg")
        self.assertTrue(eventually(lambda: told(town.keys["netz"])[0] != somebody[0]))
        self.assertEqual(told({}), everybody)
        edit(town / "town.gpkg")
        self.assertTrue(eventually(lambda: told({})[0] != everybody[0]))

    def test_a_new_time_of_the_file_is_read_once(self):
        """T173: twenty new times within two seconds, and then none."""
        loads = lambda: self.service.logged().count("project town loaded")
        before = loads()
        for _ in range(20):
            os.utime(self.town / "town.qgz")
            time.sleep(0.1)
        time.sleep(2)
        after = loads()
        self.assertLessEqual(after - before, 8)
        time.sleep(3)
        self.assertEqual(loads(), after)


class Processes(Running):
    def test_a_worker_that_dies_takes_only_its_requests_with_it(self):
        """T174: by SIGKILL and by SIGSEGV under load."""
        starts = self.metric("stadtgdi_worker_starts")
        for number in (signal.SIGKILL, signal.SIGSEGV):
            worker = self.service.worker()
            with Load(self.service, [FEATURES, get_map(), HITS]) as load:
                time.sleep(0.5)
                os.kill(worker, number)
                self.assertTrue(eventually(lambda: self.service.is_ready() and self.service.worker() != worker, 60))
                time.sleep(0.5)
            self.assertLessEqual(set(load.statuses), {200, 503}, "503 while the next one reads the projects")
            self.assertLessEqual(len(load.broken) + len(load.unanswered), 4, "one for each client at most")
            self.assertEqual(load.statuses[-1], 200)
        self.assertEqual(self.metric("stadtgdi_worker_starts"), starts + 2)

    def test_the_end_waits_for_requests_and_cuts_none(self):
        """T175: SIGTERM under load."""
        town = self.own()
        with Load(town.service, [FEATURES, get_map(WIDTH=1000, HEIGHT=1000)], clients=8) as load:
            time.sleep(1)
            town.service.process.send_signal(signal.SIGTERM)
            self.assertEqual(town.service.process.wait(timeout=30), 0)
        self.assertEqual(load.broken, [])
        self.assertEqual(set(load.statuses), {200})


class Surroundings(Running):
    def test_a_full_disk_stops_what_needs_it_and_nothing_else(self):
        """T176: no file may grow beyond 3 MB, as if the disk were full there; nor may the log."""
        def make(town):
            make_tree_store(town / "town.gpkg", 40_000)
            for day in (0, 86400):
                stamp = time.strftime("%Y-%m-%d", time.localtime(time.time() + day))
                with open(town / f"log_{stamp}.txt", "wb") as file:
                    file.write(b" " * 3_000_000)
            with open(town.settings, encoding="utf-8") as file:
                settings = file.read()
            with open(town.settings, "w", encoding="utf-8") as file:
                file.write(settings + f'[log]\nfile = "{town / "log.txt"}"\n')
            return [write_project(town / "town.qgz", layer_of(town / "town.gpkg", "tree"))]
        town = self.own(make, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000)), restore_signals=False)   # SIGXFSZ stays ignored
        worker = town.service.worker()
        for media in ("application/geopackage+sqlite3", "application/flatgeobuf", "application/zip"):
            answer = town.service.get(FEATURES.replace("application%2Fgeo%2Bjson", urllib.parse.quote(media, safe="")))
            self.assertEqual(answer.status, 503, media)
            self.expect_nothing_told(answer)
        for target in (FEATURES, get_map(), CAPABILITIES, HITS, "/healthz"):
            self.assertEqual(town.service.get(target).status, 200)
        self.assertEqual(town.service.worker(), worker)

    def test_files_that_seem_older_than_before_are_read_too(self):
        """T177: the clock goes back and forth by an hour: a change of a file is any other time, not a later one."""
        def write(town, genus, hours):
            features = [{"type": "Feature", "properties": {"genus": genus}, "geometry": {"type": "Point", "coordinates": [13.4, 51.6]}}]
            with open(town / "new", "w", encoding="utf-8") as file:
                json.dump({"type": "FeatureCollection", "features": features}, file)
            now = time.time() + 3600 * hours
            os.utime(town / "new", (now, now))
            os.rename(town / "new", town / "shrub.geojson")

        def make(town):
            write(town, "Acer", 0)
            layer = QgsVectorLayer(town / "shrub.geojson", "tree", "ogr")
            assert layer.isValid()
            layer.serverProperties().setShortName("tree")
            return [write_project(town / "town.qgz", layer)]
        town = self.own(make)
        first = town.service.get(FEATURES)
        for genus, hours in (("Ulme", -1), ("Esche", 1), ("Erle", -2)):
            write(town, genus, hours)
            self.assertTrue(eventually(lambda: genus in town.service.get(FEATURES).text, 15), genus)
        self.assertEqual(town.service.get(FEATURES, {"If-None-Match": first.headers["etag"]}).status, 200)

    def test_times_are_the_same_on_the_day_when_the_clock_changes(self):
        """T177: TIME around both changes of summer time, by services of two time zones."""
        moments = ("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")

        def make(town):
            store = ogr.GetDriverByName("GPKG").CreateDataSource(town / "town.gpkg")
            table(store, "tree", ogr.wkbPoint, [(f"POINT ({WEST + 60 * number} {SOUTH})", moment) for number, moment in enumerate(moments)], fields=(("at", ogr.OFTDateTime),))
            store = None
            layer = layer_of(town / "town.gpkg", "tree")
            layer.serverProperties().addWmsDimension(QgsMapLayerServerProperties.WmsDimensionInfo("TIME", "at"))
            return [write_project(town / "town.qgz", layer)]

        def told(zone):
            town = self.own(make, environment={"TZ": zone})
            ask = lambda when: town.service.get(get_map(REQUEST="GetFeatureInfo", QUERY_LAYERS="tree", I=100, J=180, INFO_FORMAT="application/json", FI_POINT_TOLERANCE=100, FEATURE_COUNT=10, TIME=when))
            answers = []
            for when in (*moments, "2026-03-29T00:00:00Z/2026-03-29T01:00:00Z", "2026-03-29", "2026-10-25T01:00:00Z/2026-10-25T02:00:00Z", "2026-10-25"):
                answer = ask(when)
                answers.append(sorted(feature["id"] for feature in json.loads(answer.body)["features"]) if answer.status == 200 else answer.text)
            return answers
        expected = [["tree.1"], ["tree.2"], ["tree.3"], ["tree.4"], ["tree.1"], ["tree.1", "tree.2"], ["tree.4"], ["tree.3", "tree.4"]]
        for zone in ("UTC", "Europe/Berlin"):
            self.assertEqual(told(zone), expected, zone)

    def test_numbers_have_a_point_in_every_locale(self):
        """T180: German and Turkish."""
        town = self.town
        made = town / "locales"
        os.makedirs(made)
        targets = (query("WFS", VERSION="2.0.0", REQUEST="GetFeature", TYPENAMES="tree", COUNT=20, SRSNAME="urn:ogc:def:crs:EPSG::4326", BBOX=f"{WEST + 0.5},{SOUTH - 0.5},{WEST + 100.5},{SOUTH + 99.5}"),
                   FEATURES + "&COUNT=20", query("WFS", VERSION="2.0.0", REQUEST="GetCapabilities"), CAPABILITIES, "/town/ogcapi/collections/tree/items?limit=3&f=json&bbox=13.1,51.1,13.9,51.9",
                   "/town/ogcapi/collections/tree?f=json", get_map(BBOX=f"{WEST - 0.5},{SOUTH - 0.5},{WEST + 99.5},{SOUTH + 99.5}"),
                   get_map(REQUEST="GetFeatureInfo", QUERY_LAYERS="tree", I=20, J=180, INFO_FORMAT="text/xml", WITH_GEOMETRY="TRUE"))
        expected = [same_but_for_time(town.service, town.service.get(target)) for target in targets]
        for language in ("de_DE", "tr_TR"):
            subprocess.run(["localedef", "-i", language, "-f", "UTF-8", os.path.join(made, language + ".UTF-8")], check=True, capture_output=True)
            environment = {"LOCPATH": made, "LC_ALL": language + ".UTF-8", "LANG": language + ".UTF-8"}
            decimal = subprocess.run(["locale", "decimal_point"], capture_output=True, text=True, check=True, env={**ENVIRONMENT, **environment}).stdout
            self.assertEqual(decimal, ",\n", "the locale is there")
            service = Service(town / "town.qgz", "--settings", town.settings, environment=environment).wait_until_ready()
            try:
                for target, body in zip(targets, expected):
                    answer = service.get(target)
                    self.assertEqual(answer.status, 200, target)
                    self.assertEqual(same_but_for_time(service, answer), body, (language, target))
            finally:
                service.stop()

    def test_a_missing_grid_is_told_and_costs_no_more_than_metres(self):
        """T181: PROJ without BETA2007."""
        def make(town):
            store = ogr.GetDriverByName("GPKG").CreateDataSource(town / "town.gpkg")
            table(store, "tree", ogr.wkbPoint, [("POINT (4590000 5720000)", "Gauß-Krüger")], 31468)
            store = None
            return [write_project(town / "town.qgz", layer_of(town / "town.gpkg", "tree"))]
        town = self.own(make)
        place = lambda service: json.loads(service.get(FEATURES + "&SRSNAME=EPSG:25833").body)["features"][0]["geometry"]["coordinates"]
        right = place(town.service)
        self.assertNotIn("is not installed", town.service.logged())
        grids = town / "proj"
        os.makedirs(grids)
        for name in ("proj.db", "proj.ini"):
            os.symlink(os.path.join("/usr/share/proj", name), os.path.join(grids, name))
        service = Service(town / "town.qgz", "--settings", town.settings, environment={"PROJ_LIB": grids, "PROJ_DATA": grids}).wait_until_ready()
        self.addCleanup(service.stop)
        near = place(service)
        self.assertNotEqual(near, right, "the grid makes a difference")
        for mine, other in zip(near, right):
            self.assertAlmostEqual(mine, other, delta=3)
        self.assertIn("the grid de_adv_BETA2007.tif of PROJ is not installed: places in EPSG:31468 may be metres off", service.logged())
        self.assertGreaterEqual(self.metric("stadtgdi_missing_grids", service), 1)
        self.assertEqual(self.metric("stadtgdi_missing_grids", town.service), 0)

    def test_a_machine_without_fonts_draws_the_rest(self):
        """T182."""
        def make(town):
            make_tree_store(town / "town.gpkg", 20)
            layer = layer_of(town / "town.gpkg", "tree")
            label(layer)
            with open(town / "fonts.conf", "w", encoding="utf-8") as file:
                file.write('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>')
            return [write_project(town / "town.qgz", layer)]
        town = self.own(make)
        service = Service(town / "town.qgz", "--settings", town.settings, environment={"FONTCONFIG_FILE": town / "fonts.conf"}).wait_until_ready()
        self.addCleanup(service.stop)
        answers = [service.get(get_map()) for _ in range(3)]
        self.assertEqual({answer.status for answer in answers}, {200})
        self.assertEqual(len({answer.body for answer in answers}), 1)
        self.assertNotEqual(answers[0].body, town.service.get(get_map()).body)
        self.assertEqual(service.get(get_map(EXCEPTIONS="INIMAGE", LAYERS="nothing")).status, 200)
        self.assertIn("no font is installed", service.logged())
        self.assertNotIn("no font is installed", town.service.logged())


class Http(Running):
    def raw(self, text, read=65536):
        """What comes back until the connection ends or nothing comes any more."""
        with socket.create_connection(("127.0.0.1", self.service.port), timeout=3) as connection:
            connection.sendall(text if isinstance(text, bytes) else text.encode())
            answer = b""
            try:
                while len(answer) < read:
                    piece = connection.recv(65536)
                    if not piece:
                        break
                    answer += piece
            except TimeoutError:
                pass
            return answer.decode("latin-1")

    def test_answers_are_compressed_as_the_client_takes_them(self):
        """T183: weights, `*`, identity, a long answer in a stream."""
        plain = self.get(FEATURES)
        for accept, coding in ((None, None), ("gzip", "gzip"), ("gzip;q=0", None), ("identity", None), ("*", "gzip"), ("gzip;q=0.5, identity;q=1", None), ("br, gzip", "br"), ("br", "br"), ("br;q=0.5, gzip", "gzip"),
                               ("*;q=0.1, identity;q=0", "gzip")):
            answer = self.get(FEATURES, {"Accept-Encoding": accept} if accept else {})
            self.assertEqual((answer.status, answer.headers.get("content-encoding")), (200, coding), accept)
            body = {"gzip": gzip.decompress, "br": brotli.decompress}.get(coding, bytes)(answer.body)
            self.assertEqual(same_but_for_time(self.service, type("", (), {"body": body})), same_but_for_time(self.service, plain), accept)
            self.assertIn("Accept-Encoding", answer.headers["vary"])
        self.assertEqual(plain.headers["transfer-encoding"], "chunked")
        for accept in ("identity;q=0", "gzip;q=0, identity;q=0", "*;q=0"):
            self.assertEqual(self.get(FEATURES, {"Accept-Encoding": accept}).status, 406, accept)

    def test_methods_and_conditions(self):
        """T184: If-None-Match, If-Modified-Since, HEAD, OPTIONS, TRACE, PUT."""
        for target in (get_map(), CAPABILITIES, FEATURES):
            answer = self.get(target)
            again = self.get(target, {"If-None-Match": answer.headers["etag"]})
            self.assertEqual((again.status, again.body, again.headers["etag"]), (304, b"", answer.headers["etag"]), target)
            self.assertEqual(self.get(target, {"If-None-Match": '"other"'}).status, 200)
            self.assertEqual(self.get(target, {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}).status, 200, "only tags are compared")
            head = self.get(target, method="HEAD")
            self.assertEqual((head.status, head.body), (200, b""))
            names = lambda headers: {name: value for name, value in headers.items() if name != "date"}
            self.assertEqual(names(head.headers), names(answer.headers), target)
        options = self.get("/town/ows", method="OPTIONS")
        self.assertEqual((options.status, options.headers["allow"]), (204, "GET, HEAD, POST, OPTIONS"))
        for target, allowed in ((get_map(), "GET, HEAD, POST, OPTIONS"), ("/town/ogcapi/collections/tree/items", "GET, HEAD, OPTIONS"), ("/town/map", "GET, HEAD, OPTIONS")):
            self.assertEqual(self.get(target, method="OPTIONS").headers["allow"], allowed, target)
            for method in {"TRACE", "PUT", "DELETE", "PATCH", "POST"} - set(allowed.split(", ")):
                answer = self.get(target, method=method)
                self.assertEqual((answer.status, answer.headers["allow"]), (405, allowed), (method, target))

    def test_shapes_of_requests_that_can_be_read_in_two_ways_are_refused(self):
        """T185: HTTP/1.0, Host, absolute form, pipelining, Expect, both lengths."""
        old = self.raw("GET /healthz HTTP/1.0\r\n\r\n")
        self.assertTrue(old.startswith("HTTP/1.1 200") and old.endswith("ok\n"), old)
        evil = self.raw(f"GET {CAPABILITIES} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 10**7)
        self.assertTrue(evil.startswith("HTTP/1.1 200"))
        for host in ("a b", "evil/x", "a\\b", "<x>", ""):
            self.assertTrue(self.raw(f"GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n").startswith("HTTP/1.1 400"), host)
        self.assertTrue(self.raw("GET /healthz HTTP/1.1\r\n\r\n").startswith("HTTP/1.1 400"), "no Host")
        self.assertTrue(self.raw("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").startswith("HTTP/1.1 400"))
        self.assertTrue(self.raw("GET http://other.example/healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").endswith("ok\n"))
        two = self.raw("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        self.assertEqual(two.count("HTTP/1.1 200"), 2)
        self.assertLess(two.index("ok\n"), two.index("ready\n"))
        form = "SERVICE=WMS&REQUEST=GetCapabilities"
        post = f"POST /town/ows HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n"
        went_on = self.raw(post + "Expect: 100-continue\r\n\r\n" + form, 10**7)
        self.assertTrue(went_on.startswith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200"), went_on[:100])
        self.assertTrue(self.raw(post + "Expect: miracles\r\n\r\n" + form).startswith("HTTP/1.1 400"))
        for both in ("Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 5", "Content-Length: 5\r\nContent-Length: 6", "Content-Length: +5",
                     "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"):
            answer = self.raw(f"POST /town/ows HTTP/1.1\r\nHost: a\r\n{both}\r\n\r\n0\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n")
            self.assertTrue(answer.startswith("HTTP/1.1 400"), both)
            self.assertIn("Connection: close", answer)
            self.assertEqual(answer.count("HTTP/1.1"), 1, "what follows is not taken for a request")

    def test_no_settings_name_no_page(self):
        """T186: without `origins` answers to a key have no header for pages at all."""
        answer = self.get(CAPABILITIES, {"Origin": "https://x", "X-API-Key": "wrong"})
        self.assertEqual((answer.status, answer.headers.get("access-control-allow-origin")), (401, None))
        self.assertEqual(self.get(CAPABILITIES, {"Origin": "https://x"}).headers["access-control-allow-origin"], "*")
        for wrong in ("*", "https://x/", "x"):
            settings = self.town / "wrong.toml"
            with open(settings, "w", encoding="utf-8") as file:
                file.write(f'[server]\norigins = ["{wrong}"]\n')
            refused = stadtgdi("serve", self.town / "town.qgz", "--settings", settings)
            self.assertEqual(refused.returncode, 2)
            self.assertIn("server.origins", refused.stderr)


class Visitors(Running):
    settings = '[server]\norigins = ["https://karten.stadt.example"]\n' + SECRETS

    def test_pages_of_other_sites_read_what_is_open_and_named_ones_the_rest(self):
        """T186."""
        named, other = {"Origin": "https://karten.stadt.example"}, {"Origin": "https://x"}
        key, basic = self.town.keys["netz"], {"Authorization": "Basic " + base64.b64encode(b"x:" + self.town.keys["netz"]["X-API-Key"].encode()).decode()}
        wrong = {"X-API-Key": "wrong"}
        allowed = lambda answer: (answer.headers.get("access-control-allow-origin"), answer.headers.get("access-control-allow-credentials"))
        for target in (CAPABILITIES, get_map(), FEATURES, "/town/ogcapi?f=json", "/nothing"):
            for headers in ({}, other):
                self.assertEqual(allowed(self.get(target, headers)), ("*", None), target)
            self.assertEqual(allowed(self.get(target, named)), ("https://karten.stadt.example", "true"), target)
            for secret in (key, basic):
                for headers in ({}, other, {"Origin": "null"}, {"Origin": "https://karten.stadt.example.evil.example"}):
                    self.assertEqual(allowed(self.get(target, {**secret, **headers})), (None, None), (target, headers))
                self.assertEqual(allowed(self.get(target, {**secret, **named})), ("https://karten.stadt.example", "true"), target)
            for answer in (self.get(target), self.get(target, named), self.get(target, {**key, **other})):
                self.assertIn("Origin", re.split(", ?", answer.headers["vary"]))
        refused = self.get(CAPABILITIES, {**wrong, **other})
        self.assertEqual((refused.status, *allowed(refused)), (401, None, None))
        self.assertEqual(allowed(self.get(get_map(LAYERS="pipes"), other)), ("*", None), "answers as one that is not there")
        ask = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization, x-api-key"}
        preflight = self.get(CAPABILITIES, {**named, **ask}, "OPTIONS")
        self.assertEqual((preflight.status, *allowed(preflight)), (204, "https://karten.stadt.example", "true"))
        self.assertEqual(preflight.headers["access-control-allow-headers"], "X-API-Key, Authorization, Content-Type")
        self.assertIn("GET", preflight.headers["access-control-allow-methods"])
        self.assertIn("Origin", preflight.headers["vary"])
        stranger = self.get(CAPABILITIES, {**other, **ask}, "OPTIONS")
        self.assertEqual((stranger.status, *allowed(stranger), stranger.headers["access-control-allow-headers"]), (204, "*", None, "Content-Type"))

    def test_what_one_may_see_is_not_given_to_the_next(self):
        """T187: capabilities of one with a key, kept, asked for by one without."""
        key = self.town.keys["netz"]
        for target in (CAPABILITIES, query("WFS", VERSION="2.0.0", REQUEST="GetCapabilities"), "/town/ogcapi/collections?f=json", "/town/ows?SERVICE=WMTS&REQUEST=GetCapabilities", "/"):
            for _ in range(2):
                mine, open_one = self.get(target, key), self.get(target)
                self.assertEqual((b"pipes" in mine.body, b"pipes" in open_one.body), (target != "/", False), target)
                self.assertTrue(mine.headers["cache-control"].startswith("private"))
                for answer in (mine, open_one):
                    self.assertIn("Authorization, X-API-Key", answer.headers["vary"])
                if "etag" in mine.headers and target != "/":
                    self.assertEqual(self.get(target, {"If-None-Match": mine.headers["etag"]}).status, 200)

    def test_no_door_leads_to_a_protected_layer(self):
        """T188: by name, title and id, and from inside filters, styles and templates."""
        with zipfile.ZipFile(self.town / "town.qgz") as project:
            text = project.read(next(name for name in project.namelist() if name.endswith(".qgs"))).decode()
        layer_id = re.search(r"<id>([^<]*pipes[^<]*|Leitungen[^<]*)</id>", text).group(1)
        sld = '<StyledLayerDescriptor xmlns="http://www.opengis.net/sld" version="1.0.0"><NamedLayer><Name>{}</Name></NamedLayer></StyledLayerDescriptor>'
        doors = [lambda name: get_map(LAYERS=name), lambda name: get_map(LAYERS=f"tree,{name}"), lambda name: query("WMS", **{**MAP, "LAYERS": "", "SLD_BODY": sld.format(name)}),
                 lambda name: get_map(SLD_BODY=sld.format(name)), lambda name: get_map(FILTER=f'{name}:"name" = \'Baum 1\''), lambda name: get_map(SELECTION=f"{name}:1"),
                 lambda name: get_map(REQUEST="GetFeatureInfo", LAYERS=name, QUERY_LAYERS=name, I=1, J=1, INFO_FORMAT="application/json"),
                 lambda name: get_map(REQUEST="GetFeatureInfo", QUERY_LAYERS=name, I=1, J=1, INFO_FORMAT="application/json"),
                 lambda name: query("WMS", VERSION="1.3.0", REQUEST="GetLegendGraphic", LAYER=name, FORMAT="image/png"),
                 lambda name: query("WMS", VERSION="1.3.0", REQUEST="DescribeLayer", LAYERS=name, SLD_VERSION="1.1.0"), lambda name: query("WMS", VERSION="1.3.0", REQUEST="GetStyles", LAYERS=name),
                 lambda name: query("WMS", VERSION="1.3.0", REQUEST="GetPrint", TEMPLATE=name), lambda name: get_map(LAYERS=name, FORMAT="application/dxf"),
                 lambda name: query("WMTS", VERSION="1.0.0", REQUEST="GetTile", LAYER=name, STYLE="default", TILEMATRIXSET="WebMercatorQuad", TILEMATRIX=0, TILEROW=0, TILECOL=0, FORMAT="image/png"),
                 lambda name: query("WFS", VERSION="2.0.0", REQUEST="GetFeature", TYPENAMES=name), lambda name: query("WFS", VERSION="2.0.0", REQUEST="GetFeature", RESOURCEID=name + ".1"),
                 lambda name: query("WFS", VERSION="2.0.0", REQUEST="DescribeFeatureType", TYPENAMES=name),
                 lambda name: f"/town/ogcapi/collections/{urllib.parse.quote(name)}/items", lambda name: f"/town/ogcapi/collections/{urllib.parse.quote(name)}/items/1",
                 lambda name: f"/town/ogcapi/collections/{urllib.parse.quote(name)}/tiles/WebMercatorQuad/0/0/0", lambda name: f"/town/ogcapi/collections/{urllib.parse.quote(name)}/map/tiles/WebMercatorQuad/0/0/0",
                 lambda name: get_map(FILTER=f"tree:\"name\" = aggregate('{name}', 'max', \"secret\")"), lambda name: get_map(HIGHLIGHT_GEOM="POINT(0 0)", LABELSTRING="x", LAYERS=name)]
        self.get("/town/ogcapi/collections/pipes/map/tiles/WebMercatorQuad/0/0/0", self.town.keys["netz"])   # a tile of it is in memory now
        for door in doors:
            for name in ("pipes", "Leitungen", layer_id):
                hidden, missing = self.get(door(name)), self.get(door("nothing"))
                self.assertEqual((hidden.status, hidden.body.replace(name.encode(), b"N")), (missing.status, missing.body.replace(b"nothing", b"N")), door(name))
                self.assertNotIn(b"geheim", hidden.body)

    def test_a_thousand_wrong_passwords_are_slowed_down(self):
        """T189."""
        service = self.own().service
        answers = []
        for number in range(1000):
            answer = service.get(CAPABILITIES, {"Authorization": "Basic " + base64.b64encode(f"ada:{number}".encode()).decode()})
            answers.append(answer.status)
            self.expect_nothing_told(answer)
            if number == 0:
                self.assertEqual(answer.headers["www-authenticate"], 'Basic realm="StadtGDI", charset="UTF-8"')
        self.assertEqual(answers[:11], [401] * 10 + [429])
        self.assertLessEqual(answers.count(401), 30, "ten a minute")
        self.assertEqual(set(answers), {401, 429})
        self.assertEqual(service.get(CAPABILITIES).status, 200, "what is open stays open")

    def test_the_log_tells_what_was_asked_for_and_not_by_whom(self):
        """T190: no filter, no whole address, no line that a request made up."""
        town = self.town
        forged = "\r\n2026-01-01T00:00:00.000Z info 6.6.6.6 GET /forged"
        town.service.get(get_map(FILTER="tree:\"name\" = 'Erika Mustermann'"))
        town.service.get(query("WFS", REQUEST="GetFeature", TYPENAMES="tree", RESOURCEID="tree.4711"))
        for target in ("/town" + urllib.parse.quote(forged), get_map(LAYERS=forged), "/town/ows?" + urllib.parse.quote(forged) + "=1"):
            town.service.get(target)
        town.service.get("/healthz", {"User-Agent": "a\tb", "X-API-Key": "sEcReT-4712"})
        self.assertTrue(eventually(lambda: "LAYERS=" in town.service.logged() or "layers=" in town.service.logged().lower(), 10))
        written = town.service.logged()
        for word in ("Mustermann", "4711", "4712", "127.0.0.1 "):
            self.assertNotIn(word, written.replace(town.folder, ""))
        self.assertFalse([line for line in written.splitlines() if line.startswith("2026-01-01T00:00:00.000Z")])
        self.assertIn("127.0.0.0", written)


if __name__ == "__main__":
    run_tests()
