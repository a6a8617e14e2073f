# SPDX-License-Identifier: GPL-2.0-or-later
"""Tables of columns: NumPy views, Arrow streams, GeoDataFrames, files."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from . import _stadtgdi
from .errors import FindingsWarning, InvalidArgument

if TYPE_CHECKING:
    import geopandas
    import pandas


def _paths(path: str | PathLike[str] | Sequence[str | PathLike[str]]) -> list[str]:
    return [str(p) for p in path] if isinstance(path, (list, tuple)) else [str(path)]


def _warn(findings: list[dict[str, Any]]) -> None:
    """One warning for each rule, with its first finding and their number."""
    by_rule: dict[str, list[dict[str, Any]]] = {}
    for finding in findings:
        by_rule.setdefault(finding["rule"], []).append(finding)
    for rule, found in by_rule.items():
        first = found[0]
        place = ", ".join(str(part) for part in (first["file"], first["layer"], f"row {first['row'] + 1}" if first["row"] >= 0 else "", first["field"]) if part)
        more = f" ({len(found)} findings of this kind)" if len(found) > 1 else ""
        warnings.warn(f"{rule}: {place}: {first['message']}{more}", FindingsWarning, stacklevel=3)


class Column:
    """One column of a table.

    Attributes:
        name: its name.
        type: "boolean", "int64", "float64", "text", "date" or "datetime".
        values: a read-only NumPy array that shares the table's memory (dates are widened to `datetime64[D]`, text is an
            object array of str and None). Where `valid` is False a value means nothing; `to_masked()` and `table[name]`
            hide it.
        valid: a NumPy array of bool, or None where every row has a value.

    >>> import stadtgdi
    >>> column = stadtgdi.Table.from_arrays({"height_m": [12.5, None, 9.0]}).column("height_m")
    >>> column.valid
    array([ True, False,  True])
    >>> column.null_count
    1
    >>> float(column.to_masked().mean())
    10.75
    """

    def __init__(self, table: Any, name: str) -> None:
        self.name = name
        self.type = table.type(name)
        values = table.values(name)
        self.values = values if isinstance(values, np.ndarray) else _object_array(values)
        self.valid = table.valid(name)
        self._table = table

    def __len__(self) -> int:
        return len(self.values)

    @property
    def null_count(self) -> int:
        """How many rows have no value."""
        return 0 if self.valid is None else int((~self.valid).sum())

    @property
    def dictionary(self) -> tuple[np.ndarray, list[str]] | None:
        """(codes, texts) of a text column that is stored as a dictionary; codes share the table's memory. Else None."""
        return self._table.codes(self.name)

    def to_masked(self) -> np.ma.MaskedArray:
        """A NumPy masked array over the same memory, null rows masked."""
        return np.ma.masked_array(self.values, mask=False if self.valid is None else ~self.valid)

    def __repr__(self) -> str:
        return f"<stadtgdi.Column {self.name!r} {self.type}, {len(self)} rows, {self.null_count} null>"


class Geometry:
    """The geometries of a table as coordinates and offsets (GeoArrow's separated layout).

    Attributes:
        kind: "point", "line", "polygon", "multi_point", "multi_line" or "multi_polygon".
        crs: "EPSG:25833"; empty: unknown. x is easting or longitude, y northing or latitude, whatever the CRS says.
        x, y, z: read-only NumPy views (z None without heights).
        offsets: read-only NumPy views from the row inwards: rows to parts to rings to coordinates, as many as the kind has.
        valid: a NumPy array of bool, or None where every row has a geometry.

    >>> import stadtgdi
    >>> stadtgdi.Table.from_arrays(x=[5.0, 6.0], y=[1.0, 2.0], crs="EPSG:25833").geometry.x
    array([5., 6.])
    """

    kind: str
    crs: str
    x: np.ndarray
    y: np.ndarray
    z: np.ndarray | None
    offsets: list[np.ndarray]
    valid: np.ndarray | None

    def __init__(self, table: Any) -> None:
        for name, value in table.geometry().items():
            setattr(self, name, value)

    def __repr__(self) -> str:
        return f"<stadtgdi.Geometry {self.kind} in {self.crs or 'an unknown CRS'}, {len(self.x)} coordinates>"


