# SPDX-License-Identifier: GPL-2.0-or-later
"""Our service, two workers each of QGIS Server and MapServer, and the nginx before all three."""
import hashlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import map_files
import measure

ROOT = pathlib.Path(__file__).resolve().parents[3]
OURS = pathlib.Path(os.environ.get("STADTGDI", ROOT / "build/release/services/cli/stadtgdi"))
KEY = measure.HEADERS["X-API-Key"]  # ours serves critical infrastructure to those who have one; sent to all, the peers do not look
PEERS = {"qgis": "/usr/lib/cgi-bin/qgis_mapserv.fcgi", "mapserver": "/usr/lib/cgi-bin/mapserv"}

NGINX = """
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
  access_log off; gzip off; proxy_buffering on; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e; large_client_header_buffers 4 32k;
  fastcgi_read_timeout 1200s; proxy_read_timeout 1200s; fastcgi_buffers 64 64k; proxy_buffers 64 64k; proxy_max_temp_file_size 0; fastcgi_max_temp_file_size 0;
  upstream ours {{ server 127.0.0.1:{direct}; keepalive 8; }}
  server {{ listen 127.0.0.1:{ours}; location / {{ proxy_pass http://ours; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host; }} }}
  server {{ listen 127.0.0.1:{qgis}; location / {{ {params} fastcgi_pass unix:{folder}/qgis.sock; }} }}
  server {{ listen 127.0.0.1:{mapserver}; location / {{ {params} fastcgi_pass unix:{folder}/mapserver.sock; }} }}
}}
"""
PARAMS = " ".join(f"fastcgi_param {name} {value};" for name, value in [
    ("QUERY_STRING", "$query_string"), ("REQUEST_METHOD", "$request_method"), ("CONTENT_TYPE", "$content_type"), ("CONTENT_LENGTH", "$content_length"),
    ("SCRIPT_NAME", "$document_uri"), ("REQUEST_URI", "$request_uri"), ("SERVER_PROTOCOL", "$server_protocol"), ("REMOTE_ADDR", "$remote_addr"),
    ("SERVER_NAME", "$server_name"), ("SERVER_PORT", "$server_port"), ("HTTP_HOST", "$http_host")])


class Servers:
    def __init__(self, city, project, layer, columns):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="stadtgdi_bench_"))
        os.chmod(self.folder, 0o755)
        for port in measure.PORTS.values():
            with socket.socket() as free:
                free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                free.bind(("127.0.0.1", port))  # else what another run has left would be measured
        self.city, self.project, self.layer, self.columns = city, project, layer, columns
        self.ours, self.peers = None, {}
        self.start_ours()
        # MapServer 8 wants a configuration file that allows the map file.
        settings = self.folder / "mapserver.conf"
        settings.write_text('CONFIG\n  ENV\n    MS_MAP_PATTERN "."\n  END\nEND\n')
        self.environment = dict(os.environ, QGIS_SERVER_LOG_LEVEL="2", QGIS_SERVER_LOG_STDERR="0", QT_QPA_PLATFORM="offscreen", LC_ALL="C.UTF-8",
                                QGIS_SERVER_PARALLEL_RENDERING="0", MAPSERVER_CONFIG_FILE=str(settings))
        self.map_file = self.folder / "bench.map"
        self.map_file.write_text(map_files.of_project(city, project, layer, columns))
        for name in PEERS:
            self.start_peer(name, 2)
        configuration = self.folder / "nginx.conf"
        configuration.write_text(NGINX.format(folder=self.folder, params=PARAMS, **measure.PORTS))
        self.nginx = subprocess.Popen(["nginx", "-c", str(configuration), "-g", "daemon off;"], stderr=subprocess.DEVNULL)
        time.sleep(1)
        self.ows = self.addresses(project, self.map_file)

    def addresses(self, project, map_file=None):
        """What a query is appended to, by server; of a project that start_ours() has got."""
        ours = f"/{pathlib.Path(project).stem}/ows?"
        return {"direct": ours, "ours": ours, "qgis": f"/?MAP={project}&", **({"mapserver": f"/?map={map_file}&"} if map_file else {})}

    def start_peer(self, name, workers):
        path = self.folder / f"{name}.sock"
        path.unlink(missing_ok=True)
        got = subprocess.run(["spawn-fcgi", "-s", path, "-M", "0666", "-F", str(workers), "--", PEERS[name]], env=self.environment, capture_output=True, text=True)
        self.peers[name] = [int(p) for p in re.findall(r"PID: (\d+)", got.stdout + got.stderr)]
        if not self.peers[name]:
            raise RuntimeError(f"{PEERS[name]} did not start: {got.stdout}{got.stderr}")

    def now(self, who):
        """The processes of a server as they are now; ours begins with the parent."""
        return measure.tree(self.ours.pid) if who in ("direct", "ours") else self.peers[who]

    def start_ours(self, more_projects=(), wait=True):
        if self.ours:
            self.stop_ours()
        settings = self.folder / "settings.toml"
        settings.write_text("[limits]\nfeatures = 100000000\nrequest_seconds = 1200\n"  # all rows in one answer
                            "[cache]\nbytes_per_layer = 8000000000\n"
                            "[access.roles.bench]\nclasses = ['internal', 'restricted', 'kritis']\n"
                            f"[[access.keys]]\nname = 'bench'\nsha256 = '{hashlib.sha256(KEY.encode()).hexdigest()}'\nroles = ['bench']\n")
        self.ours = subprocess.Popen([OURS, "serve", self.project, *more_projects, "--listen", f"127.0.0.1:{measure.PORTS['direct']}", "--settings", settings],
                                     stdout=subprocess.DEVNULL, stderr=open(self.folder / "ours.log", "w"), start_new_session=True)
        while wait and self.ours.poll() is None:
            try:
                if measure.get("direct", "/readyz")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)

    def stop_ours(self):
        if self.ours.poll() is None:
            self.ours.send_signal(signal.SIGTERM)
            self.ours.wait(30)

    def stop_all(self):
        """Ours and the peers; nginx stays."""
        self.stop_ours()
        for pids in self.peers.values():
            for pid in pids:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        self.peers.clear()

    def stop(self):
        self.stop_all()
        self.nginx.terminate()
        shutil.rmtree(self.folder, ignore_errors=True)
