# SPDX-License-Identifier: GPL-2.0-or-later
import numpy as np
import pytest

import stadtgdi


def sample():
    return stadtgdi.Table.from_arrays(
        {
            "flag": [True, None, False],
            "n": [1, 2, None],
            "height_m": [12.5, float("nan"), 9.0],
            "genus": ["Tilia", None, "Acer"],
            "planted": np.array(["2020-01-31", "NaT", "1969-12-31"], dtype="datetime64[D]"),
            "seen": np.array(["2020-01-31T12:00:01", "NaT", "1969-12-31T23:59:59"], dtype="datetime64[us]"),
        },
        x=[1.0, 2.0, float("nan")], y=[4.0, 5.0, 6.0], crs="EPSG:25833")


def test_values_come_back_with_their_types_and_nulls():
    table = sample()
    assert len(table) == 3
    assert table.types == {"flag": "boolean", "n": "int64", "height_m": "float64", "genus": "text", "planted": "date", "seen": "datetime"}
    for name, valid in {"flag": [1, 0, 1], "n": [1, 1, 0], "height_m": [1, 0, 1], "genus": [1, 0, 1], "planted": [1, 0, 1], "seen": [1, 0, 1]}.items():
        assert table.column(name).valid.tolist() == [bool(v) for v in valid], name
    assert table["n"][:2].tolist() == [1, 2]
    assert table["genus"].tolist() == ["Tilia", None, "Acer"]
    assert str(table["planted"][2]) == "1969-12-31"
    assert str(table["seen"][0]) == "2020-01-31T12:00:01.000000"
    assert table["flag"].dtype == bool
    assert table.column("height_m").null_count == 1
    assert table.column("height_m").to_masked().sum() == 21.5


def test_a_column_of_a_million_numbers_is_not_copied_and_outlives_its_table():
    table = stadtgdi.Table.from_arrays({"v": np.arange(1_000_000, dtype="float64")})
    one, two = table["v"], table["v"]
    assert one.__array_interface__["data"][0] == two.__array_interface__["data"][0]
    assert table.take([0]).column("v").values.__array_interface__["data"][0] != one.__array_interface__["data"][0]
    shared = table.with_column("w", np.zeros(1_000_000))
    assert shared["v"].__array_interface__["data"][0] == one.__array_interface__["data"][0], "untouched columns are shared"
    del table, two, shared
    assert one.sum() == 499999500000.0


@pytest.mark.parametrize("name", ["flag", "n", "height_m", "planted", "seen"])
def test_views_cannot_be_written(name):
    values = sample()[name]
    with pytest.raises(ValueError):
        values[0] = values[1]
    with pytest.raises(ValueError):
        values.setflags(write=True)


def test_coordinates_are_views_too():
    geometry = sample().geometry
    assert (geometry.kind, geometry.crs) == ("point", "EPSG:25833")
    assert geometry.x[:2].tolist() == [1.0, 2.0]
    assert geometry.valid.tolist() == [True, True, False]
    assert not geometry.x.flags.writeable
    assert sample().wkb()[2] is None


def test_polygons_have_offsets():
    cells = stadtgdi.statgrid.make_grid(cell_size_m=1000, extent=(4486000, 3139000, 4488000, 3140000)).cells
    rings, corners = cells.geometry.offsets
    assert rings.tolist() == [0, 1, 2]
    assert corners.tolist() == [0, 5, 10]


def test_take_by_numbers_and_truth_values():
    table = sample()
    assert table.take([2, 0, 0])["genus"].tolist() == ["Acer", "Tilia", "Tilia"]
    assert table.take(np.array([True, False, False]))["n"].tolist() == [1]
    with pytest.raises(IndexError):
        table.take([3])
    with pytest.raises(stadtgdi.InvalidArgument):
        table.take(np.array([True]))


def test_masked_arrays_lists_and_small_numbers_are_taken():
    masked = np.ma.masked_array([1, 2, 3], mask=[0, 1, 0], dtype="int16")
    table = stadtgdi.Table.from_arrays({"a": masked, "b": np.array([1, 2, 3], dtype="float32"), "c": np.array(["x", "yy", ""])})
    assert table.types == {"a": "int64", "b": "float64", "c": "text"}
    assert table.column("a").valid.tolist() == [True, False, True]
    assert table["c"].tolist() == ["x", "yy", ""]


def test_columns_that_do_not_fit_are_refused():
    with pytest.raises(stadtgdi.InvalidArgument):
        stadtgdi.Table.from_arrays({"a": [1, 2], "b": [1]})
    with pytest.raises(stadtgdi.InvalidArgument):
        stadtgdi.Table.from_arrays({"a": [1 + 2j]})
    with pytest.raises(stadtgdi.InvalidArgument):
        stadtgdi.Table.from_arrays({"a": [{}]})
    with pytest.raises(stadtgdi.InvalidArgument):
        stadtgdi.Table.from_arrays({"a": [1]}, x=[1.0, 2.0], y=[1.0, 2.0])
    with pytest.raises(stadtgdi.InvalidArgument):
        stadtgdi.Table.from_arrays({}, x=[1.0])


def test_geodataframe_has_the_same_values():
    frame = pytest.importorskip("geopandas") and sample().take([0, 1]).to_geodataframe()
    assert frame.crs.to_epsg() == 25833
    assert frame.geometry.x.tolist() == [1.0, 2.0]
    assert frame["n"].tolist() == [1, 2]
    assert frame["height_m"].isna().tolist() == [False, True]
    assert frame["flag"].isna().tolist() == [False, True]
