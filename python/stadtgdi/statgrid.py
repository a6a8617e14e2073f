# SPDX-License-Identifier: GPL-2.0-or-later
"""The statistical grid (Geographische Gitter) in EPSG:3035."""

from __future__ import annotations

import operator
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from . import _stadtgdi
from .errors import InvalidArgument
from .operations import ArrowStream, Result, run
from .table import Table


def make_grid(*, cell_size_m: int = 1000, extent: Sequence[float] | None = None, extent_crs: str = "EPSG:3035", layer: ArrowStream | None = None,
              zones: ArrowStream | None = None, country: str | None = None, max_cells: int = 2000000, threads: int = 0) -> Result:
    """Makes the cells of the European statistical grid over an extent, a layer or zones, with their official codes.

    Source: VO (EU) 2018/1799 Art. 3; cells are half open, [e, e + size) x [n, n + size).

    Args:
        cell_size_m: side of a cell: 100, 250, 500, 1000, 5000, 10000 or 100000 m.
        extent: (xmin, ymin, xmax, ymax) in `extent_crs`; goes before the layer.
        extent_crs: CRS of the extent.
        layer: Table whose extent is covered, in any CRS.
        zones: Table of polygons in any CRS; only cells with a share in them are made, with `share_in_zone` (0 to 1).
        country: "DE" puts DE_ in front of cell_code, as in deliveries by that regulation.
        max_cells: more cells are refused before any is made.
        threads: 0: all cores.

    Returns:
        Result with `cells`: cell_code, cell_code_short, size_m, east_m, north_m (m, EPSG:3035), share_in_zone (with zones).

    Raises:
        InvalidArgument: neither extent, layer nor zones; outside the grid; too many cells.

    >>> import stadtgdi
    >>> cells = stadtgdi.statgrid.make_grid(cell_size_m=100, extent=(12.3747, 51.3406, 12.3747, 51.3406), extent_crs="EPSG:4326").cells
    >>> cells["cell_code"][0], cells["cell_code_short"][0]
    ('CRS3035RES100mN3139300E4486400', '100mN31393E44864')
    """
    return run("statgrid.make_grid",
               {"cell_size_m": cell_size_m, "extent": extent, "extent_crs": extent_crs, "layer": layer, "zones": zones, "country": country,
                "max_cells": max_cells}, threads=threads)


def cell_code(size_m: int, east_m: int, north_m: int, *, short: bool = False, country: str = "") -> str:
    """Code of the cell with this lower left corner (metres, EPSG:3035).

    Args:
        size_m: 100, 250, 500, 1000, 5000, 10000 or 100000.
        east_m, north_m: the corner; a multiple of the size. For any point see cell_codes.
        short: "1kmN3139E4486" instead of "CRS3035RES1000mN3139000E4486000".
        country: two letters put in front of the long form, as in deliveries by VO (EU) 2018/1799: "DE".

    Returns:
        The code; northing comes before easting.

    Raises:
        InvalidArgument: unknown size, or a corner that is no multiple of it. TypeError: something that is no whole number.

    >>> import stadtgdi
    >>> stadtgdi.statgrid.cell_code(1000, 4486000, 3139000, short=True)
    '1kmN3139E4486'
    >>> stadtgdi.statgrid.cell_code(1000, 4486000, 3139000, country="DE")
    'DE_CRS3035RES1000mN3139000E4486000'
    """
    numbers = [_whole(name, value) for name, value in (("size_m", size_m), ("east_m", east_m), ("north_m", north_m))]
    return _prefix(country, short) + _stadtgdi.cell_code(*numbers, bool(short))


def cell_codes(x: ArrayLike, y: ArrayLike, crs: str, *, size_m: int = 100, short: bool = False, country: str = "") -> np.ndarray | str | None:
    """Codes of the cells that hold points; cells are half open, [e, e + size) x [n, n + size).

    Args:
        x, y: numbers or arrays of one length: easting and northing, or longitude and latitude, in `crs`.
        crs: of the points, such as "EPSG:25833".
        size_m, short, country: as in cell_code.

    Returns:
        A NumPy object array of str, None where x or y is NaN, masked or outside the grid; one str for two numbers.

    Raises:
        InvalidArgument: unknown size or CRS, different lengths. TypeError: x or y are no numbers.

    >>> import stadtgdi
    >>> stadtgdi.statgrid.cell_codes(12.3747, 51.3406, "EPSG:4326")
    'CRS3035RES100mN3139300E4486400'
    >>> stadtgdi.statgrid.cell_codes([4341177.7, float("nan")], [2691702.3, 0.0], "EPSG:3035", short=True).tolist()
    ['100mN26917E43411', None]
    """
    prefix, size = _prefix(country, short), _whole("size_m", size_m)
    _stadtgdi.cell_code(size, 0, 0, True)  # refuses an unknown size
    if not isinstance(crs, str):
        raise TypeError(f"crs: expected text such as 'EPSG:25833', found {type(crs).__name__}")
    east, north = _numbers("x", x), _numbers("y", y)
    is_one = east.ndim == 0 and north.ndim == 0
    east, north = np.atleast_1d(east), np.atleast_1d(north)
    if east.shape != north.shape or east.ndim != 1:
        raise InvalidArgument(f"x and y must be of one length: found {east.shape} and {north.shape}.",
                              f"x und y müssen gleich lang sein: {east.shape} und {north.shape} gefunden.")
    if crs != "EPSG:3035":
        points = Table.from_arrays({}, x=east, y=north, crs=crs).to_crs("EPSG:3035").geometry
        known = np.ones(len(east), dtype=bool) if points.valid is None else points.valid
        east, north = np.where(known, points.x, np.nan), np.where(known, points.y, np.nan)
    out = np.empty(len(east), dtype=object)
    for row in np.flatnonzero((east >= 0) & (north >= 0) & (east < 1e7) & (north < 1e7)):
        corner = int(east[row] // size) * size, int(north[row] // size) * size
        out[row] = prefix + _stadtgdi.cell_code(size, *corner, bool(short))
    return out[0] if is_one else out


def parse_cell_code(code: str) -> tuple[int, int, int] | None:
    """Takes the code of a cell apart.

    Args:
        code: in either form, with or without a country's prefix.

    Returns:
        (size_m, east_m, north_m): size and lower left corner in metres (EPSG:3035); None where it is no valid code.

    >>> import stadtgdi
    >>> stadtgdi.statgrid.parse_cell_code("DE_CRS3035RES100mN2691700E4341100")
    (100, 4341100, 2691700)
    >>> stadtgdi.statgrid.parse_cell_code("100mN26917E43411")
    (100, 4341100, 2691700)
    >>> stadtgdi.statgrid.parse_cell_code("100mE43411N26917") is None
    True
    """
    return _stadtgdi.parse_cell_code(code)


def _whole(name: str, value: object) -> int:
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{name}: expected a whole number of metres, found {value!r} ({type(value).__name__}); cell_codes takes points") from None


def _numbers(name: str, values: ArrayLike) -> np.ndarray:
    try:
        array = np.ma.filled(np.ma.asarray(values, dtype="float64"), np.nan)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: expected numbers, found {type(values).__name__}") from None
    return np.asarray(array)


def _prefix(country: str, short: bool) -> str:
    if not country:
        return ""
    if short or len(country) != 2 or not country.isalpha() or not country.isupper():
        raise InvalidArgument(f"country: found {country!r}, expected two capital letters, with the long form only.",
                              f"country: {country!r} gefunden, erwartet werden zwei Großbuchstaben, nur zur Langform.")
    return country + "_"