class Table:
    """Columns of the same length and at most one geometry column. Never changed: methods return new tables that share
    the columns they did not touch.

    >>> import stadtgdi
    >>> table = stadtgdi.Table.from_arrays({"height_m": [12.5, 9.0], "genus": ["Tilia", None]}, x=[5.0, 6.0], y=[1.0, 2.0], crs="EPSG:25833")
    >>> len(table), table.columns
    (2, ['height_m', 'genus'])
    >>> table["height_m"]
    array([12.5,  9. ])
    >>> table["genus"]
    array(['Tilia', None], dtype=object)
    >>> table.crs
    'EPSG:25833'
    >>> table["height_m"].flags.writeable
    False
    """

    def __init__(self, native: Any) -> None:
        self._native = native

    @classmethod
    def from_arrays(cls, columns: Mapping[str, ArrayLike] | None = None, *, x: ArrayLike | None = None, y: ArrayLike | None = None, crs: str = "") -> Table:
        """Makes a table from arrays, lists or masked arrays; the values are copied once.

        Args:
            columns: dict from names to values: bool, integers, floats, datetime64, or texts. None, NaN, NaT and masked
                values become null.
            x, y: coordinates of points in `crs` (x easting or longitude); NaN: no position.
            crs: such as "EPSG:25833".

        Returns:
            Table

        Raises:
            InvalidArgument: lengths differ, or a type that no column can have.
        """
        native = _stadtgdi.Table()
        for name, values in (columns or {}).items():
            native = _with_column(native, str(name), values)
        if x is not None or y is not None:
            if x is None or y is None:
                raise InvalidArgument("Points need both x and y.", "Punkte brauchen x und y.")
            native = native.with_points(np.asarray(x, dtype="float64"), np.asarray(y, dtype="float64"), crs)
        return cls(native)

    @classmethod
    def from_arrow(cls, data: Any) -> Table:
        """Takes a table over from another library; values are shared where the layouts are equal.

        Args:
            data: any object with `__arrow_c_stream__` (pyarrow, polars, GDAL ...).

        Returns:
            Table

        Raises:
            Unsupported: a type that no column can have.

        >>> import stadtgdi
        >>> one = stadtgdi.Table.from_arrays({"n": [1, 2, 3]})
        >>> stadtgdi.Table.from_arrow(one)["n"]
        array([1, 2, 3])
        """
        return cls(_stadtgdi.table_from_stream(data.__arrow_c_stream__()))

    @property
    def columns(self) -> list[str]:
        """Names of the columns, without the geometry."""
        return self._native.names

    @property
    def types(self) -> dict[str, str]:
        """dict from names to types."""
        return dict(zip(self._native.names, self._native.types))

    @property
    def has_geometry(self) -> bool:
        """Whether there is a geometry column."""
        return self._native.has_geometry

    @property
    def geometry(self) -> Geometry:
        """The Geometry. Raises NotFound where the table has none."""
        return Geometry(self._native)

    @property
    def crs(self) -> str | None:
        """CRS of the geometry, None where there is none."""
        return self._native.geometry()["crs"] if self.has_geometry else None

    @property
    def nbytes(self) -> int:
        """Bytes of all values."""
        return self._native.bytes

    def __len__(self) -> int:
        return self._native.rows

    def __contains__(self, name: str) -> bool:
        return name in self._native.names

    def __getitem__(self, name: str) -> np.ndarray:
        """The values of a column as a NumPy array, shared and read-only. Where rows are null it is a masked array over the
        same memory, so that they take part in no sum, minimum or comparison. Two types are copied: texts are str and None in
        an object array, dates are widened to `datetime64[D]`.

        >>> import stadtgdi
        >>> table = stadtgdi.Table.from_arrays({"crown_diam_m": [8.0, None, 4.0], "planting_year": [1990, 2001, None]})
        >>> float(table["crown_diam_m"].mean())
        6.0
        >>> int(table["planting_year"].min())
        1990
        >>> table["planting_year"].filled(-1)
        array([1990, 2001,   -1])
        """
        column = self.column(name)
        return column.values if column.valid is None or column.type == "text" else column.to_masked()

    def column(self, name: str) -> Column:
        """One column with its type and nulls.

        Args:
            name: as in `columns`.

        Returns:
            Column

        Raises:
            NotFound: no such column; it names those there are.
        """
        return Column(self._native, name)

    def take(self, rows: ArrayLike) -> Table:
        """Chooses rows.

        Args:
            rows: their numbers from 0, in the order wanted, or one truth value a row; a masked one chooses nothing.

        Returns:
            Table

        Raises:
            IndexError: no such row. InvalidArgument: masked numbers, or truth values of another length.

        >>> import stadtgdi
        >>> stadtgdi.Table.from_arrays({"n": [10, 20, 30]}).take([2, 0])["n"]
        array([30, 10])
        """
        if isinstance(rows, np.ma.MaskedArray):
            if rows.dtype != bool and np.ma.is_masked(rows):
                raise InvalidArgument("take: some row numbers are masked.", "take: Einige Zeilennummern sind maskiert.")
            rows = rows.filled(False)  # a comparison with null chooses no row
        rows = np.asarray(rows)
        if rows.dtype == bool:
            if len(rows) != len(self):
                raise InvalidArgument(f"{len(rows)} truth values for {len(self)} rows.", f"{len(rows)} Wahrheitswerte für {len(self)} Zeilen.")
            rows = np.flatnonzero(rows)
        return Table(self._native.take(rows.astype("int64")))

    def select(self, names: Iterable[str]) -> Table:
        """Chooses columns; they are shared, and the geometry stays.

        Args:
            names: of the columns, in the order wanted.

        Returns:
            Table

        Raises:
            NotFound: no such column.
        """
        return Table(self._native.select(list(names)))

    def with_column(self, name: str, values: ArrayLike) -> Table:
        """A table with one more (or another) column; the rest is shared.

        Args:
            name: of the column; one that is there is replaced.
            values: one a row, as in from_arrays.

        Returns:
            Table

        Raises:
            InvalidArgument: another length, or a type that no column can have.

        >>> import stadtgdi
        >>> stadtgdi.Table.from_arrays({"n": [1, 2]}).with_column("twice", [2, 4]).columns
        ['n', 'twice']
        """
        return Table(_with_column(self._native, name, values))

    def to_crs(self, crs: str, *, threads: int = 0) -> Table:
        """The table with its geometry in another CRS.

        Args:
            crs: such as "EPSG:3035". x stays easting or longitude, whatever axis order the CRS has.
            threads: 0: all cores. Ctrl-C stops the work.

        Returns:
            Table

        Raises:
            NotFound: an unknown CRS.

        >>> import stadtgdi
        >>> markt = stadtgdi.Table.from_arrays(x=[12.3747], y=[51.3406], crs="EPSG:4326").to_crs("EPSG:3035").geometry
        >>> round(float(markt.x[0]), 2), round(float(markt.y[0]), 2)
        (4486442.03, 3139323.48)
        """
        return Table(_stadtgdi.transformed(self._native, crs, threads))

    def hash(self) -> int:
        """64 bit hash of all values; equal tables give equal hashes on every machine."""
        return self._native.hash()

    def wkb(self) -> list[bytes | None]:
        """The geometries as a list of WKB (bytes), None where null."""
        return _stadtgdi.wkb(self._native)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The table as an Arrow C stream of one batch (a PyCapsule); values are shared, geometry is GeoArrow."""
        return self._native.stream_capsule()

    def __arrow_c_schema__(self) -> object:
        """The types as an Arrow C schema (a PyCapsule)."""
        return self._native.schema_capsule()

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas DataFrame without the geometry; null integers and truth values give pandas' nullable types."""
        import pandas as pd

        series = {}
        for name in self.columns:
            column = self.column(name)
            if column.valid is None or column.type == "text":
                series[name] = pd.Series(column.values)
            elif column.type == "float64":
                series[name] = pd.Series(np.where(column.valid, column.values, np.nan))
            elif column.type in ("date", "datetime"):
                series[name] = pd.Series(np.where(column.valid, column.values, np.datetime64("NaT")))
            else:
                kind = {"int64": pd.arrays.IntegerArray, "boolean": pd.arrays.BooleanArray}[column.type]
                series[name] = pd.Series(kind(column.values.copy(), ~column.valid))
        return pd.DataFrame(series, index=pd.RangeIndex(len(self)))

    def to_geodataframe(self) -> geopandas.GeoDataFrame:
        """A geopandas GeoDataFrame. Raises ImportError where geopandas is not installed."""
        import geopandas as gpd

        frame = self.to_pandas()
        shapes = gpd.GeoSeries.from_wkb(self.wkb(), index=frame.index, crs=self.crs or None)
        return gpd.GeoDataFrame(frame, geometry=shapes)

    def write(self, path: str | PathLike[str], layer: str = "", *, mode: Literal["create", "replace", "append"] = "create", threads: int = 0) -> None:
        """Writes the table as a layer, in one transaction.

        Args:
            path: .gpkg, .shp, .geojson, .csv, .fgb, or "PG:..." for PostGIS.
            layer: its name; empty: the file's name.
            mode: "create" (error where the layer exists), "replace" or "append".
            threads: 0: all cores.

        Raises:
            InvalidArgument: the layer exists. IoError: the file cannot be written. Unsupported: unknown ending.

        Warns:
            FindingsWarning: what the format cannot hold (rows without a geometry in .fgb, long names in .shp).
        """
        if mode not in ("create", "replace", "append"):
            raise InvalidArgument(f"mode: found {mode!r}, expected create, replace or append.", f"mode: gefunden {mode!r}, erwartet create, replace oder append.")
        if not layer:
            from pathlib import Path

            layer = Path(str(path)).stem
        _warn(_stadtgdi.write(self._native, str(path), layer, mode, threads))

    def __repr__(self) -> str:
        geometry = f", {self._native.geometry()['kind']} in {self.crs or 'an unknown CRS'}" if self.has_geometry else ""
        return f"<stadtgdi.Table {len(self)} rows, {len(self.columns)} columns{geometry}>"


