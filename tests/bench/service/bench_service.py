# SPDX-License-Identifier: GPL-2.0-or-later
"""Times our service side by side with QGIS Server and MapServer on the same project: one run, two workers each behind the same nginx,
identity encoding, keep-alive. Prints a Markdown table.

    /usr/bin/python3 tests/bench/service/bench_service.py CITY.gpkg PROJECT.qgz [--what equal,features,maps,start] [--repeat 5]
        [--layer trees_tree] [--columns a,b,...] [--map-layers all|a,b,...] [--box xmin,ymin,xmax,ymax]

    equal     the answers of the three servers hold the same features, values and coordinates (to the millimetre)
    features  GetFeature of all rows of --layer
    maps      GetMap of --map-layers (all: every layer that WMS names, those of critical infrastructure too): the whole city, windows
              of 1 and 4 km; the servers take turns. MapServer for trees and buildings, with a map file of the same categories and colours
    start     time until the first answer and memory, ours against one and two QGIS Server workers

Needs the packages qgis-server and cgi-mapserver (backports), nginx-light and spawn-fcgi, and build/release.
"""
import argparse
import hashlib
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import statistics
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
OURS = ROOT / "build/release/services/cli/stadtgdi"
PORTS = {"direct": 8091, "ours": 8092, "qgis": 8093, "mapserver": 8094}
KEY = "a key for this run alone"  # ours serves critical infrastructure to those who have one; sent to all, the peers do not look
HEADERS = {"Accept-Encoding": "identity", "X-API-Key": KEY}
NAMES = {"direct": "StadtGDI, direct", "ours": "StadtGDI, behind nginx", "qgis": "QGIS Server 3.40", "mapserver": "MapServer 8.4"}


MAPSERVER_LAYERS = ("trees_tree", "buildings_building")  # of these the map file has the symbols of the project


