# SPDX-License-Identifier: GPL-2.0-or-later
"""Times our service side by side with QGIS Server and MapServer on the same project: one run, two workers each behind the same nginx,
identity encoding, keep-alive. Prints a Markdown table.

    /usr/bin/python3 tests/bench/service/bench_service.py CITY.gpkg PROJECT.qgz [--layer trees_tree] [--what features,maps,start] [--repeat 5]

Needs the packages qgis-server and cgi-mapserver (backports), nginx-light and spawn-fcgi, and build/release.
"""
import argparse
import http.client
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
NAMES = {"direct": "StadtGDI, direct", "ours": "StadtGDI, behind nginx", "qgis": "QGIS Server 3.40", "mapserver": "MapServer 8.4"}


def mapfile(city, layer, columns, folder):
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
END
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
    connection.request("GET", path, headers={"Accept-Encoding": "identity"})
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
        environment["MS_MAPFILE"] = str(mapfile(city, layer, columns, self.folder))
        for name, binary in [("qgis", "/usr/lib/cgi-bin/qgis_mapserv.fcgi"), ("mapserver", "/usr/lib/cgi-bin/mapserv")]:
            got = subprocess.run(["spawn-fcgi", "-s", self.folder / f"{name}.sock", "-M", "0666", "-F", "2", "--", binary],
                                 env=environment, capture_output=True, text=True)
            pids = [int(p) for p in re.findall(r"PID: (\d+)", got.stdout + got.stderr)]
            if not pids:
                raise RuntimeError(f"{binary} did not start: {got.stdout}{got.stderr}")
            self.pids[name] = pids
        configuration = self.folder / "nginx.conf"
        configuration.write_text(NGINX.format(folder=self.folder, params=PARAMS, project=project, mapfile=mapfile(city, layer, columns, self.folder), **PORTS))
        self.nginx = subprocess.Popen(["nginx", "-c", str(configuration), "-g", "daemon off;"], stderr=subprocess.DEVNULL)
        time.sleep(1)

    def start_ours(self):
        self.ours = subprocess.Popen([OURS, "serve", self.project, "--listen", f"127.0.0.1:{PORTS['direct']}"],
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

    def stop(self):
        os.killpg(self.ours.pid, signal.SIGTERM)
        self.nginx.terminate()
        for name in ("qgis", "mapserver"):
            for pid in self.pids[name]:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        self.ours.wait(20)
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
    times.sort()
    return {"bytes": statistics.mean(sizes), "rps": len(times) / wall, "p50": times[len(times) // 2] * 1000, "p95": times[int(len(times) * 0.95)] * 1000,
            "cpu": (cpu_seconds(servers.pids[who]) - before) / len(times), "failed": len(failed), "first": failed[0] if failed else ""}


def table(title, rows, reference=("qgis", "mapserver")):
    print(f"\n{title}\n\n| server | bytes | requests/s | p50 ms | p95 ms | CPU s a request | times slower than ours |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    ours = rows["direct"]["p50"]
    for who, r in rows.items():
        ratio = "" if who in ("direct", "ours") else f"{r['p50'] / ours:.1f}"
        note = f" ({r['failed']} failed: {r['first'][:60]})" if r["failed"] else ""
        print(f"| {NAMES[who]}{note} | {r['bytes']:,.0f} | {r['rps']:.2f} | {r['p50']:.1f} | {r['p95']:.1f} | {r['cpu']:.3f} | {ratio} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("city")
    parser.add_argument("project")
    parser.add_argument("--layer", default="trees_tree")
    parser.add_argument("--what", default="features,maps,memory")
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    city, project = os.path.abspath(options.city), os.path.abspath(options.project)
    ident = pathlib.Path(project).stem

    # The columns that the project publishes, from our own description of the type.
    servers = None
    columns = os.environ.get("BENCH_COLUMNS", "uuid,site_no,status,street_name,district_name,taxon_text,genus,species,planting_year").split(",")
    servers = Servers(city, project, options.layer, columns)
    try:
        ows = {"direct": f"/{ident}/ows?", "ours": f"/{ident}/ows?", "qgis": "/?", "mapserver": "/?"}
        names = ",".join(columns)
        if "features" in options.what:
            for title, requests in {
                "GetFeature, all rows, GeoJSON": {
                    "direct": f"SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES={options.layer}&SRSNAME=EPSG:25833&OUTPUTFORMAT=application/geo%2Bjson&PROPERTYNAME={names}",
                    "qgis": f"SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&TYPENAME={options.layer}&SRSNAME=EPSG:25833&OUTPUTFORMAT=application/vnd.geo%2Bjson&PROPERTYNAME={names}",
                    "mapserver": f"SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES={options.layer}&SRSNAME=EPSG:25833&OUTPUTFORMAT=geojson"},
                "GetFeature, all rows, GML (QGIS Server 3.1.1, the others 3.2)": {
                    "direct": f"SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES={options.layer}&SRSNAME=EPSG:25833&PROPERTYNAME={names}",
                    "qgis": f"SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&TYPENAME={options.layer}&SRSNAME=EPSG:25833&OUTPUTFORMAT=gml3&PROPERTYNAME={names}",
                    "mapserver": f"SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES={options.layer}&SRSNAME=EPSG:25833"}}.items():
                requests["ours"] = requests["direct"]
                rows = {}
                for who in ("direct", "ours", "qgis", "mapserver"):
                    run(servers, who, [ows[who] + requests[who]], 1)  # warm
                    count = options.repeat if who in ("direct", "ours") else max(1, options.repeat // 2)
                    rows[who] = run(servers, who, [ows[who] + requests[who]] * count, 1)
                table(title, rows)
        if "maps" in options.what:
            layers = os.environ.get("BENCH_MAP_LAYERS", options.layer).split(",")
            box = [float(v) for v in os.environ.get("BENCH_BOX", "305000,5680000,328000,5702000").split(",")]
            for layer in layers:
                for side_m in (0, 1000, 4000):
                    rng = random.Random(7)
                    paths = []
                    count = 6 if side_m == 0 else 40
                    for _ in range(count):
                        if side_m == 0:
                            b, size = box, (800, 1000)
                        else:
                            x, y = rng.uniform(box[0] + 4000, box[2] - 8000), rng.uniform(box[1] + 4000, box[3] - 8000)
                            b, size = [x, y, x + side_m, y + side_m], (512, 512)
                        paths.append(f"SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS={layer}&STYLES=&CRS=EPSG:25833&BBOX={','.join(f'{v:.3f}' for v in b)}"
                                     f"&WIDTH={size[0]}&HEIGHT={size[1]}&FORMAT=image/png&DPI=96")
                    for concurrency in (1, 8):
                        rows = {}
                        for who in ("direct", "ours", "qgis"):
                            run(servers, who, [ows[who] + p for p in paths[:2]], 2)
                            rows[who] = run(servers, who, [ows[who] + p for p in paths], concurrency)
                        what = "whole city 800x1000" if side_m == 0 else f"{side_m / 1000:.0f} km window 512x512"
                        table(f"GetMap {layer}, {what}, {concurrency} client{'s' if concurrency > 1 else ''}", rows)
        if "memory" in options.what:
            servers.pids["direct"] = tree(servers.ours.pid)
            print(f"\nMemory (proportional set size) after this run: StadtGDI {memory_mb(servers.pids['direct']):.0f} MB (parent and worker), "
                  f"QGIS Server {memory_mb(servers.pids['qgis']):.0f} MB (two workers), MapServer {memory_mb(servers.pids['mapserver']):.0f} MB (two workers)")
    finally:
        servers.stop()


if __name__ == "__main__":
    main()
