# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS Server and MapServer of Debian, each one process that is asked by FastCGI over a socket of its own: no web server between."""
import os
import pathlib
import re
import socket
import struct
import subprocess

from service import ENVIRONMENT

QGIS_SERVER, MAPSERVER = "/usr/lib/cgi-bin/qgis_mapserv.fcgi", "/usr/lib/cgi-bin/mapserv"
BEGIN, END, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6  # types of records


def record(kind, content=b""):
    return struct.pack(">BBHHBx", 1, kind, 1, len(content), 0) + content


def records(kind, content):
    """The stream in pieces, and its end."""
    return b"".join(record(kind, content[i:i + 65535]) for i in range(0, len(content), 65535)) + record(kind)


def pair(name, value):
    length = lambda text: bytes([len(text)]) if len(text) < 128 else struct.pack(">I", len(text) | 0x80000000)
    name, value = name.encode(), value.encode()
    return length(name) + length(value) + name + value


class Reply:
    """As service.Answer."""

    def __init__(self, output):
        head, self.body = re.split(rb"\r?\n\r?\n", output, maxsplit=1)
        lines = (line.partition(":") for line in head.decode("latin-1").splitlines())
        self.headers = {name.strip().lower(): value.strip() for name, _, value in lines}
        self.status = int(self.headers.get("status", "200").split()[0])

    @property
    def text(self):
        return self.body.decode("utf-8")


class Ended(Exception):
    """The peer's process, within an answer."""


class Peer:
    """A FastCGI program, ended by stop()."""

    def __init__(self, folder, program, **environment):
        self.program, self.environment = program, environment
        self.address = os.path.join(folder, f"{pathlib.Path(program).name}.sock")
        self.start()

    def start(self):
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self.address)
            listener.listen(16)
            self.process = subprocess.Popen([self.program], stdin=listener, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**ENVIRONMENT, **self.environment})

    def get(self, target, body=None, kind="text/xml"):
        """GET of a target that begins with `/path?query`, or POST of a body."""
        path, _, query = target.partition("?")
        parameters = {"QUERY_STRING": query, "REQUEST_METHOD": "GET" if body is None else "POST", "SCRIPT_NAME": "", "PATH_INFO": path, "REQUEST_URI": target, "SERVER_PROTOCOL": "HTTP/1.1",
                      "SERVER_NAME": "peer.example", "SERVER_PORT": "80", "HTTP_HOST": "peer.example", "REMOTE_ADDR": "127.0.0.1", **self.environment}
        if body is not None:
            parameters |= {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body))}
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(30)
            connection.connect(self.address)
            connection.sendall(record(BEGIN, struct.pack(">HB5x", 1, 0)) + records(PARAMS, b"".join(pair(*item) for item in parameters.items())) + records(STDIN, body or b""))
            with connection.makefile("rb") as stream:
                output = b""
                while True:
                    header = stream.read(8)
                    if len(header) < 8:
                        self.stop()
                        self.start()
                        raise Ended(target)
                    _, type_of, _, length, padding = struct.unpack(">BBHHBx", header)
                    content = stream.read(length + padding)[:length]
                    if type_of == STDOUT:
                        output += content
                    elif type_of == END:
                        return Reply(output)

    def stop(self):
        self.process.kill()
        self.process.wait()
        os.unlink(self.address)


def qgis_server(folder, project):
    return Peer(folder, QGIS_SERVER, QGIS_PROJECT_FILE=project, QGIS_SERVER_LOG_LEVEL="2", QGIS_SERVER_LOG_STDERR="0", QGIS_SERVER_PARALLEL_RENDERING="0")


MAPFILE = """MAP
  NAME "peer" EXTENT 200000 5500000 500000 5900000 UNITS METERS SIZE 400 400 MAXSIZE 4096 IMAGECOLOR 255 255 255
  PROJECTION "init=epsg:25833" END
  WEB METADATA "ows_title" "peer" "ows_onlineresource" "http://peer.example/?" "ows_srs" "{srs}" "wms_srs" "{srs} CRS:84" "ows_enable_request" "*" END END
  OUTPUTFORMAT NAME "geojson" DRIVER "OGR/GEOJSON" MIMETYPE "application/json; subtype=geojson" FORMATOPTION "STORAGE=stream" FORMATOPTION "FORM=SIMPLE" FORMATOPTION "LCO:COORDINATE_PRECISION=9" END
{layers}END
"""
MAP_LAYER = """  LAYER
    NAME "{name}" TYPE {shape} STATUS ON CONNECTIONTYPE OGR CONNECTION "{file}" DATA "{table}"
    PROJECTION "init={crs}" END
    METADATA "ows_title" "{title}" "gml_include_items" "{items}" "gml_types" "auto" "gml_featureid" "id" "gml_geometries" "geometry" "gml_geometry_type" "{geometry}" "wfs_geometry_precision" "9"
      "wfs_getfeature_formatlist" "gml,gml2,gml3,gml32,geojson" "ows_extent" "{extent}" END
    CLASS STYLE COLOR 0 0 0 END END
  END
"""


def mapserver(folder, srs, layers):
    """`layers`: values of MAP_LAYER; their tables have a column `id`."""
    path = os.path.join(folder, "peer.map")
    with open(path, "w", encoding="utf-8") as file:
        file.write(MAPFILE.format(srs=srs, layers="".join(MAP_LAYER.format(**layer) for layer in layers)))
    settings = os.path.join(folder, "mapserver.conf")
    with open(settings, "w", encoding="utf-8") as file:
        file.write('CONFIG\n  ENV\n    MS_MAP_PATTERN "."\n  END\nEND\n')
    return Peer(folder, MAPSERVER, MAPSERVER_CONFIG_FILE=settings, MS_MAPFILE=path)