def mapserver_styles(city, project):
    """Map file layers NAME_map with the colours, sizes and categories of the project's simple markers and fills."""
    script = """
import json, sys
from qgis.core import QgsApplication, QgsProject
app = QgsApplication([], False); app.initQgis()
project = QgsProject.instance(); project.read(sys.argv[1])
found = {}
for layer in project.mapLayers().values():
    name = layer.serverProperties().shortName()
    if name in sys.argv[2:]:
        found[name] = [{"value": category.value(), **category.symbol().symbolLayer(0).properties()} for category in layer.renderer().categories() if category.renderState()]
print(json.dumps(found, default=str))
"""
    ran = subprocess.run(["/usr/bin/python3", "-c", script, project, *MAPSERVER_LAYERS], capture_output=True, text=True, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    text = ""
    for name, categories in json.loads(ran.stdout.splitlines()[-1]).items():
        marker = "size" in categories[0]
        item = "genus" if marker else "function"
        text += f"""  LAYER
    NAME "{name}_map" TYPE {'POINT' if marker else 'POLYGON'} STATUS ON CONNECTIONTYPE OGR CONNECTION "{city}" DATA "{name}"
    PROJECTION "init=epsg:25833" END METADATA "wms_title" "{name}" END SIZEUNITS METERS CLASSITEM "{item}" {'' if marker else 'MAXSCALEDENOM 75000'}
"""
        for category in categories:
            values = category["value"] if isinstance(category["value"], list) else [category["value"]]
            rgb = " ".join(category["color"].split(",")[:3])
            if marker and str(values[0]).startswith("#") and values[0] != "#city":
                continue  # few rows; by another column
            scale = "MINSCALEDENOM 20000" if values == ["#city"] else "MAXSCALEDENOM 20000" if marker else ""
            known = "" if values in ([""], ["#city"]) else 'EXPRESSION {' + ",".join(map(str, values)) + '}'
            if marker:
                smallest = float(category["size_map_unit_scale"].split(",")[3]) / 25.4 * 96
                style = f'SYMBOL "circle" SIZE {category["size"]} MINSIZE {smallest:.2f} COLOR {rgb} OPACITY {"100" if values == ["#city"] else "88"}'
            else:
                outline = " ".join(category["outline_color"].split(",")[:3])
                style = f'COLOR {rgb} OUTLINECOLOR {outline} WIDTH 0.35 MINWIDTH 0.2'
            text += f"    CLASS {known} {scale} STYLE {style} END END\n"
        text += "  END\n"
    return text


def mapfile(city, project, layer, columns, folder):
    text = f"""MAP
  NAME "bench"
  EXTENT 200000 5500000 500000 5900000
  UNITS METERS
  SIZE 800 1000
  PROJECTION "init=epsg:25833" END
  WEB METADATA
    "ows_title" "bench" "ows_onlineresource" "http://127.0.0.1:{PORTS['mapserver']}/?"
    "ows_srs" "EPSG:25833 EPSG:4326" "ows_enable_request" "*" "wfs_maxfeatures" "10000000"
  END END
  OUTPUTFORMAT NAME "geojson" DRIVER "OGR/GEOJSON" MIMETYPE "application/json; subtype=geojson"
    FORMATOPTION "STORAGE=stream" FORMATOPTION "FORM=SIMPLE" FORMATOPTION "LCO:COORDINATE_PRECISION=3" END
  LAYER
    NAME "{layer}"
    TYPE POINT
    STATUS ON
    CONNECTIONTYPE OGR
    CONNECTION "{city}"
    DATA "{layer}"
    PROJECTION "init=epsg:25833" END
    METADATA "wfs_title" "{layer}" "gml_include_items" "{','.join(columns)}" "gml_featureid" "fid" "wfs_getfeature_formatlist" "geojson"
      "gml_geometries" "geom" "gml_geom_type" "point" "wfs_geometry_precision" "3" END
    CLASS STYLE SYMBOL 0 SIZE 1 COLOR 0 0 0 END END
  END
  OUTPUTFORMAT NAME "png" DRIVER AGG/PNG MIMETYPE "image/png" IMAGEMODE RGB EXTENSION "png" END
  SYMBOL NAME "circle" TYPE ELLIPSE FILLED TRUE POINTS 1 1 END END
  MAXSIZE 8192
{mapserver_styles(city, project)}END
"""
    path = folder / "bench.map"
    path.write_text(text)
    return path


NGINX = """
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
  access_log off; gzip off; proxy_buffering on; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  fastcgi_read_timeout 1200s; proxy_read_timeout 1200s; fastcgi_buffers 64 64k; proxy_buffers 64 64k; proxy_max_temp_file_size 0; fastcgi_max_temp_file_size 0;
  upstream ours {{ server 127.0.0.1:{direct}; keepalive 8; }}
  server {{ listen 127.0.0.1:{ours}; location / {{ proxy_pass http://ours; proxy_http_version 1.1; proxy_set_header Connection ""; }} }}
  server {{ listen 127.0.0.1:{qgis}; location / {{ {params} fastcgi_param QGIS_PROJECT_FILE "{project}"; fastcgi_pass unix:{folder}/qgis.sock; }} }}
  server {{ listen 127.0.0.1:{mapserver}; location / {{ {params} fastcgi_param MS_MAPFILE "{mapfile}"; fastcgi_pass unix:{folder}/mapserver.sock; }} }}
}}
"""
PARAMS = " ".join(f"fastcgi_param {name} {value};" for name, value in [
    ("QUERY_STRING", "$query_string"), ("REQUEST_METHOD", "$request_method"), ("CONTENT_TYPE", "$content_type"), ("CONTENT_LENGTH", "$content_length"),
    ("SCRIPT_NAME", "$document_uri"), ("REQUEST_URI", "$request_uri"), ("SERVER_PROTOCOL", "$server_protocol"), ("REMOTE_ADDR", "$remote_addr"),
    ("SERVER_NAME", "$server_name"), ("SERVER_PORT", "$server_port"), ("HTTP_HOST", "$http_host")])


def tree(pid):
    out = [pid]
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()
    for child in children:
        out += tree(int(child))
    return out


def cpu_seconds(pids):
    total = 0
    for pid in pids:
        try:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total / os.sysconf("SC_CLK_TCK")


def memory_mb(pids):
    total = 0
    for pid in pids:
        try:
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().split("\n"):
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total / 1024


def fetch(connection, path, sink):
    """One GET on a kept connection; gives status and the number of bytes."""
    connection.request("GET", path, headers=HEADERS)
    answer = connection.getresponse()
    size = 0
    while True:
        got = answer.readinto(sink)
        if not got:
            break
        size += got
    return answer.status, size


class Servers:
    def __init__(self, city, project, layer, columns):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="stadtgdi_bench_"))
        os.chmod(self.folder, 0o755)
        self.project = project
        self.pids = {}
        self.processes = []
        self.ready = {}
        self.start_ours()
        environment = dict(os.environ, QGIS_SERVER_LOG_LEVEL="2", QGIS_SERVER_LOG_STDERR="0", QT_QPA_PLATFORM="offscreen", LC_ALL="C.UTF-8",
                           QGIS_SERVER_PARALLEL_RENDERING="0", QGIS_PROJECT_FILE=str(project))
        # MapServer 8 wants a configuration file that allows the map file.
        settings = self.folder / "mapserver.conf"
        settings.write_text('CONFIG\n  ENV\n    MS_MAP_PATTERN "."\n  END\nEND\n')
        environment["MAPSERVER_CONFIG_FILE"] = str(settings)
        environment["MS_MAPFILE"] = str(mapfile(city, project, layer, columns, self.folder))
        self.environment = environment
        for name in ("qgis", "mapserver"):
            self.start_peer(name, 2)
        configuration = self.folder / "nginx.conf"
        configuration.write_text(NGINX.format(folder=self.folder, params=PARAMS, project=project, mapfile=mapfile(city, project, layer, columns, self.folder), **PORTS))
        self.nginx = subprocess.Popen(["nginx", "-c", str(configuration), "-g", "daemon off;"], stderr=subprocess.DEVNULL)
        time.sleep(1)

    def start_peer(self, name, workers):
        binary = {"qgis": "/usr/lib/cgi-bin/qgis_mapserv.fcgi", "mapserver": "/usr/lib/cgi-bin/mapserv"}[name]
        socket = self.folder / f"{name}.sock"
        socket.unlink(missing_ok=True)
        got = subprocess.run(["spawn-fcgi", "-s", socket, "-M", "0666", "-F", str(workers), "--", binary], env=self.environment, capture_output=True, text=True)
        self.pids[name] = [int(p) for p in re.findall(r"PID: (\d+)", got.stdout + got.stderr)]
        if not self.pids[name]:
            raise RuntimeError(f"{binary} did not start: {got.stdout}{got.stderr}")

    def now(self, who):
        """The processes of a server as they are now."""
        return tree(self.ours.pid) if who in ("direct", "ours") else self.pids[who]

    def start_ours(self):
        settings = self.folder / "settings.toml"
        settings.write_text("[limits]\nfeatures = 100000000\nrequest_seconds = 1200\n"  # all rows in one answer
                            "[cache]\nbytes_per_layer = 8000000000\ncoordinate_bytes = 1000000000\n"
                            "[access.roles.bench]\nclasses = ['internal', 'restricted', 'kritis']\n"
                            f"[[access.keys]]\nname = 'bench'\nsha256 = '{hashlib.sha256(KEY.encode()).hexdigest()}'\nroles = ['bench']\n")
        self.ours = subprocess.Popen([OURS, "serve", self.project, "--listen", f"127.0.0.1:{PORTS['direct']}", "--settings", settings],
                                     stdout=subprocess.DEVNULL, stderr=open(self.folder / "ours.log", "w"), start_new_session=True)
        for _ in range(600):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", PORTS["direct"], timeout=5)
                if fetch(connection, "/readyz", bytearray(4096))[0] == 200:
                    break
            except OSError:
                pass
            time.sleep(0.05)
        self.pids["direct"] = self.pids["ours"] = tree(self.ours.pid)

    def stop_all(self):
        """Ours and the peers; nginx stays."""
        if self.ours.poll() is None:
            os.killpg(self.ours.pid, signal.SIGTERM)
            self.ours.wait(20)
        for name in ("qgis", "mapserver"):
            for pid in self.pids.pop(name, []):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass

    def stop(self):
        self.stop_all()
        self.nginx.terminate()
        shutil.rmtree(self.folder, ignore_errors=True)


