# SPDX-License-Identifier: GPL-2.0-or-later
"""Times reading a layer of a GeoPackage whole: into our table, into a GeoDataFrame, through GDAL's Arrow batches and feature by feature in QGIS.
All columns and the geometry; every reader runs in a process of its own, several times.

    /usr/bin/python3 tests/bench/read/bench_read.py CITY.gpkg [LAYER] [--repeat 3]

Needs build/release, python3-geopandas, python3-gdal and QGIS's Python. Prints a Markdown table.
"""
import argparse
import multiprocessing
import os
import pathlib
import resource
import statistics
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, os.environ.get("STADTGDI_PYTHON", str(ROOT / "build/release/python")))


def ours(city, layer):
    import stadtgdi
    return lambda: len(stadtgdi.read(city, layer))


def geopandas(city, layer):
    import geopandas
    return lambda: len(geopandas.read_file(city, layer=layer))


def gdal_arrow(city, layer):
    from osgeo import ogr

    def read():
        source = ogr.Open(city)  # it must outlive the stream
        stream = source.GetLayerByName(layer).GetArrowStreamAsNumPy(options=["USE_MASKED_ARRAYS=NO"])
        return sum(len(next(iter(batch.values()))) for batch in stream)
    return read


def qgis(city, layer):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from qgis.core import QgsApplication, QgsVectorLayer
    global application  # it must outlive the layer
    application = QgsApplication([], False)
    application.initQgis()

    def read():
        rows = 0
        for feature in QgsVectorLayer(f"{city}|layername={layer}").getFeatures():
            rows += 1
        return rows
    return read


def measure(make, city, layer, repeat, queue):
    read = make(city, layer)
    times = []
    for _ in range(repeat):
        begin = time.perf_counter()
        rows = read()
        times.append(time.perf_counter() - begin)
    queue.put((rows, times, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
    queue.close()
    queue.join_thread()
    os._exit(0)  # QGIS does not like to be taken down by Python


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("city")
    parser.add_argument("layer", nargs="?", default="trees_tree")
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    print("| reader | rows | s, median | s, best | peak memory MB |\n|---|---:|---:|---:|---:|")
    for name, make in {"StadtGDI table": ours, "GDAL Arrow batches (Python)": gdal_arrow, "QGIS, feature by feature (Python)": qgis, "GeoPandas": geopandas}.items():
        queue = multiprocessing.Queue()
        process = multiprocessing.Process(target=measure, args=(make, options.city, options.layer, options.repeat, queue))
        process.start()
        while process.is_alive() and queue.empty():
            time.sleep(0.05)
        if queue.empty():
            print(f"| {name} | failed | | | |", flush=True)
            continue
        rows, times, memory = queue.get()
        process.join()
        print(f"| {name} | {rows:,} | {statistics.median(times):.2f} | {min(times):.2f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    main()
