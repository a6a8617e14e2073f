# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
import pytest

import stadtgdi


@pytest.mark.parametrize("ending", ["gpkg", "fgb", "geojson"])
def test_tables_are_written_and_read_back(tmp_path, ending):
    table = stadtgdi.Table.from_arrays({"n": [1, None, 3], "name": ["Größe", "x", None]}, x=[12.1, 12.2, 12.3], y=[51.1, 51.2, 51.3], crs="EPSG:4326")
    path = tmp_path / f"places.{ending}"
    table.write(path)
    found = stadtgdi.layers(path)
    assert [layer["name"] for layer in found] == ["places"]
    back = stadtgdi.read(path)
    order = np.argsort(back.geometry.x)  # FlatGeobuf sorts along a curve
    back = back.take(order)
    assert back["name"].tolist() == ["Größe", "x", None]
    assert back.column("n").valid.tolist() == [True, False, True]
    assert np.allclose(back.geometry.x, [12.1, 12.2, 12.3])


def test_an_existing_layer_is_not_overwritten_unasked(tmp_path):
    table = stadtgdi.Table.from_arrays({"n": [1]}, x=[1.0], y=[2.0], crs="EPSG:25833")
    table.write(tmp_path / "a.gpkg", "one")
    with pytest.raises(stadtgdi.InvalidArgument):
        table.write(tmp_path / "a.gpkg", "one")
    table.write(tmp_path / "a.gpkg", "one", mode="append")
    table.write(tmp_path / "a.gpkg", "two")
    assert sorted(layer["name"] for layer in stadtgdi.layers(tmp_path / "a.gpkg")) == ["one", "two"]
    assert len(stadtgdi.read(tmp_path / "a.gpkg", "one")) == 2
    with pytest.raises(stadtgdi.InvalidArgument):
        stadtgdi.read(tmp_path / "a.gpkg")
    with pytest.raises(stadtgdi.InvalidArgument):
        table.write(tmp_path / "a.gpkg", "one", mode="overwrite")


def test_geometry_moves_to_another_crs():
    table = stadtgdi.Table.from_arrays({}, x=[12.3747], y=[51.3406], crs="EPSG:4326").to_crs("EPSG:3035")
    assert table.crs == "EPSG:3035"
    assert abs(table.geometry.x[0] - 4486442.03) < 0.01 and abs(table.geometry.y[0] - 3139323.48) < 0.01


def test_what_a_format_cannot_hold_is_a_warning(tmp_path):
    table = stadtgdi.Table.from_arrays({"species_within_limit": [1, 2, 3]}, x=[1.0, float("nan"), 3.0], y=[1.0, float("nan"), 3.0], crs="EPSG:25833")
    with pytest.warns(stadtgdi.FindingsWarning, match="io.no_place: p.fgb.*row 2"):
        table.write(tmp_path / "p.fgb")
    assert len(stadtgdi.read(tmp_path / "p.fgb")) == 2
    with pytest.warns(stadtgdi.FindingsWarning, match="io.shortened_name.*species_within_limit"):
        table.write(tmp_path / "p.shp")