def read(path: str | PathLike[str] | Sequence[str | PathLike[str]], layer: str = "", *, columns: Sequence[str] = (), crs: str = "", threads: int = 0) -> Table:
    """Reads a layer of a file, of many files of one kind, or of PostGIS.

    Args:
        path: a file (gzip'ed or not), a list of files of one kind, or "PG:...".
        layer: may be left out where there is only one.
        columns: names; empty: all.
        crs: brings the geometry into this CRS; empty: as stored.
        threads: 0: all cores. Ctrl-C stops the work.

    Returns:
        Table

    Raises:
        NotFound: no such file or layer. InvalidArgument: several layers and none named. BadData: damaged.
        Unsupported: a format that cannot be read.

    Warns:
        FindingsWarning: rows whose geometry or value cannot be read; they are kept without it.
    """
    native, findings = _stadtgdi.read(_paths(path), layer, list(columns), crs, threads)
    _warn(findings)
    return Table(native)


def layers(path: str | PathLike[str] | Sequence[str | PathLike[str]]) -> list[dict[str, Any]]:
    """What a file holds.

    Args:
        path: as in read.

    Returns:
        A dict for each layer with name, rows, geometry, crs and columns (names to types).

    Raises:
        NotFound: no such file. Unsupported: a format that cannot be read.

    >>> import stadtgdi, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> stadtgdi.Table.from_arrays({"n": [1, 2]}, x=[5, 6], y=[1, 2], crs="EPSG:25833").write(folder.name + "/two.gpkg", "points")
    >>> [(layer["name"], layer["rows"], layer["crs"]) for layer in stadtgdi.layers(folder.name + "/two.gpkg")]
    [('points', 2, 'EPSG:25833')]
    >>> stadtgdi.read(folder.name + "/two.gpkg")["n"]
    array([1, 2])
    >>> folder.cleanup()
    """
    return _stadtgdi.source_layers(_paths(path))