def run(servers, who, paths, concurrency):
    """All paths by `concurrency` clients; gives the figures of a row."""
    times, sizes, failed = [], [], []
    lock = threading.Lock()
    queue = list(paths)

    def client():
        connection = http.client.HTTPConnection("127.0.0.1", PORTS[who], timeout=1200)
        sink = bytearray(1 << 20)
        while True:
            with lock:
                if not queue:
                    return
                path = queue.pop(0)
            begin = time.perf_counter()
            status, size = fetch(connection, path, sink)
            took = time.perf_counter() - begin
            with lock:
                times.append(took)
                sizes.append(size)
                if status != 200:
                    failed.append(path)

    before, begin = cpu_seconds(servers.pids[who]), time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(concurrency)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - begin
    return {"bytes": statistics.mean(sizes), "times": times, "wall": wall, "cpu": (cpu_seconds(servers.pids[who]) - before) / len(times), "failed": len(failed), "first": failed[0] if failed else ""}


def table(title, rows, reference=("qgis", "mapserver")):
    print(f"\n{title}\n\n| server | bytes | requests/s | p50 ms | p95 ms | CPU s a request | times slower than ours |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    ours = rows["direct"]["p50"]
    for who, r in rows.items():
        ratio = "" if who in ("direct", "ours") else f"{r['p50'] / ours:.1f}"
        note = f" ({r['failed']} failed: {r['first'][:60]})" if r["failed"] else ""
        print(f"| {NAMES[who]}{note} | {r['bytes']:,.0f} | {r['rps']:.2f} | {r['p50']:.1f} | {r['p95']:.1f} | {r['cpu']:.3f} | {ratio} |", flush=True)


def turns(servers, names, paths, concurrency, rounds=2):
    """The servers take turns, so that what else the machine does hits all of them."""
    parts = {who: [] for who in names}
    for number in range(rounds):
        for who in names:
            parts[who].append(run(servers, who, paths[who][number::rounds], concurrency))
    rows = {}
    for who, got in parts.items():
        times = sorted(t for part in got for t in part["times"])
        rows[who] = {"bytes": statistics.mean(p["bytes"] for p in got), "rps": len(times) / sum(p["wall"] for p in got), "p50": times[len(times) // 2] * 1000,
                     "p95": times[int(len(times) * 0.95)] * 1000, "cpu": statistics.mean(p["cpu"] for p in got),
                     "failed": sum(p["failed"] for p in got), "first": next((p["first"] for p in got if p["first"]), "")}
    return rows


def ask(who, path):
    connection = http.client.HTTPConnection("127.0.0.1", PORTS[who], timeout=1200)
    connection.request("GET", path, headers=HEADERS)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{NAMES[who]}: {answer.status} {body[:300]}")
    return body


def feature_requests(ows, layer, columns):
    """GeoJSON and GML of all rows: the same columns and CRS of each server."""
    names = ",".join(columns)
    ours = f"{ows['direct']}SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES={layer}&SRSNAME=EPSG:25833&PROPERTYNAME={names},geometry"
    qgis = f"{ows['qgis']}SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&TYPENAME={layer}&SRSNAME=EPSG:25833&PROPERTYNAME={names},geometry"
    mapserver = f"{ows['mapserver']}SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES={layer}&SRSNAME=EPSG:25833"
    return {"GeoJSON": {"direct": ours + "&OUTPUTFORMAT=application/geo%2Bjson", "qgis": qgis + "&OUTPUTFORMAT=application/vnd.geo%2Bjson",
                        "mapserver": mapserver + "&OUTPUTFORMAT=geojson"},
            "GML (QGIS Server 3.1.1, the others 3.2)": {"direct": ours, "qgis": qgis + "&OUTPUTFORMAT=gml3", "mapserver": mapserver}}


def bench_equal(ows, layer, columns):
    """Are the three answers the same data? Prints what differs."""
    requests = feature_requests(ows, layer, columns)["GeoJSON"]
    data, longest = {}, {}
    for who, path in requests.items():
        rows = {}
        digits = 0
        for feature in json.loads(ask(who, path))["features"]:
            # An absent member and null say the same.
            values = tuple(str(v) if (v := feature["properties"].get(c)) not in (None, "") else None for c in columns)
            point = feature["geometry"]["coordinates"][:2] if feature["geometry"] else []
            rows[feature["properties"]["uuid"]] = (point, values)
            digits = max([digits, *(len(repr(v).partition(".")[2]) for v in point)])
        data[who], longest[who] = rows, digits
    for who in ("qgis", "mapserver"):
        same_ids = data[who].keys() == data["direct"].keys()
        moved = sum(1 for k, (p, _) in data["direct"].items() if k in data[who]
                    and (len(p) != len(data[who][k][0]) or any(abs(a - b) > 0.00051 for a, b in zip(p, data[who][k][0]))))
        other = [(k, c, a, b) for k, (_, v) in data["direct"].items() if k in data[who] for c, a, b in zip(columns, v, data[who][k][1]) if a != b]
        print(f"{NAMES[who]}: {len(data[who])} features ({'the same' if same_ids else 'other'} ids as ours), {moved} positions more than 0.5 mm apart, "
              f"{len(other)} of {len(data['direct']) * len(columns)} values differ; decimals of coordinates {longest[who]}, ours {longest['direct']}")
        for difference in other[:3]:
            print("   ", difference)


def bench_start(servers, project, ident, layer):
    """From the start of the process to its first answers; memory then and after a map and all rows of the layer."""
    capabilities = "SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities"
    picture = f"SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS={layer}&STYLES=&CRS=EPSG:25833&BBOX=315000,5688000,319000,5692000&WIDTH=512&HEIGHT=512&FORMAT=image/png"
    rows = feature_requests({"direct": f"/{ident}/ows?", "qgis": "/?", "mapserver": "/?"}, layer, ["uuid", "genus"])["GeoJSON"]
    print("\n| server | ready s | first map s | memory MB when ready | after a map | after all rows of " + layer + " |\n|---|---:|---:|---:|---:|---:|")
    for name in ("StadtGDI", "QGIS Server, 1 worker", "QGIS Server, 2 workers"):
        servers.stop_all()
        begin = time.perf_counter()
        if name == "StadtGDI":
            servers.start_ours()
            who, path, clients = "direct", f"/{ident}/ows?", 1
        else:
            clients = 1 if "1" in name else 2
            servers.start_peer("qgis", clients)
            who, path = "qgis", "/?"
        def everyone(request):  # each worker of QGIS Server reads the project for itself
            threads = [threading.Thread(target=ask, args=(who, request)) for _ in range(clients)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        everyone(path + capabilities)
        ready = time.perf_counter() - begin
        memory = [memory_mb(servers.now(who))]
        everyone(path + picture)
        first = time.perf_counter() - begin
        memory.append(memory_mb(servers.now(who)))
        everyone(rows[who])
        memory.append(memory_mb(servers.now(who)))
        print(f"| {name} | {ready:.2f} | {first:.2f} | " + " | ".join(f"{m:.0f}" for m in memory) + " |", flush=True)


def bench_features(servers, ows, layer, columns, repeat):
    for title, requests in feature_requests(ows, layer, columns).items():
        requests["ours"] = requests["direct"]
        paths = {}
        for who in ("direct", "ours", "qgis", "mapserver"):
            run(servers, who, [requests[who]], 1)  # warm
            paths[who] = [requests[who]] * (4 * repeat if who in ("direct", "ours") else repeat)
        table(f"GetFeature of all rows of {layer}, {title}", turns(servers, list(paths), paths, 1))


def bench_maps(servers, ows, layers, box):
    print("\n| layer | map | clients | requests/s, ours | behind nginx | QGIS Server | MapServer | p50/p95 ms, ours | QGIS Server | MapServer | "
          "CPU ms, ours | QGIS Server | MapServer | kB, ours | QGIS Server | MapServer | ours is faster by |\n|---|---|" + "---:|" * 15)
    for layer in layers:
        for side_m in (0, 1000, 4000):
            rng = random.Random(7)
            paths = []
            for _ in range(16 if side_m == 0 else 48):
                if side_m == 0:
                    b, size = box, (800, 1000)
                else:
                    middle = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]
                    x, y = middle[0] + rng.uniform(-4000, 4000) - side_m / 2, middle[1] + rng.uniform(-4000, 4000) - side_m / 2
                    b, size = [x, y, x + side_m, y + side_m], (512, 512)
                paths.append(f"SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS={layer}&STYLES=&CRS=EPSG:25833&BBOX={','.join(f'{v:.3f}' for v in b)}"
                             f"&WIDTH={size[0]}&HEIGHT={size[1]}&FORMAT=image/png&DPI=96")
            what = "whole city 800x1000" if side_m == 0 else f"{side_m // 1000} km 512x512"
            for concurrency in (1, 8):
                mine = {who: [ows[who] + p for p in paths] for who in ("direct", "ours", "qgis")}
                if layer in MAPSERVER_LAYERS:
                    mine["mapserver"] = [ows["mapserver"] + p.replace(f"LAYERS={layer}&", f"LAYERS={layer}_map&").replace("DPI=96", "MAP_RESOLUTION=96") for p in paths]
                for who, own in mine.items():
                    run(servers, who, own[:2], 2)
                if concurrency == 1:
                    time.sleep(1)  # ours reads the rows of a layer while QGIS draws its first maps
                rows = turns(servers, list(mine), mine, concurrency)
                failed = "".join(f" ({NAMES[who]}: {r['failed']} failed)" for who, r in rows.items() if r["failed"])
                cells = lambda whose, text: " | ".join(text(rows[who]) if who in rows else "" for who in whose)
                peers = ("direct", "qgis", "mapserver")
                better = max(rows[who]["rps"] for who in ("qgis", "mapserver") if who in rows)
                print(f"| {layer}{failed} | {what} | {concurrency} | {cells(('direct', 'ours', 'qgis', 'mapserver'), lambda r: '%.2f' % r['rps'])} | "
                      f"{cells(peers, lambda r: '%.0f/%.0f' % (r['p50'], r['p95']))} | {cells(peers, lambda r: '%.1f' % (r['cpu'] * 1000))} | "
                      f"{cells(peers, lambda r: '%.0f' % (r['bytes'] / 1000))} | {rows['direct']['rps'] / better:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("city")
    parser.add_argument("project")
    parser.add_argument("--layer", default="trees_tree")
    parser.add_argument("--columns", default="uuid,site_no,status,street_name,district_name,taxon_text,genus,species,planting_year")
    parser.add_argument("--what", default="equal,features,maps,start")
    parser.add_argument("--map-layers", default="all")
    parser.add_argument("--box", default="305000,5680000,328000,5702000")
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    city, project = os.path.abspath(options.city), os.path.abspath(options.project)
    ident = pathlib.Path(project).stem
    columns = options.columns.split(",")
    # Linux shares the processor out by sessions, and each QGIS Server worker has one of its own: two shares against our one.
    autogroup = pathlib.Path("/proc/sys/kernel/sched_autogroup_enabled")
    before = autogroup.read_text() if os.access(autogroup, os.W_OK) else None
    if before is not None:
        autogroup.write_text("0")
    servers = Servers(city, project, options.layer, columns)
    try:
        ows = {"direct": f"/{ident}/ows?", "ours": f"/{ident}/ows?", "qgis": "/?", "mapserver": "/?"}
        if "equal" in options.what:
            bench_equal(ows, options.layer, columns)
        if "features" in options.what:
            bench_features(servers, ows, options.layer, columns, options.repeat)
        if "maps" in options.what:
            layers = options.map_layers.split(",")
            if layers == ["all"]:
                capabilities = ask("direct", f"/{ident}/ows?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities").decode()
                layers = sorted(set(re.findall(r"<Layer queryable=\"1\"[^>]*>\s*<Name>([^<]*)</Name>", capabilities)))
            bench_maps(servers, ows, layers, [float(v) for v in options.box.split(",")])
        if "start" in options.what:
            bench_start(servers, project, ident, options.layer)
    finally:
        servers.stop()
        if before is not None:
            autogroup.write_text(before)


if __name__ == "__main__":
    main()
