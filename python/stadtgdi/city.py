# SPDX-License-Identifier: GPL-2.0-or-later
"""A city: one store with all its layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any

from . import _stadtgdi
from .table import Table


class City:
    """One GeoPackage ("city.gpkg") or PostGIS schema ("PG:dbname=... schemas=leipzig") with the layers of a city.

    Args:
        path: of the store.

    Attributes:
        path: as given.
        name, crs, attribution, licence: as the store says.

    Raises:
        NotFound: no such file. BadData: not a city store. Unsupported: made by a newer version.

    >>> import stadtgdi, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> city = stadtgdi.City.create(folder.name + "/town.gpkg", name="Town", crs="EPSG:25833")
    >>> city.store({"trees_tree": stadtgdi.Table.from_arrays({"genus": ["Tilia", "Acer"]}, x=[317000, 317010], y=[5690000, 5690000], crs="EPSG:25833")})
    >>> [(layer["name"], layer["rows"]) for layer in city.layers()]
    [('trees_tree', 2)]
    >>> city.layer("trees_tree", columns=["genus"])["genus"].tolist()
    ['Tilia', 'Acer']
    >>> folder.cleanup()
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self._native = _stadtgdi.City.open(str(path))
        self.path = str(path)
        info = self._native.info
        self.name = info["name"]
        self.crs = info["crs"]
        self.attribution = info["attribution"]
        self.licence = info["licence"]

    @classmethod
    def create(cls, path: str | PathLike[str], *, name: str = "", crs: str = "EPSG:25833", attribution: str = "", licence: str = "") -> City:
        """Makes an empty city store.

        Args:
            path: of a GeoPackage, or "PG:dbname=... schemas=name".
            name: of the city, as people read it.
            crs: of its layers, where they do not say another.
            attribution, licence: of its layers, where they do not say others.

        Returns:
            City

        Raises:
            InvalidArgument: there is a file already, or an unknown CRS.
        """
        _stadtgdi.City.create(str(path), name, crs, attribution, licence)
        return cls(path)

    def store(self, layers: Mapping[str, Table], *, append: bool = False, threads: int = 0) -> None:
        """Replaces (or appends to) layers, all in one transaction.

        Args:
            layers: dict from names ("trees_tree") to Tables. Columns of the layer's definition that a table lacks are
                added, columns beyond it are kept.
            append: keeps the rows that are there.
            threads: 0: all cores.

        Raises:
            InvalidArgument: a column has another type than its definition. IoError: the store cannot be written; it is as it was.
        """
        native = {name: table._native for name, table in layers.items()}
        self._native.store(native, append, threads)

    def layers(self) -> list[dict[str, Any]]:
        """The stored layers.

        Returns:
            Dicts sorted by name, with name, definition, crs, rows, disclosure ("public", "internal", "restricted", "kritis"),
            source, attribution, licence and demonstration.
        """
        return self._native.layers()

    def layer(self, name: str, *, columns: Sequence[str] = (), threads: int = 0) -> Table:
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

    def __repr__(self) -> str:
        return f"<stadtgdi.City {self.name!r} at {self.path!r}>"


def open_city(path: str | PathLike[str]) -> City:
    """Opens a city; the same as City(path).

    Args:
        path: of a GeoPackage, or "PG:dbname=... schemas=name".

    Returns:
        City

    Raises:
        NotFound: no such file. BadData: not a city store. Unsupported: made by a newer version.
    """
    return City(path)


def families() -> list[dict[str, Any]]:
    """The declared layer families.

    Returns:
        Dicts with name, title and abstract (texts as {"en", "de"}) and layers with their fields.

    >>> import stadtgdi
    >>> [family["name"] for family in stadtgdi.families()]
    ['buildings', 'districts', 'greenspace', 'population', 'statgrid', 'trees', 'utilities', 'walking']
    """
    return _stadtgdi.families()
