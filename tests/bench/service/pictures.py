# SPDX-License-Identifier: GPL-2.0-or-later
"""WMS: maps, what is at a place, legends, and capabilities of WMS and WFS."""
import json
import random
import re
import sqlite3
import time

import features
import map_files
import measure
from measure import NAMES, ask

WMS = "SERVICE=WMS&VERSION=1.3.0&REQUEST="


def extent(city, layer):
    return sqlite3.connect(city).execute("SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?", (layer,)).fetchone()


def map_query(layer, box, width, height):
    return (f"{WMS}GetMap&LAYERS={layer}&STYLES=&CRS=EPSG:25833&BBOX={','.join(f'{v:.3f}' for v in box)}&WIDTH={width}&HEIGHT={height}&FORMAT=image/png&DPI=96")


def window(box, side_m, rng, within_m=8000):
    """A square around a random place near the middle."""
    x, y = ((box[i] + box[i + 2]) / 2 + rng.uniform(-within_m / 2, within_m / 2) - side_m / 2 for i in (0, 1))
    return [x, y, x + side_m, y + side_m]


def of_mapserver(query, layer):
    return query.replace(f"LAYERS={layer}&", f"LAYERS={layer}_map&").replace("DPI=96", "MAP_RESOLUTION=96")


def map_lines(servers, layer, title, ows, box, sides, clients, repeat):
    for side_m in sides:
        rng = random.Random(7)
        queries = [map_query(layer, box, 800, 1000) for _ in range(8 * repeat)] if side_m == 0 else [map_query(layer, window(box, side_m, rng), 512, 512) for _ in range(24 * repeat)]
        paths = {who: [ows[who] + query for query in queries] for who in ("direct", "ours", "qgis")}
        if layer in map_files.LAYERS and "mapserver" in ows:
            paths["mapserver"] = [ows["mapserver"] + of_mapserver(query, layer) for query in queries]
        for who in ("direct", "ours"):
            paths[who] = paths[who] * 2
        ask("direct", paths["direct"][0])
        time.sleep(1)  # ours reads the rows of a layer while QGIS draws its first maps
        measure.side_by_side(servers, f"{title}, {'whole city 800x1000' if side_m == 0 else f'{side_m / 1000:g} km 512x512'}", paths, clients)


def maps(servers, layers, box, sides, clients, repeat):
    if layers == ["all"]:
        capabilities = ask("direct", f"{servers.ows['direct']}{WMS}GetCapabilities").decode()
        layers = sorted(set(re.findall(r"<Layer queryable=\"1\"[^>]*>\s*<Name>([^<]*)</Name>", capabilities)))
    print(measure.HEAD.format("map"))
    for layer in layers:
        map_lines(servers, layer, layer, servers.ows, box, sides, clients, repeat)


def labels(servers, layers, box, sides, clients, repeat):
    """The same maps of two projects that differ in labels alone."""
    plain = servers.folder / "without_labels.qgz"
    map_files.without_labels(servers.project, plain)
    servers.start_ours([plain])
    print(measure.HEAD.format("map"))
    for layer in layers:
        map_lines(servers, layer, f"{layer}, no label", servers.addresses(plain), box, sides, clients, repeat)
        map_lines(servers, layer, f"{layer}, with labels", servers.addresses(servers.project), box, sides, clients, repeat)


def info(servers, clients):
    """At places of random rows; the rows found are compared."""
    print(measure.HEAD.format("GetFeatureInfo"))
    differences = []
    for layer in map_files.LAYERS:
        queries = []
        for x, y in features.points_of(servers.city, layer, 32, random.Random(5)):
            query = map_query(layer, (x - 50, y - 50, x + 50, y + 50), 512, 512).replace("GetMap", "GetFeatureInfo")
            queries.append(f"{query}&QUERY_LAYERS={layer}&I=256&J=256&FEATURE_COUNT=10")
        found = "&FI_POINT_TOLERANCE=16&INFO_FORMAT="
        paths = {who: [servers.ows[who] + query + found + "application/json" for query in queries] for who in ("direct", "ours", "qgis")}
        paths["mapserver"] = [servers.ows["mapserver"] + of_mapserver(query, layer) + "&INFO_FORMAT=text/plain" for query in queries]
        uuid = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
        for number in range(8):
            rows = {who: set(uuid.findall(ask(who, own[number]))) for who, own in paths.items()}
            differences += [f"{layer}: {NAMES[who]} {len(rows[who])} rows, ours {len(rows['direct'])}" for who in ("qgis", "mapserver") if rows[who] != rows["direct"]]
        for who in ("direct", "ours"):
            paths[who] = paths[who] * 8
        measure.side_by_side(servers, layer, paths, clients)
    print("\nAnswers to eight of each layer were compared: " + ("; ".join(differences) or "the same rows"), flush=True)


def legends(servers, clients):
    """The same again and again, which ours keeps, and another resolution each time, which it draws."""
    print(measure.HEAD.format("GetLegendGraphic"))
    for layer in map_files.LAYERS:
        query = f"{WMS}GetLegendGraphic&LAYER={layer}&FORMAT=image/png&STYLE=&SLD_VERSION=1.1.0"
        own = {who: servers.ows[who] + (query.replace(f"LAYER={layer}", f"LAYER={layer}_map") if who == "mapserver" else query) for who in servers.ows}
        measure.side_by_side(servers, f"{layer}, the same", {who: [path] * 64 for who, path in own.items()}, clients)
        for number in clients:  # numbers that no one has asked for before
            paths = {who: [f"{path}&{'MAP_RESOLUTION' if who == 'mapserver' else 'DPI'}={96 + 0.01 * i + 0.001 * number + (0.0005 if who == 'ours' else 0):.4f}" for i in range(6000)] for who, path in own.items()}
            measure.line(f"{layer}, another each time", number, measure.by_wrk(servers, paths, number, 1))


def capabilities(servers, count, clients):
    """Of a project with so many layers. Ours and QGIS Server keep documents of WMS; with another host name in each request they make them anew."""
    project = servers.folder / "many.qgz"
    ows = servers.addresses(project, map_files.of_many_layers(servers.city, servers.project, project, count))
    servers.start_ours([project])
    print(measure.HEAD.format(f"capabilities of {count} layers"))
    for service, layer in (("WMS", rb"<Name>layer_\d+</Name>"), ("WFS", rb"<(?:wfs:)?Name>(?:\w+:)?layer_\d+</(?:wfs:)?Name>")):
        paths = {who: f"{path}SERVICE={service}&REQUEST=GetCapabilities&VERSION={'1.3.0' if service == 'WMS' else '1.1.0' if who == 'qgis' else '2.0.0'}" for who, path in ows.items()}
        named = {who: len(set(re.findall(layer, ask(who, path)))) for who, path in paths.items()}
        if len(set(named.values())) > 1:
            print(f"Layers named in {service}: {named}")
        ask("qgis", paths["qgis"]), ask("qgis", paths["qgis"])  # each worker reads the project
        measure.side_by_side(servers, f"{service}, the same", {who: [path] * (256 if who in ("direct", "ours") else 16) for who, path in paths.items()}, clients)
        for number in clients:
            hosts = {who: [(path, f"host{number}-{who}-{i}.example") for i in range(2000)] for who, path in paths.items()}
            measure.line(f"{service}, another host name each time", number, measure.by_wrk(servers, hosts, number, 1))
