# SPDX-License-Identifier: GPL-2.0-or-later
"""What the service answers to those who ask for too much: too large, too many, too long, too slow."""
import concurrent.futures
import json
import os
import re
import socket
import struct
import time
import unittest

from qgis.PyQt.QtGui import QImage

from attacked import FORM, MOST_GROWTH, ROWS, Attacked, Error, Stores, as_form, equal_to, feature_request, fes, get_feature, get_info, get_items, get_legend, get_map, memory, serve
from one_picture import run_tests
from service import eventually, stadtgdi

INVALID = "InvalidParameterValue"
UNREAD = "OperationParsingFailed"

STORES = SERVICE = SMALL = None


def setUpModule():
    """One service in the usual limits, one in small ones."""
    global STORES, SERVICE, SMALL
    STORES = Stores()
    unittest.addModuleCleanup(STORES.remove)
    folder = os.path.join(STORES.folder, "demo")
    made = stadtgdi("demo", "--inhabitants", 20000, "--seed", 3, "--out", folder)
    assert made.returncode == 0, made.stderr
    demo = os.path.join(folder, "demo.qgz")
    written = stadtgdi("project", os.path.join(folder, "demo.gpkg"), "--language", "de", "--out", demo)
    assert written.returncode == 0, written.stderr
    SERVICE = serve(STORES, "[limits]\nheader_seconds = 3\n", [*STORES.projects, demo])
    SMALL = serve(STORES, "[server]\nworkers = 2\n[limits]\nitems = 10\nfeatures = 10\nrequest_seconds = 1\nwaiting_requests = 4\n", [*STORES.projects, demo])


def size_of(png):
    assert png[:8] == b"\x89PNG\r\n\x1a\n", png[:200]
    return struct.unpack(">II", png[16:24])


def city_map(**more):
    return get_map("demo", LAYERS="city", **{"BBOX": "388117,5718465,391730,5722000", "WIDTH": 4096, "HEIGHT": 4096, "FORMAT": "image/jpeg", **more})


