# SPDX-License-Identifier: GPL-2.0-or-later
"""Times trees.canopy_cover side by side with QGIS "Overlap analysis" (buffer, then native:calculatevectoroverlaps) and PostGIS
(ST_Union of ST_Buffer, clipped to each zone) on the same trees and zones; 8 segments a quadrant for both peers, ours is exact.

    /usr/bin/python3 tests/bench/canopy_cover/bench_canopy_cover.py CITY.gpkg [--cells 100] [--peers qgis,postgis] [--limit 1200]

Trees without a crown are left out by all three. Needs build/release (PYTHONPATH=build/release/python), QGIS's Python and, for PostGIS, the
connection in STADTGDI_TEST_PG (tests/support/start_postgres). Prints a Markdown table.
"""
import argparse
import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, os.environ.get("STADTGDI_PYTHON", str(ROOT / "build/release/python")))


def ours(trees, zones, queue):
    import stadtgdi
    begin = time.perf_counter()
    tree_table, zone_table = stadtgdi.read(trees), stadtgdi.read(zones)
    read = time.perf_counter()
    result = stadtgdi.trees.canopy_cover(tree_table, zone_table, missing="exclude").zones
    done = time.perf_counter()
    total = result["canopy_m2"].sum()
    queue.put((done - begin, f"{total:.1f}", f"of which reading {read - begin:.2f} s, kernel {done - read:.2f} s"))


def qgis(trees, zones, queue):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.path.append("/usr/share/qgis/python/plugins")
    from qgis.core import QgsApplication, QgsVectorLayer, QgsProperty
    application = QgsApplication([], False)
    application.initQgis()
    from qgis.analysis import QgsNativeAlgorithms
    application.processingRegistry().addProvider(QgsNativeAlgorithms())
    from processing.core.Processing import Processing
    Processing.initialize()
    import processing
    begin = time.perf_counter()
    buffered = processing.run("native:buffer", {"INPUT": QgsVectorLayer(trees), "DISTANCE": QgsProperty.fromExpression('"crown_diam_m"/2'), "SEGMENTS": 8,
                                                "DISSOLVE": False, "OUTPUT": "memory:"})["OUTPUT"]
    index = processing.run("native:createspatialindex", {"INPUT": buffered})
    got = processing.run("native:calculatevectoroverlaps", {"INPUT": QgsVectorLayer(zones), "LAYERS": [buffered], "OUTPUT": "memory:"})["OUTPUT"]
    name = [f.name() for f in got.fields() if f.name().endswith("_area")][0]
    total = sum((f[name] or 0.0) for f in got.getFeatures())
    queue.put((time.perf_counter() - begin, f"{total:.1f}", "memory layers, spatial index"))
    del index
    queue.close()
    queue.join_thread()
    os._exit(0)  # QGIS does not like to be taken down by Python


def postgis(trees, zones, queue):
    connection = os.environ["STADTGDI_TEST_PG"]
    for path, name in ((trees, "bench_trees"), (zones, "bench_zones")):
        subprocess.run(["ogr2ogr", "-f", "PostgreSQL", f"PG:{connection}", path, "-nln", name, "-overwrite", "-lco", "GEOMETRY_NAME=geom", "--config", "PG_USE_COPY", "YES"],
                       check=True)
    sql = ("SELECT sum(a) FROM (SELECT z.fid, ST_Area(ST_Intersection(z.geom, ST_Union(ST_Buffer(t.geom, t.crown_diam_m / 2, 8)))) AS a "
           "FROM bench_zones z JOIN bench_trees t ON ST_DWithin(z.geom, t.geom, 20) AND ST_Intersects(z.geom, ST_Buffer(t.geom, t.crown_diam_m / 2, 8)) "
           "GROUP BY z.fid, z.geom) x")
    subprocess.run(["psql", connection, "-qc", "VACUUM ANALYZE bench_trees", "-c", "VACUUM ANALYZE bench_zones"], check=True)
    begin = time.perf_counter()
    got = subprocess.run(["psql", connection, "-Atc", sql], check=True, capture_output=True, text=True).stdout.strip()
    queue.put((time.perf_counter() - begin, f"{float(got):.1f}", "loaded before, GiST indexes"))


def timed(work, trees, zones, limit):
    queue = multiprocessing.Queue()
    process = multiprocessing.get_context("fork").Process(target=work, args=(trees, zones, queue))
    process.start()
    process.join(limit)
    if process.is_alive():
        process.kill()
        return None
    return queue.get(timeout=5) if not queue.empty() or process.exitcode == 0 else (float("nan"), "failed", f"exit code {process.exitcode}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("city")
    parser.add_argument("--cells", type=int, default=0, help="side of the cells in metres; 0: the districts (ortsteil)")
    parser.add_argument("--peers", default="qgis,postgis")
    parser.add_argument("--limit", type=float, default=1200)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="stadtgdi_bench_")
    trees, zones = f"{folder}/trees.gpkg", f"{folder}/zones.gpkg"
    # Where the inventory has no crowns at all, a crown from the year of planting stands in, the same for all three.
    crown = "CASE WHEN crown_diam_m IS NOT NULL THEN crown_diam_m ELSE 2 + min(2026 - coalesce(planting_year, 1996), 100) * 0.12 END"
    subprocess.run(["ogr2ogr", trees, options.city, "-nln", "trees", "-dialect", "SQLite", "-sql",
                    f"SELECT geom, {crown} AS crown_diam_m FROM trees_tree WHERE geom IS NOT NULL"], check=True)
    if options.cells:
        import stadtgdi
        grid = stadtgdi.read(trees)
        x, y = grid.geometry.x, grid.geometry.y
        step = options.cells
        import numpy
        cells = sorted(set(zip((numpy.floor(x / step) * step).tolist(), (numpy.floor(y / step) * step).tolist())))
        with open(f"{folder}/zones.csv", "w") as out:
            out.write("id;wkt\n")
            for i, (cx, cy) in enumerate(cells):
                out.write(f"{i};\"POLYGON(({cx} {cy},{cx + step} {cy},{cx + step} {cy + step},{cx} {cy + step},{cx} {cy}))\"\n")
        subprocess.run(["ogr2ogr", zones, f"{folder}/zones.csv", "-nln", "zones", "-a_srs", "EPSG:25833", "-nlt", "POLYGON", "-oo", "GEOM_POSSIBLE_NAMES=wkt",
                        "-oo", "SEPARATOR=SEMICOLON"], check=True)
        what = f"{len(cells):,} cells of {step} m"
    else:
        subprocess.run(["ogr2ogr", zones, options.city, "-nln", "zones", "-sql", "SELECT geom, name FROM districts_district WHERE level = 'ortsteil'"], check=True)
        what = "districts"
    print(f"\ncanopy_cover by {what}, {options.city}\n\n| | s | sum m2 | times slower than ours | |\n|---|---:|---:|---:|---|")
    base = timed(ours, trees, zones, options.limit)
    print(f"| StadtGDI | {base[0]:.2f} | {base[1]} | 1 | {base[2]} |", flush=True)
    for name, work, title in (("qgis", qgis, "QGIS buffer + overlap analysis"), ("postgis", postgis, "PostGIS ST_Union(ST_Buffer)")):
        if name not in options.peers:
            continue
        got = timed(work, trees, zones, options.limit)
        if got is None:
            print(f"| {title} | stopped after {options.limit:.0f} | | more than {options.limit / base[0]:.0f} | |", flush=True)
        else:
            print(f"| {title} | {got[0]:.2f} | {got[1]} | {got[0] / base[0]:.1f} | {got[2]} |", flush=True)


if __name__ == "__main__":
    main()
