# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

import stadtgdi


def trees(n=3):
    return stadtgdi.Table.from_arrays({"uuid": [f"00000000-0000-4000-8000-00000000000{i}" for i in range(n)], "genus": ["Tilia"] * n, "taxon_text": ["Tilia cordata"] * n,
                                       "crown_diam_m": [4.0 + i for i in range(n)]}, x=[316000.0 + 5 * i for i in range(n)], y=[5690000.0] * n, crs="EPSG:25833")


def test_a_city_is_made_filled_and_read(tmp_path):
    city = stadtgdi.City.create(tmp_path / "city.gpkg", name="Musterstadt", crs="EPSG:25833")
    assert city.name == "Musterstadt" and city.layers() == []
    city.store({"trees_tree": trees()})
    city = stadtgdi.open_city(tmp_path / "city.gpkg")
    layer = [layer for layer in city.layers() if layer["name"] == "trees_tree"][0]
    assert layer["rows"] == 3 and layer["disclosure"] == "public" and layer["crs"] == "EPSG:25833"
    table = city.layer("trees_tree")
    assert table["crown_diam_m"].tolist() == [4.0, 5.0, 6.0]
    assert "planting_year" in table.columns, "columns of the definition are there"
    city.store({"trees_tree": trees(1).with_column("uuid", ["00000000-0000-4000-8000-0000000000aa"])}, append=True)
    assert len(city.layer("trees_tree")) == 4
    with pytest.raises(stadtgdi.NotFound):
        city.layer("trees_shrub")


def test_operations_run_on_its_layers_with_the_default_fields(tmp_path):
    city = stadtgdi.City.create(tmp_path / "city.gpkg", name="Musterstadt")
    city.store({"trees_tree": trees()})
    table = city.layer("trees_tree")
    cells = stadtgdi.statgrid.make_grid(cell_size_m=100, layer=table).cells
    assert sum(stadtgdi.trees.canopy_cover(table, cells).zones["n_trees"]) == 3
    assert stadtgdi.trees.diversity(table).zones["top_species"].tolist() == ["Tilia cordata"]


def test_another_file_is_no_city(tmp_path):
    trees().write(tmp_path / "other.gpkg", "trees")
    with pytest.raises(stadtgdi.Error):
        stadtgdi.open_city(tmp_path / "other.gpkg")


def test_the_example_reports_on_a_city(tmp_path):
    import importlib.util
    import os

    file = os.path.join(os.environ["STADTGDI_SOURCE_DIR"], "python/examples/tree_report.py")
    spec = importlib.util.spec_from_file_location("tree_report", file)
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    city = stadtgdi.City.create(tmp_path / "city.gpkg", name="Musterstadt")
    zones = stadtgdi.statgrid.make_grid(cell_size_m=500, layer=trees()).cells.to_crs("EPSG:25833")
    n = len(zones)
    districts = zones.select([]).with_column("name", [f"Ortsteil {i}" for i in range(n)]).with_column("level", ["ortsteil"] * n)
    districts = districts.with_column("district_no", [str(i) for i in range(n)]).with_column("uuid", [f"00000000-0000-4000-8000-00000000010{i}" for i in range(n)])
    city.store({"trees_tree": trees(), "districts_district": districts})
    text = example.report(tmp_path / "city.gpkg", 2024)
    assert text.startswith("Musterstadt: 3 trees") and "Tilia 100 %" in text
