# SPDX-License-Identifier: GPL-2.0-or-later
"""A city: one store with all its layers."""

from . import _stadtgdi
from .table import Table


class City:
    """One GeoPackage ("city.gpkg") or PostGIS schema ("PG:dbname=... schemas=leipzig") with the layers of a city.

    Attributes:
        path: as given.
        name, crs, attribution, licence: as the store says.

    Raises:
        NotFound: no such file. BadData: not a city store. Unsupported: made by a newer version.
    """

    def __init__(self, path):
        self._native = _stadtgdi.City.open(str(path))
        self.path = str(path)
        info = self._native.info
        self.name = info["name"]
        self.crs = info["crs"]
        self.attribution = info["attribution"]
        self.licence = info["licence"]

    @classmethod
    def create(cls, path, *, name="", crs="EPSG:25833", attribution="", licence=""):
        """Makes an empty city store.

        Raises:
            InvalidArgument: there is a file already, or an unknown CRS.
        """
        _stadtgdi.City.create(str(path), name, crs, attribution, licence)
        return cls(path)

    def store(self, layers, *, append=False, threads=0):
        """Replaces (or appends to) layers, all in one transaction.

        Args:
            layers: dict from names ("trees_tree") to Tables. Columns of the layer's definition that a table lacks are
                added, columns beyond it are kept.
            append: keeps the rows that are there.
            threads: 0: all cores.
        """
        native = {name: table._native for name, table in layers.items()}
        self._native.store(native, append, threads)

    def layers(self):
        """The stored layers, sorted by name: a list of dicts with name, definition, crs, rows, disclosure ("public",
        "internal", "restricted", "kritis"), source, attribution, licence and demonstration."""
        return self._native.layers()

    def layer(self, name, *, columns=(), threads=0):
        """Reads a layer.

        Args:
            name: as stored, family first: "trees_tree".
            columns: names; empty: all.
            threads: 0: all cores. Ctrl-C stops the work.

        Returns:
            Table

        Raises:
            NotFound: the city has no such layer.
        """
        return Table(self._native.read(name, list(columns), threads))

    def __repr__(self):
        return f"<stadtgdi.City {self.name!r} at {self.path!r}>"


def open_city(path):
    """Opens a city; the same as City(path)."""
    return City(path)


def families():
    """The declared layer families: dicts with name, title and abstract ("en", "de") and layers with their fields."""
    return _stadtgdi.families()