class Sizes(Attacked):
    @classmethod
    def setUpClass(cls):
        cls.service = SERVICE

    def test_a_map_may_not_be_larger_than_the_capabilities_say(self):
        """T1"""
        said = self.ask("/base/ows?SERVICE=WMS&REQUEST=GetCapabilities").text
        self.assertIn("<MaxWidth>4096</MaxWidth>", said)
        self.assertIn("<MaxHeight>4096</MaxHeight>", said)
        self.refused((400, INVALID, "WIDTH"), get_map(WIDTH=100000, HEIGHT=100000))
        self.refused((400, INVALID, "HEIGHT"), get_map(HEIGHT=4097))

    def test_a_map_of_three_thousand_pixels_a_side_is_drawn(self):
        """T2"""
        self.assertEqual(size_of(self.picture(get_map(WIDTH=3000, HEIGHT=3000))), (3000, 3000))

    def test_sizes_are_whole_numbers_that_do_not_wrap(self):
        """T3"""
        for wrong in ("0", "-5", "1e9", "4294967297", "2147483648", "12abc", "256.0", " 256", "18446744073709551872"):
            for side in ("WIDTH", "HEIGHT"):
                self.refused((400, INVALID, side), get_map(**{side: wrong}))
        self.refused((400, "MissingParameterValue", "WIDTH"), get_map(WIDTH=""))

    def test_a_map_of_one_pixel_is_drawn(self):
        """T4"""
        self.assertEqual(size_of(self.picture(get_map(WIDTH=1, HEIGHT=1))), (1, 1))

    def test_resolutions_have_limits_by_every_name(self):
        """T5"""
        for value in ("1000000", "0", "-1", "nan", "inf", "1e400", "9"):
            for name, text in (("DPI", value), ("MAP_RESOLUTION", value), ("FORMAT_OPTIONS", "dpi:" + value)):
                self.refused((400, INVALID, name), get_map(**{name: text}))
                self.refused((400, INVALID, name), get_legend(**{name: text}))

    def test_large_maps_in_high_resolutions_stay_in_their_memory(self):
        """T6"""
        self.refused((400, INVALID, "DPI"), get_map(WIDTH=4000, HEIGHT=4000, DPI=2400))
        self.assertEqual(size_of(self.picture(get_map(WIDTH=4096, HEIGHT=4096, DPI=600))), (4096, 4096))

    def test_legends_have_limits_and_take_no_sizes_of_others(self):
        """T7"""
        self.refused((400, INVALID, "WIDTH"), get_legend(WIDTH=100000))
        self.refused((400, INVALID, "HEIGHT"), get_legend(WIDTH=10, HEIGHT=100000))
        plain = self.picture(get_legend())
        for name, value in (("SYMBOLWIDTH", "1e6"), ("SYMBOLHEIGHT", "1e6"), ("BOXSPACE", "99999"), ("LAYERSPACE", "99999"), ("LAYERFONTSIZE", "1e9"), ("ITEMFONTSIZE", "1e9"),
                            ("ICONLABELSPACE", "1e9")):
            self.assertEqual(self.picture(get_legend(**{name: value})), plain, name)

    def test_there_is_no_printing(self):
        """T8"""
        for interval in ("0.0000001", "0", "-1"):
            self.refused((501, "OperationNotSupported", "REQUEST"), get_map(REQUEST="GetPrint", TEMPLATE="A0", DPI=20000, GRID_INTERVAL_X=interval))
        self.assertEqual(self.picture(get_map(GRID_INTERVAL_X="0.0000001")), self.picture(get_map()))

    def test_more_layers_than_the_capabilities_say_are_refused(self):
        """T9"""
        self.assertIn("<LayerLimit>200</LayerLimit>", self.ask("/base/ows?SERVICE=WMS&REQUEST=GetCapabilities").text)
        self.assertEqual(self.picture(get_map(LAYERS=",".join(["things"] * 200))), self.picture(get_map()))
        self.refused((400, INVALID, "LAYERS"), get_map(LAYERS=",".join(["things"] * 201)))
        self.refused((400, INVALID, "LAYERS"), *as_form(get_map(LAYERS=",".join(["things"] * 10000))))
        self.refused((400, INVALID, "LAYER"), *as_form(get_legend(LAYER=",".join(["things"] * 10000))))
        self.refused((400, INVALID, "QUERY_LAYERS"), *as_form(get_info(QUERY_LAYERS=",".join(["things"] * 10000))))

    def test_a_layer_given_many_times_is_one_or_is_refused(self):
        """T10"""
        self.assertEqual(self.picture(get_legend() + "&LAYER=things" * 100), self.picture(get_legend()))
        self.refused((400, None, None), get_legend() + "&LAYER=things" * 500)
        self.refused((400, INVALID, "LAYER"), get_legend() + "".join(f"&LAYER=l{i}" for i in range(100)))

    def test_long_addresses_headers_and_lists_of_parameters_are_refused(self):
        """T11"""
        self.refused((414,), "/base/ows?x=" + "a" * 1000000)
        self.refused((431,), "/base/ows", headers={"X-Long": "a" * 1000000})
        self.refused((431,), "/base/ows", headers={f"X-{i}": "a" for i in range(90)} | {f"Y-{i}": "a" for i in range(20)})
        self.refused((400,), "/base/ows?" + "&".join(f"a{i}" for i in range(1001)))
        self.refused((400, "NoApplicableCode", None), "/base/ows", "&".join(f"a{i}=1" for i in range(100000)), FORM)

    def test_small_signs_in_large_bodies_take_no_large_memory(self):
        """T11: lists and documents whose parts would need many times their bytes"""
        map_form, feature_form = as_form(get_map())[1], as_form(get_feature())[1]
        place, most = "/base/ows", 10_000_000
        self.refused((400, "NoApplicableCode", None), place, "a=1&" * (most // 4), FORM)
        self.refused((400, "MissingParameterValue", "service"), place, "&" * most, FORM)
        for name in ("LAYERS", "STYLES", "OPACITIES", "BBOX", "FILTER", "SELECTION", "TIME", "SLD_BODY", "HIGHLIGHT_GEOM"):
            for sign in (",", "a:1;") if name in ("FILTER", "SELECTION") else (",",):
                given = re.sub(rf"&{name}=[^&]*", "", map_form) + f"&{name}=" + sign * (most // len(sign))
                self.refused((400, INVALID, name), place, given, FORM)
        for name in ("TYPENAMES", "BBOX", "FILTER", "RESOURCEID", "PROPERTYNAME", "SORTBY"):
            for sign in (",", "()") if name in ("TYPENAMES", "FILTER") else (",",):
                given = re.sub(rf"&{name}=[^&]*", "", feature_form) + f"&{name}=" + sign * (most // len(sign))
                self.refused((400, INVALID, name), place, given, FORM)
        for inside in ("<a>" * (most // 7) + "</a>" * (most // 7), "<a/>" * (most // 4)):
            self.refused((400, UNREAD, None), place, feature_request(inside))
        self.refused((400, UNREAD, None), place, "<a>" * (most // 3))
        self.refused((400, UNREAD, None), place, "<" * most)
        self.refused((400, UNREAD, "FILTER"), place, feature_request(fes(equal_to("name", "x" * most))))

    def test_what_a_client_sent_is_not_repeated_at_length(self):
        """T11: a long value is known by its beginning"""
        for target in (as_form(get_map(FORMAT="x" * 1000000)), as_form(get_map(LAYERS="x" * 1000000)), as_form(get_feature(OUTPUTFORMAT="x" * 1000000)),
                       as_form(get_feature(TYPENAMES="ä" * 1000000))):
            answer = self.ask(*target)
            self.assertEqual(answer.status, 400)
            self.assertLess(len(answer.body), 5000)
            self.assertTrue(Error(answer).text.rstrip(".").startswith(("Das Format", "Der Layer", "Das Ausgabeformat", "Der Objekttyp")), answer.text)

    def test_large_and_endless_bodies_are_refused_and_the_connection_closed(self):
        """T12"""
        process = self.service.worker()
        before, _ = memory(process)
        with socket.create_connection(("127.0.0.1", self.service.port), timeout=10) as client:
            client.sendall(b"POST /base/ows HTTP/1.1\r\nHost: a\r\nContent-Type: text/xml\r\nContent-Length: 524288000\r\n\r\n")
            self.expect_closed(client, b"HTTP/1.1 413 ")
        with socket.create_connection(("127.0.0.1", self.service.port), timeout=10) as client:
            client.sendall(b"POST /base/ows HTTP/1.1\r\nHost: a\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n")
            chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
            with self.assertRaises(ConnectionError):
                for _ in range(500):
                    client.sendall(chunk)
            self.assertTrue(client.recv(65536).startswith(b"HTTP/1.1 413 "))   # it came before the connection was closed
        self.assertEqual(self.service.worker(), process)
        self.assertLess(memory(process)[0] - before, MOST_GROWTH)

    def expect_closed(self, client, begin):
        got = b""
        while True:
            piece = client.recv(65536)
            if not piece:
                break
            got += piece
        self.assertTrue(got.startswith(begin), got[:200])

    def test_trickling_heads_take_nothing_from_others_and_are_given_up(self):
        """T13"""
        clients = [socket.create_connection(("127.0.0.1", self.service.port), timeout=10) for _ in range(500)]
        try:
            for client in clients:
                client.sendall(b"GET /base/ows?SERVICE=WMS HTTP/1.1\r\nHost: a\r\nX-Slow: ")
            for _ in range(4):
                self.assertEqual(self.ask(get_map()).status, 200)
                for client in clients:
                    try:
                        client.sendall(b"a")
                    except ConnectionError:
                        pass
                time.sleep(1)
            for client in clients:
                try:
                    while client.recv(4096):   # an answer may come before the end
                        pass
                except ConnectionError:
                    pass
        finally:
            for client in clients:
                client.close()

    def test_counts_of_features(self):
        """T14"""
        for wrong in ("-1", "1.5", "abc", "99999999999999999999", "1e3"):
            self.refused((400, INVALID, "COUNT"), get_feature(COUNT=wrong))
            self.refused((400, INVALID, "MAXFEATURES"), get_feature(VERSION="1.1.0", TYPENAME="things", MAXFEATURES=wrong))
        some = self.ask(get_feature(COUNT=2147483648, OUTPUTFORMAT="application/geo+json"), service=SMALL)
        self.assertEqual(len(self.fids(some)), 10, "the limit of this service")
        whole = self.ask(get_feature(COUNT=2147483648), service=SMALL).text
        self.assertIn(f'numberMatched="{len(ROWS)}" numberReturned="10" next="', whole)
        none = self.ask(get_feature(COUNT=0)).text
        self.assertIn(f'numberMatched="{len(ROWS)}" numberReturned="0"', none)
        self.assertNotIn("wfs:member", none)

    def test_pages_begin_at_no_negative_place(self):
        """T15"""
        for form in ("application/gml+xml; version=3.2", "application/geo+json", "text/csv"):
            self.refused((400, INVALID, "STARTINDEX"), get_feature(STARTINDEX=-5, OUTPUTFORMAT=form))
        self.refused((400,), get_items(offset=-5))

    def test_pages_beyond_the_end_are_empty(self):
        """T16"""
        answer = self.ask(get_feature(STARTINDEX=999999999999)).text
        self.assertIn(f'numberMatched="{len(ROWS)}" numberReturned="0"', answer)
        self.assertNotIn(" next=", answer)
        page = json.loads(self.ask(get_feature(STARTINDEX=999999999999, OUTPUTFORMAT="application/geo+json")).text)
        self.assertEqual((page["numberMatched"], page["numberReturned"], page["features"]), (len(ROWS), 0, []))
        page = json.loads(self.ask(get_items(offset=999999999999)).text)
        self.assertEqual((page["numberMatched"], page["numberReturned"], [link for link in page["links"] if link["rel"] == "next"]), (len(ROWS), 0, []))

    def test_sizes_of_pages(self):
        """T17"""
        for wrong in ("0", "-1", "abc", "1.5", "99999999999999999999"):
            self.assertIn("limit", Error(self.refused((400,), get_items(limit=wrong))).text)
        page = json.loads(self.ask(get_items(limit=10001), service=SMALL).text)
        self.assertEqual((page["numberReturned"], page["numberMatched"]), (10, len(ROWS)), "the largest page of this service")

    def test_numbers_of_feature_information(self):
        """T21"""
        self.assertEqual(len(self.fids(self.ask(get_info(FEATURE_COUNT=1000000000)))), len(ROWS))
        for wrong in ("-1", "0", "1.5", "abc"):
            self.refused((400, INVALID, "FEATURE_COUNT"), get_info(FEATURE_COUNT=wrong))
        for name in ("FI_POINT_TOLERANCE", "FI_LINE_TOLERANCE", "FI_POLYGON_TOLERANCE"):
            for wrong in ("1e9", "-1", "nan"):
                self.refused((400, INVALID, name), get_info(FILTER_GEOM="", I=1, J=1, **{name: wrong}))

    def test_boxes_that_are_none(self):
        """T24"""
        for box in ("nan,0,1,1", "0,0,inf,1", "0,0,1e308,1e308", "-1e308,-1e308,1e308,1e308", "1,2,3", "1,2,3,4,5", "1,1,1,2", "1,1,2,1", "3,1,1,2", ",,,", "a,b,c,d", "1e400,0,1,1"):
            for crs in ("EPSG:25833", "EPSG:3857", "EPSG:4326"):
                self.refused((400, INVALID, "BBOX"), get_map(BBOX=box, CRS=crs))
        self.refused((400, "MissingParameterValue", "BBOX"), get_map(BBOX=""))
        for box in ("nan,0,1,1", "0,0,inf,1", "-1e308,-1e308,1e308,1e308", "1,2,3", "3,1,1,2"):
            self.refused((400, INVALID, "BBOX"), get_feature(BBOX=box))
            self.refused((400,), get_items(bbox=box if box != "3,1,1,2" else "1,3,2,1"))

    def test_boxes_beyond_the_world_give_an_empty_map(self):
        """T25"""
        for crs, box in (("EPSG:4326", "95,10,96,11"), ("EPSG:25833", "1000000000,1000000000,1000000100,1000000100"), ("EPSG:3035", "-9e9,-9e9,-8e9,-8e9")):
            image = QImage.fromData(self.picture(get_map(CRS=crs, BBOX=box, TRANSPARENT="TRUE")))
            self.assertEqual({image.pixelColor(x, y).alpha() for x in range(0, 256, 15) for y in range(0, 256, 15)}, {0}, (crs, box))

    def test_boxes_across_the_edges_of_the_world_are_drawn(self):
        """T26"""
        for crs, box in (("EPSG:3857", "19000000,6000000,21000000,7000000"), ("EPSG:3857", "-20037508,20000000,20037508,90000000"), ("EPSG:4326", "80,170,100,200"),
                         ("EPSG:4326", "-90,-180,90,180"),
                         ("EPSG:25833", "-20000000,-10000000,20000000,20000000")):
            self.picture(get_map(CRS=crs, BBOX=box))


class Work(Attacked):
    """What takes time is given up when nobody wants it, when it takes too long, and when there is too much of it."""

    @classmethod
    def setUpClass(cls):
        cls.service = SERVICE

    def processor_seconds(self, service):
        with open(f"/proc/{service.worker()}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def test_work_ends_when_its_client_goes(self):
        """T18"""
        self.assertEqual(self.ask(get_items("demo", "trees_tree", limit=1)).status, 200)
        clients = []
        for _ in range(64):
            client = socket.create_connection(("127.0.0.1", self.service.port), timeout=10)
            client.sendall(f"GET {get_items('demo', 'trees_tree', limit=50000)} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            clients.append(client)
        time.sleep(0.1)
        for client in clients:
            client.close()
        time.sleep(1)
        before = self.processor_seconds(self.service)
        time.sleep(1)
        self.assertLess(self.processor_seconds(self.service) - before, 0.3)

    def test_a_map_that_takes_too_long_is_given_up(self):
        """T19: a second is given for what takes several"""
        process = SMALL.worker()
        answer = self.ask(city_map(), service=SMALL)
        self.assertEqual(answer.status, 503, answer.body[:300])
        self.expect_nothing_told(answer)
        self.assertTrue(eventually(lambda: self.ask(get_map(), service=SMALL).status == 200, 10), "its worker is free again")
        self.assertEqual(SMALL.worker(), process)

    def test_more_maps_than_fit_are_sent_away_and_health_is_told(self):
        """T20"""
        process = SMALL.worker()
        with concurrent.futures.ThreadPoolExecutor(64) as pool:
            answers = [pool.submit(self.ask, city_map(WIDTH=4000 + i), service=SMALL) for i in range(64)]
            healthy = 0
            while not all(answer.done() for answer in answers):
                self.assertEqual(SMALL.get("/healthz").status, 200)
                healthy += 1
            answers = [answer.result() for answer in answers]
        self.assertGreater(healthy, 5)
        away = [answer for answer in answers if "retry-after" in answer.headers]
        self.assertGreater(len(away), 32, "more than work or wait")
        self.assertEqual({answer.status for answer in answers} - {200}, {503})
        for answer in away:
            self.expect_nothing_told(answer)
        self.assertTrue(eventually(lambda: self.ask(get_map(), service=SMALL).status == 200, 10))
        self.assertEqual(SMALL.worker(), process)


if __name__ == "__main__":
    run_tests()
