# SPDX-License-Identifier: GPL-2.0-or-later
"""The geodata of a city as columns, and analyses over them.

A city is one store (a GeoPackage or a PostGIS schema) with layers of trees, utilities, green spaces, buildings and the
statistical grid. Columns come as NumPy arrays without being copied; whole tables go to any library that reads Arrow.

    import stadtgdi
    city = stadtgdi.open_city("leipzig.gpkg")
    trees = city.layer("trees_tree")
    result = stadtgdi.trees.diversity(trees, zone_field="district_name")
    result.zones["shannon_h"]
"""

from . import operations, statgrid, trees
from .city import City, families, open_city
from .errors import BadData, Cancelled, Error, FindingsWarning, InternalError, InvalidArgument, IoError, NotFound, Unsupported
from .operations import Finding, Result, run
from .table import Column, Geometry, Table, layers, read

__all__ = [
    "BadData", "Cancelled", "City", "Column", "Error", "Finding", "FindingsWarning", "Geometry", "InternalError", "InvalidArgument", "IoError", "NotFound",
    "Result", "Table", "Unsupported", "families", "layers", "open_city", "operations", "read", "run", "statgrid", "trees",
]
