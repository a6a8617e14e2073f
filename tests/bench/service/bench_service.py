# SPDX-License-Identifier: GPL-2.0-or-later
"""Times our service side by side with QGIS Server and MapServer on the same project: one run, two workers each behind the same nginx,
identity encoding, keep-alive. Prints Markdown tables.

    /usr/bin/python3 tests/bench/service/bench_service.py CITY.gpkg PROJECT.qgz [--what equal,features,...] [--repeat 2]
        [--layer trees_tree] [--columns a,b,...] [--map-layers all|a,b,...] [--sides 0,1000,4000] [--clients 1,8]

    equal         the answers of the three servers hold the same features, values and coordinates (to the millimetre)
    features      GetFeature of all rows of --layer
    few           GetFeature by a box and by a value; answers compared
    pages         GetFeature of 1000 rows from the start and near the end
    maps          GetMap of --map-layers (all: every layer that WMS names, those of critical infrastructure too): the whole city (0) and
                  windows of --sides metres. MapServer for trees and buildings, with a map file of the same categories and colours
    labels        the same, of the project and of a copy of it without labels
    info          GetFeatureInfo of trees and buildings; rows compared
    legends       GetLegendGraphic, from what is kept and drawn anew
    capabilities  of WMS and WFS, 200 layers
    ready         time until the first map, ours against one QGIS Server worker
    memory        ours against two QGIS Server workers
    reload        memory of ours while all is read anew
    mixed         10,000 requests of all kinds to ours: memory, open files, threads
    view, download  20 requests a second to ours for a minute, all read anew in the middle

Needs the packages qgis-server and cgi-mapserver (backports), nginx-light, spawn-fcgi and wrk, and build/release (or our program in STADTGDI).
"""
import argparse
import os
import pathlib
import signal
import sys

import features
import load
import pictures
from servers import Servers


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("city")
    parser.add_argument("project")
    parser.add_argument("--layer", default="trees_tree")
    parser.add_argument("--columns", default="uuid,site_no,status,street_name,district_name,taxon_text,genus,species,planting_year")
    parser.add_argument("--what", default="equal,features,maps,ready")
    parser.add_argument("--map-layers", default="trees_tree,buildings_building")
    parser.add_argument("--sides", default="0,1000,4000")
    parser.add_argument("--clients", default="1,8")
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--count", type=int, default=10_000, help="requests of mixed")
    parser.add_argument("--seconds", type=int, default=60, help="of view and download")
    options = parser.parse_args()
    city, project = os.path.abspath(options.city), os.path.abspath(options.project)
    layers, sides, clients = options.map_layers.split(","), [int(s) for s in options.sides.split(",")], [int(c) for c in options.clients.split(",")]
    box = pictures.extent(city, options.layer)
    # Linux shares the processor out by sessions, and each QGIS Server worker has one of its own: two shares against our one.
    autogroup = pathlib.Path("/proc/sys/kernel/sched_autogroup_enabled")
    before = autogroup.read_text() if os.access(autogroup, os.W_OK) else None
    if before is not None:
        autogroup.write_text("0")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    servers = Servers(city, project, options.layer, options.columns.split(","))
    steps = {
        "equal": lambda: features.equal(servers),
        "features": lambda: features.whole(servers, options.repeat, clients),
        "few": lambda: features.few(servers, options.repeat),
        "pages": lambda: features.pages(servers, options.repeat),
        "maps": lambda: pictures.maps(servers, layers, box, sides, clients, options.repeat),
        "labels": lambda: pictures.labels(servers, layers, box, sides, clients, options.repeat),
        "info": lambda: pictures.info(servers, clients),
        "legends": lambda: pictures.legends(servers, clients),
        "capabilities": lambda: pictures.capabilities(servers, 200, clients),
        "ready": lambda: load.ready(servers, box, options.repeat),
        "memory": lambda: load.memory(servers, box),
        "reload": lambda: load.reload(servers, box),
        "mixed": lambda: load.mixed(servers, box, options.count),
        "view": lambda: load.capacity(servers, box, "view", options.seconds),
        "download": lambda: load.capacity(servers, box, "download", options.seconds),
    }
    try:
        for what in options.what.split(","):
            steps[what]()
    finally:
        servers.stop()
        if before is not None:
            autogroup.write_text(before)


if __name__ == "__main__":
    main()
