# SPDX-License-Identifier: GPL-2.0-or-later
"""The files that docs/deploy gives to those who run the service: nginx in front of it, and the unit for systemd."""
import http.client
import json
import os
import pathlib
import re
import shutil
import ssl
import subprocess
import tempfile
import unittest

from service import COMMAND, Service, eventually, free_port, stadtgdi

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "docs/deploy"
CAPABILITIES = "/demo/ows?SERVICE=WMS&REQUEST=GetCapabilities"

NGINX = """pid {folder}/nginx.pid;
error_log {folder}/error.log;
daemon off;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/stadtgdi.conf;
}}
"""


class NginxTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="stadtgdi_nginx_")
        os.chmod(cls.folder, 0o755)   # nginx's workers are another user where it is started by root
        assert stadtgdi("demo", "--inhabitants", 20000, "--seed", 7, "--out", cls.folder).returncode == 0
        project = os.path.join(cls.folder, "demo.qgz")
        assert stadtgdi("project", os.path.join(cls.folder, "demo.gpkg"), "--out", project).returncode == 0
        made = json.loads(stadtgdi("serve", "--new-key", "--json").stdout)
        cls.key = made["key"]
        settings = os.path.join(cls.folder, "settings.toml")
        with open(settings, "w", encoding="utf-8") as file:
            file.write(f'''[server]
trusted_proxies = ["127.0.0.1"]
[access.roles.netz]
classes = ["kritis"]
[[access.keys]]
name = "a"
sha256 = "{made["sha256"]}"
roles = ["netz"]
[access.proxy]
header = "X-Remote-User"
roles_header = "X-Remote-Roles"
roles = ["netz"]
''')
        cls.service = Service(project, "--settings", settings).wait_until_ready()
        cls.port, cls.plain_port = free_port(), free_port()
        certificate, private = (os.path.join(cls.folder, name) for name in ("certificate.pem", "private.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                        "-keyout", private, "-out", certificate], check=True, capture_output=True)
        text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
        for written, meant in (("server 127.0.0.1:8080;", f"server 127.0.0.1:{cls.service.port};"), ("listen 80;", f"listen 127.0.0.1:{cls.plain_port};"),
                               ("listen 443 ssl", f"listen 127.0.0.1:{cls.port} ssl"), ("server_name gdi.example.de;", "server_name localhost;"),
                               ("/etc/ssl/gdi/fullchain.pem", certificate), ("/etc/ssl/gdi/privkey.pem", private), ("/var/log/nginx/stadtgdi.log", cls.folder + "/access.log")):
            assert written in text, written
            text = text.replace(written, meant)
        for name, content in (("stadtgdi.conf", text), ("nginx.conf", NGINX.format(folder=cls.folder))):
            with open(os.path.join(cls.folder, name), "w", encoding="utf-8") as file:
                file.write(content)
        main = os.path.join(cls.folder, "nginx.conf")
        checked = subprocess.run(["/usr/sbin/nginx", "-t", "-c", main, "-e", cls.folder + "/start.log"], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        cls.nginx = subprocess.Popen(["/usr/sbin/nginx", "-c", main, "-e", cls.folder + "/start.log"])
        cls.tls = ssl.create_default_context(cafile=certificate)

        def answers():
            try:
                return cls.fetch("/healthz")[0] == 200
            except OSError:
                return False
        assert eventually(answers), pathlib.Path(cls.folder, "error.log").read_text(encoding="utf-8")

    @classmethod
    def tearDownClass(cls):
        cls.nginx.terminate()
        cls.nginx.wait(timeout=60)
        cls.service.stop()
        shutil.rmtree(cls.folder)

    @classmethod
    def fetch(cls, target, headers=None, method="GET", body=None):
        connection = http.client.HTTPSConnection("localhost", cls.port, context=cls.tls, timeout=60)
        try:
            connection.request(method, target, body=body, headers=headers or {})
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()

    def test_links_lead_to_the_address_that_was_called(self):
        listed = json.loads(self.fetch("/")[2])
        for link in listed["projects"][0]["links"]:
            self.assertTrue(link["href"].startswith(f"https://localhost:{self.port}/demo/"), link)
        self.assertIn(f'"https://localhost:{self.port}/demo/ows?', self.fetch(CAPABILITIES)[2].decode())
        invented = self.fetch(CAPABILITIES, {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"})[2].decode()
        self.assertNotIn("evil.example", invented)
        self.assertNotIn(f"http://localhost:{self.port}", invented)

    def test_plain_http_leads_to_https(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.plain_port, timeout=60)
        connection.request("GET", "/demo/map?x=1")
        response = connection.getresponse()
        self.assertEqual((response.status, response.getheader("Location")), (308, "https://127.0.0.1/demo/map?x=1"))
        connection.close()

    def test_keys_are_accepted_over_tls_and_invented_users_are_not(self):
        self.assertIn(b"utilities_line", self.fetch(CAPABILITIES, {"X-API-Key": self.key})[2])
        self.assertNotIn(b"utilities_line", self.fetch(CAPABILITIES, {"X-Remote-User": "ada", "X-Remote-Roles": "netz"})[2])
        status, headers, _ = self.fetch("/", {"X-API-Key": "wrong"})
        self.assertEqual((status, headers["www-authenticate"]), (401, 'Basic realm="StadtGDI", charset="UTF-8"'))
        self.assertEqual(headers["strict-transport-security"], "max-age=31536000")

    def test_answers_are_compressed_where_the_client_takes_it(self):
        packed, plain = (self.fetch(CAPABILITIES, {"Accept-Encoding": coding}) for coding in ("gzip", "identity"))
        self.assertEqual(packed[1]["content-encoding"], "gzip")
        self.assertNotIn("content-encoding", plain[1])
        self.assertLess(len(packed[2]), len(plain[2]) / 3)
        self.assertIn("Accept-Encoding", plain[1]["vary"])

    def test_connections_are_kept(self):
        connection = http.client.HTTPSConnection("localhost", self.port, context=self.tls, timeout=60)
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        socket = connection.sock
        self.assertIsNotNone(socket)
        connection.request("GET", "/")
        self.assertEqual(connection.getresponse().status, 200)
        self.assertIs(connection.sock, socket)
        connection.close()

    def test_http_2_is_spoken(self):
        made = subprocess.run(["curl", "-sS", "--cacert", os.path.join(self.folder, "certificate.pem"), "--http2", "-o", os.devnull, "-w", "%{http_version} %{http_code}",
                               f"https://localhost:{self.port}/"], capture_output=True, text=True, timeout=60)
        self.assertEqual(made.stdout, "2 200", made.stderr)

    def test_large_answers_arrive_whole(self):
        target = "/demo/ows?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=trees_tree&OUTPUTFORMAT=application/geo%2Bjson"
        status, _, body = self.fetch(target, {"Accept-Encoding": "identity"})
        features = json.loads(body)["features"]
        self.assertEqual((status, len(features)), (200, json.loads(self.service.get(target).body)["numberMatched"]))

    def test_limits_hold_before_the_service(self):
        self.assertEqual(self.fetch("/demo/ows", method="POST", body=b"x" * (11 << 20))[0], 413)
        self.assertEqual(self.fetch("/metrics")[0], 404)
        self.assertEqual(self.fetch("/demo/ows?SERVICE=WMS&REQUEST=GetCapabilities&X=" + "a" * 15000)[0], 200)

    def test_no_log_names_a_visitor(self):
        self.fetch("/demo/map?visitor=secret", {"X-Forwarded-For": "203.0.113.9"})
        read = pathlib.Path(self.folder, "access.log").read_text
        self.assertTrue(eventually(lambda: re.search(r'(?m)^127\.0\.0\.0 \[[^]]+\] "GET /demo/map HTTP/1\.1" ', read(encoding="utf-8")), 10), read(encoding="utf-8"))
        self.assertNotIn("secret", read(encoding="utf-8"))
        self.assertNotIn("127.0.0.1", read(encoding="utf-8"))
        self.assertTrue(eventually(lambda: "127.0.0.0 GET /demo/map" in self.service.logged(), 10))
        self.assertNotIn("203.0.113", self.service.logged())


class UnitTest(unittest.TestCase):
    def test_the_unit_is_one_that_systemd_takes(self):
        with tempfile.TemporaryDirectory() as folder:
            unit = os.path.join(folder, "stadtgdi.service")
            text = (DEPLOY / "stadtgdi.service").read_text(encoding="utf-8")
            self.assertIn("ExecStart=/usr/bin/stadtgdi serve", text)
            with open(unit, "w", encoding="utf-8") as file:
                file.write(text.replace("/usr/bin/stadtgdi", COMMAND))
            checked = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60)
            self.assertEqual((checked.returncode, re.findall(r"stadtgdi\.service.*", checked.stderr)), (0, []), checked.stderr)


if __name__ == "__main__":
    unittest.main()