def _object_array(values: Sequence[object]) -> np.ndarray:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def _with_column(native: Any, name: str, values: Any) -> Any:
    mask = None
    if isinstance(values, np.ma.MaskedArray):
        mask = np.ma.getmaskarray(values)
        values = values.data
    array = np.asarray(values)
    if array.ndim != 1:
        raise InvalidArgument(f"Column {name!r}: found {array.ndim} dimensions, expected one.", f"Spalte {name!r}: {array.ndim} Dimensionen gefunden, eine erwartet.")
    if array.dtype.kind == "O":
        found = [v for v in array if not _is_null(v)]
        missing = np.array([_is_null(v) for v in array], dtype=bool)
        mask = missing if mask is None else mask | missing
        if not found or all(isinstance(v, str) for v in found):
            return native.with_texts(name, [None if m else v for v, m in zip(array, mask)])
        typed = np.asarray(found)
        if typed.dtype.kind not in "biufM":
            raise InvalidArgument(f"Column {name!r}: no column can hold {type(found[0]).__name__} values.", f"Spalte {name!r}: Werte vom Typ {type(found[0]).__name__} passen in keine Spalte.")
        full = np.zeros(len(array), dtype=typed.dtype)
        full[~missing] = typed
        array = full
    if array.dtype.kind in "US":
        texts = array.astype(str).tolist()
        return native.with_texts(name, texts if mask is None else [None if m else v for v, m in zip(texts, mask)])
    if array.dtype.kind == "b":
        kind = "boolean"
    elif array.dtype.kind in "iu":
        kind = "int64"
    elif array.dtype.kind == "f":
        kind = "float64"
        missing = np.isnan(array)
        if missing.any():
            mask = missing if mask is None else mask | missing
    elif array.dtype.kind == "M":
        missing = np.isnat(array)
        if missing.any():
            mask = missing if mask is None else mask | missing
        is_date = np.datetime_data(array.dtype)[0] in ("Y", "M", "W", "D")
        kind = "date" if is_date else "datetime"
        array = array.astype("datetime64[D]" if is_date else "datetime64[us]").astype("int64")
        if mask is not None:
            array = np.where(mask, 0, array)
    else:
        raise InvalidArgument(f"Column {name!r}: no column can hold {array.dtype} values.", f"Spalte {name!r}: Werte vom Typ {array.dtype} passen in keine Spalte.")
    return native.with_array(name, kind, array, None if mask is None else ~mask)


def _is_null(value: object) -> bool:
    return value is None or (isinstance(value, float) and value != value) or (isinstance(value, np.datetime64) and np.isnat(value))


__all__ = ["Column", "Geometry", "Table", "layers", "read"]
