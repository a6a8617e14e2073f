# SPDX-License-Identifier: GPL-2.0-or-later
"""The command gives what Python gives."""

import os
import subprocess

import numpy as np
import pytest

import stadtgdi


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("layers")
    random = np.random.default_rng(8)
    n = 500
    trees = stadtgdi.Table.from_arrays(
        {"crown_diam_m": np.where(random.random(n) < 0.5, np.nan, random.uniform(1, 12, n)), "taxon_text": ["Tilia cordata", "Acer species"] * (n // 2),
         "genus": ["Tilia", "Acer"] * (n // 2), "planting_year": random.integers(1920, 2024, n)},
        x=316000 + random.random(n) * 300, y=5690000 + random.random(n) * 300, crs="EPSG:25833")
    trees.write(folder / "trees.gpkg", "trees")
    stadtgdi.statgrid.make_grid(cell_size_m=100, layer=trees).cells.write(folder / "zones.gpkg", "zones")
    return folder


def run_command(folder, operation, *arguments):
    out = folder / "out.gpkg"
    out.unlink(missing_ok=True)
    done = subprocess.run([os.environ["STADTGDI_COMMAND"], "run", operation, *map(str, arguments), "--out", str(out)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out


def written(folder, table, layer):
    """The table after the same way through a file."""
    path = folder / "python.gpkg"
    path.unlink(missing_ok=True)
    table.write(path, layer)
    return stadtgdi.read(path, layer).hash()


def test_canopy_cover_and_its_optional_output(files):
    out = run_command(files, "trees.canopy_cover", "--trees", files / "trees.gpkg", "--zones", files / "zones.gpkg", "--missing", "estimate", "--reference-year", 2024, "--with", "crowns")
    trees, zones = stadtgdi.read(files / "trees.gpkg"), stadtgdi.read(files / "zones.gpkg")
    result = stadtgdi.trees.canopy_cover(trees, zones, missing="estimate", reference_year=2024, outputs=("crowns",))
    for name in ("zones", "crowns"):
        assert stadtgdi.read(out, name).hash() == written(files, result.tables[name], name), name


def test_diversity(files):
    out = run_command(files, "trees.diversity", "--trees", files / "trees.gpkg", "--zones", files / "zones.gpkg", "--level", "genus")
    result = stadtgdi.trees.diversity(stadtgdi.read(files / "trees.gpkg"), zones=stadtgdi.read(files / "zones.gpkg"), level="genus")
    assert stadtgdi.read(out).hash() == written(files, result.zones, "zones")


def test_make_grid(files):
    out = run_command(files, "statgrid.make_grid", "--cell-size-m", 100, "--extent", "4486000,3139000,4487000,3140000")
    cells = stadtgdi.statgrid.make_grid(cell_size_m=100, extent=(4486000, 3139000, 4487000, 3140000)).cells
    assert stadtgdi.read(out).hash() == written(files, cells, "cells")
    assert len(cells) == 100
