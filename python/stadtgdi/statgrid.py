# SPDX-License-Identifier: GPL-2.0-or-later
"""The statistical grid (Geographische Gitter) in EPSG:3035."""

from . import _stadtgdi
from .operations import run


def make_grid(*, cell_size_m=1000, extent=None, extent_crs="EPSG:3035", layer=None, zones=None, max_cells=2000000, threads=0):
    """Makes the cells of the European statistical grid over an extent, a layer or zones, with their official codes.

    Source: VO (EU) 2018/1799 Art. 3; cells are half open, [e, e + size) x [n, n + size).

    Args:
        cell_size_m: side of a cell: 100, 250, 500, 1000, 5000, 10000 or 100000 m.
        extent: (xmin, ymin, xmax, ymax) in `extent_crs`; goes before the layer.
        extent_crs: CRS of the extent.
        layer: Table whose extent is covered, in any CRS.
        zones: Table of polygons in any CRS; only cells with a share in them are made, with `share_in_zone` (0 to 1).
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
               {"cell_size_m": cell_size_m, "extent": extent, "extent_crs": extent_crs, "layer": layer, "zones": zones, "max_cells": max_cells}, threads=threads)


def cell_code(size_m, east_m, north_m, *, short=False):
    """Code of the cell with this lower left corner (metres, EPSG:3035).

    Raises:
        InvalidArgument: unknown size, or a corner that is no multiple of it.

    >>> import stadtgdi
    >>> stadtgdi.statgrid.cell_code(1000, 4486000, 3139000, short=True)
    '1kmN3139E4486'
    """
    return _stadtgdi.cell_code(size_m, east_m, north_m, short)


def parse_cell_code(code):
    """(size_m, east_m, north_m) of a code in either form; None where it is no valid code.

    >>> import stadtgdi
    >>> stadtgdi.statgrid.parse_cell_code("DE_CRS3035RES100mN2691700E4341100")
    (100, 4341100, 2691700)
    >>> stadtgdi.statgrid.parse_cell_code("100mN26917E43411")
    (100, 4341100, 2691700)
    >>> stadtgdi.statgrid.parse_cell_code("100mE43411N26917") is None
    True
    """
    return _stadtgdi.parse_cell_code(code)
