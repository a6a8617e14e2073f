# SPDX-License-Identifier: GPL-2.0-or-later
import math
import os
import subprocess

import numpy as np
import pytest

import stadtgdi


def run_in_cpp(operation, output, **parameters):
    """The hash of an output as C++ gives it, layers read from files."""
    words = [f"{name}={value}" for name, value in parameters.items()]
    done = subprocess.run([os.environ["STADTGDI_RUN_OPERATION"], operation, output, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Trees and zones as files, so that both sides read the very same values."""
    folder = tmp_path_factory.mktemp("layers")
    random = np.random.default_rng(7)
    n = 3000
    names = np.array(["Tilia cordata 'Greenspire'", "Acer platanoides", "Platanus x acerifolia", "Quercus species", "Bestandsfläche"], dtype=object)
    crowns = np.where(random.random(n) < 0.3, np.nan, random.uniform(1, 12, n))
    trees = stadtgdi.Table.from_arrays(
        {"crown_diam_m": crowns, "taxon_text": names[random.integers(0, 5, n)], "genus": np.array(["Tilia", "Acer"], dtype=object)[random.integers(0, 2, n)],
         "planting_year": random.integers(1920, 2024, n), "district": np.array(["Mitte", "Süd", "West"], dtype=object)[random.integers(0, 3, n)]},
        x=316000 + random.random(n) * 900, y=5690000 + random.random(n) * 900, crs="EPSG:25833")
    trees.write(folder / "trees.gpkg", "trees")
    zones = stadtgdi.statgrid.make_grid(cell_size_m=250, layer=trees).cells
    zones.write(folder / "zones.gpkg", "zones")
    return {"trees": folder / "trees.gpkg", "zones": folder / "zones.gpkg"}


def test_canopy_cover_is_the_same_in_python_and_cpp(files):
    trees, zones = stadtgdi.read(files["trees"]), stadtgdi.read(files["zones"])
    result = stadtgdi.trees.canopy_cover(trees, zones, missing="estimate", reference_year=2024, outputs=("crowns",))
    parameters = dict(missing="estimate", reference_year=2024, outputs="crowns", **files)
    assert result.zones.hash() == run_in_cpp("trees.canopy_cover", "zones", **parameters)
    assert result.crowns.hash() == run_in_cpp("trees.canopy_cover", "crowns", **parameters)
    assert result.zones["n_estimated"].sum() > 0


def test_canopy_cover_without_water_is_the_same_in_python_and_cpp(files):
    trees, zones = stadtgdi.read(files["trees"]), stadtgdi.read(files["zones"])
    water = zones.take(range(0, len(zones), 3))
    water.write(files["zones"].with_name("water.gpkg"), "water")
    land = stadtgdi.trees.canopy_cover(trees, zones, left_out=water).zones
    assert land.hash() == run_in_cpp("trees.canopy_cover", "zones", left_out=files["zones"].with_name("water.gpkg"), **files)
    whole = stadtgdi.trees.canopy_cover(trees, zones).zones
    wet = np.arange(len(zones)) % 3 == 0
    assert np.allclose(land["reference_m2"], np.where(wet, 0, whole["zone_area_m2"]), atol=1e-3)
    assert np.ma.getmaskarray(land["canopy_share"])[wet].all()
    assert np.allclose(land["canopy_m2"][~wet], whole["canopy_m2"][~wet], atol=1e-3)
    public = stadtgdi.trees.canopy_cover(trees, zones, only_within=water).zones
    assert np.allclose(public["canopy_m2"] + land["canopy_m2"], whole["canopy_m2"], atol=1e-3)


def test_diversity_is_the_same_in_python_and_cpp(files):
    trees, zones = stadtgdi.read(files["trees"]), stadtgdi.read(files["zones"])
    assert stadtgdi.trees.diversity(trees, zones=zones).zones.hash() == run_in_cpp("trees.diversity", "zones", **files)
    by_field = stadtgdi.trees.diversity(trees, zone_field="district", level="genus", outputs=("surplus",))
    parameters = dict(zone_field="district", level="genus", outputs="surplus", trees=files["trees"])
    assert by_field.surplus.hash() == run_in_cpp("trees.diversity", "surplus", **parameters)
    assert by_field.zones["zone"].tolist() == ["Mitte", "Süd", "West"]


def test_make_grid_is_the_same_in_python_and_cpp(files):
    trees, zones = stadtgdi.read(files["trees"]), stadtgdi.read(files["zones"])
    one = stadtgdi.statgrid.make_grid(cell_size_m=100, layer=trees).cells
    assert one.hash() == run_in_cpp("statgrid.make_grid", "cells", cell_size_m=100, layer=files["trees"])
    other = stadtgdi.statgrid.make_grid(cell_size_m=500, zones=zones).cells
    assert other.hash() == run_in_cpp("statgrid.make_grid", "cells", cell_size_m=500, zones=files["zones"])
    assert math.isclose((other["share_in_zone"] * 500 * 500).sum(), len(zones) * 250 * 250, rel_tol=1e-12)


def test_results_do_not_depend_on_threads(files):
    trees, zones = stadtgdi.read(files["trees"]), stadtgdi.read(files["zones"])
    hashes = {stadtgdi.trees.canopy_cover(trees, zones, threads=threads).zones.hash() for threads in (1, 2, 5)}
    assert len(hashes) == 1


def test_findings_come_with_the_result():
    trees = stadtgdi.Table.from_arrays({"crown_diam_m": [50.0, 4.0]}, x=[4486010.0, 4486020.0], y=[3139010.0, 3139020.0], crs="EPSG:3035")
    zones = stadtgdi.statgrid.make_grid(layer=trees).cells
    result = stadtgdi.trees.canopy_cover(trees, zones)
    wide = [f for f in result.findings if f.rule == "V104"]
    assert len(wide) == 1 and wide[0].row == 0 and wide[0].x == 4486010.0 and wide[0].message_de
    assert math.isclose(result.zones["canopy_m2"][0], 4 * math.pi)
    with pytest.raises(AttributeError, match="zones"):
        result.nothing


def test_tables_of_other_libraries_are_taken_through_arrow():
    class Foreign:
        def __init__(self, table):
            self.table = table

        def __arrow_c_stream__(self, requested_schema=None):
            return self.table.__arrow_c_stream__()

    trees = stadtgdi.Table.from_arrays({"taxon_text": ["Tilia cordata"] * 3}, x=[0.0] * 3, y=[0.0] * 3, crs="EPSG:25833")
    assert stadtgdi.run("trees.diversity", {"trees": Foreign(trees)}).zones["n_trees"].tolist() == [3]
