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
    for values in (sample()[name], sample().column(name).values):
        with pytest.raises(ValueError):
            values[0] = values[0]
        with pytest.raises(ValueError):
            values.setflags(write=True)


def test_null_rows_take_part_in_nothing():
    table = sample()
    assert table["height_m"].sum() == 21.5
    assert table["n"].min() == 1 and table["n"].mean() == 1.5
    assert table["flag"].sum() == 1
    assert table["planted"].min() == np.datetime64("1969-12-31")
    assert table["height_m"].mask.tolist() == [False, True, False]
    raw = table.column("height_m").values
    assert table["height_m"].data.__array_interface__["data"][0] == raw.__array_interface__["data"][0], "no copy"
    empty = stadtgdi.Table.from_arrays({"crown_diam_m": np.array([np.nan, np.nan]), "height_m": np.array([1.0, 2.0])})
    assert empty["crown_diam_m"].mean() is np.ma.masked
    assert type(empty["height_m"]) is np.ndarray, "nothing to mask"
    assert table.take(table["n"] < 10)["n"].tolist() == [1, 2], "a comparison with null chooses no row"
    assert table.take(table["height_m"] > -1)["height_m"].tolist() == [12.5, 9.0]
    assert table.with_column("again", table["n"])["again"].tolist() == [1, 2, None]
    with pytest.raises(stadtgdi.InvalidArgument):
        table.take(np.ma.masked_array([0, 1], mask=[True, False]))


def test_points_get_the_codes_of_their_cells():
    codes = stadtgdi.statgrid.cell_codes
    grid = stadtgdi.statgrid.make_grid(cell_size_m=100, extent=(4486000, 3139000, 4486300, 3139200)).cells
    middle_x, middle_y = grid["east_m"] + 50.0, grid["north_m"] + 50.0
    assert codes(middle_x, middle_y, "EPSG:3035").tolist() == grid["cell_code"].tolist()
    assert codes(grid["east_m"], grid["north_m"], "EPSG:3035", short=True).tolist() == grid["cell_code_short"].tolist(), "half open: the corner is in"
    inspire = codes([12.3747], [51.3406], "EPSG:4326", size_m=1000, country="DE")
    assert inspire.tolist() == ["DE_CRS3035RES1000mN3139000E4486000"]
    assert stadtgdi.statgrid.parse_cell_code(inspire[0]) == (1000, 4486000, 3139000)
    assert codes(np.ma.masked_array([4486000.0, 1.0], mask=[False, True]), [3139000.0, 1.0], "EPSG:3035")[1] is None
    for wrong in (lambda: codes("x", 1, "EPSG:3035"), lambda: codes(1, 1, 3035), lambda: stadtgdi.statgrid.cell_code(100, 1.5, 2), lambda: stadtgdi.statgrid.cell_code("100", 0, 0)):
        with pytest.raises(TypeError, match="expected"):
            wrong()
    for wrong in (lambda: codes([1.0], [1.0, 2.0], "EPSG:3035"), lambda: codes(1, 1, "EPSG:3035", size_m=123), lambda: codes(1, 1, "EPSG:3035", country="de")):
        with pytest.raises(stadtgdi.InvalidArgument):
            wrong()


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
