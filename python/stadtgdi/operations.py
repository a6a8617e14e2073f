# SPDX-License-Identifier: GPL-2.0-or-later
"""Running operations by their declaration; the typed functions in stadtgdi.trees and stadtgdi.statgrid rest on it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from . import _stadtgdi
from .table import Table


class ArrowStream(Protocol):
    """What operations take as a layer: a Table, or a table of any library that reads and writes Arrow."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...


@dataclass(frozen=True)
class Finding:
    """What is doubtful about one row of the data: a result, not an error.

    row is zero-based, -1: the whole layer. x and y are in the layer's CRS, None where there is no place.
    """

    rule: str
    severity: str
    layer: str
    row: int
    field: str
    value: str
    message: str
    message_de: str
    uuid: str = ""
    file: str = ""
    x: float | None = None
    y: float | None = None


class Result:
    """Outputs of an operation as attributes (`result.zones`), all of them in `tables`, and `findings`. A name in brackets
    gives a column of the main output: `result["canopy_percent"]` is `result.zones["canopy_percent"]`.

    >>> import stadtgdi
    >>> result = stadtgdi.statgrid.make_grid(extent=(4486000, 3139000, 4487000, 3140000))
    >>> result["cell_code_short"][0] == result.cells["cell_code_short"][0]
    True
    """

    def __init__(self, tables: dict[str, Table], findings: list[Finding], main: str | None = None) -> None:
        self.tables = tables
        self.findings = findings
        self._main = main

    def __getitem__(self, name: str) -> np.ndarray:
        """A column of the main output, as Table gives it."""
        return self.tables[self._main][name]

    def __getattr__(self, name: str) -> Table:
        tables = self.__dict__.get("tables", {})
        if name in tables:
            return tables[name]
        raise AttributeError(f"The result has no output {name!r}; it has: {', '.join(tables)}.")

    def __repr__(self) -> str:
        return f"<stadtgdi.Result {', '.join(f'{k}: {len(t)} rows' for k, t in self.tables.items())}; {len(self.findings)} findings>"


def declarations() -> list[dict[str, Any]]:
    """What all operations declare, which is what dialogs, command and reference pages are made of.

    Returns:
        Dicts sorted by id, with id, title, abstract, source, parameters and outputs; texts as {"en", "de"}.

    >>> import stadtgdi
    >>> [operation["id"] for operation in stadtgdi.operations.declarations()]
    ['statgrid.make_grid', 'trees.canopy_cover', 'trees.diversity']
    """
    return json.loads(_stadtgdi.operations_json())


def run(operation: str, parameters: Mapping[str, Any], *, outputs: Sequence[str] = (), threads: int = 0) -> Result:
    """Runs an operation by its id.

    Args:
        operation: such as "trees.canopy_cover".
        parameters: dict from names to Tables and values; None counts as not given.
        outputs: names of optional outputs that are wanted, too.
        threads: 0: all cores. The result does not depend on it. Ctrl-C stops the work.

    Returns:
        Result

    Raises:
        NotFound: no such operation. InvalidArgument: a parameter is missing, misspelt or does not fit.

    >>> import stadtgdi
    >>> trees = stadtgdi.Table.from_arrays({"taxon_text": ["Tilia cordata", "Acer platanoides"]}, x=[0, 0], y=[0, 0], crs="EPSG:25833")
    >>> stadtgdi.run("trees.diversity", {"trees": trees, "level": "family"})["n_taxa"].tolist()
    [2]
    """
    tables, values = {}, {}
    for name, value in parameters.items():
        if isinstance(value, Table):
            tables[name] = value._native
        elif hasattr(value, "__arrow_c_stream__"):
            tables[name] = Table.from_arrow(value)._native
        else:
            values[name] = value
    native, findings = _stadtgdi.run_operation(operation, tables, values, list(outputs), threads)
    main = next(d["outputs"][0]["name"] for d in declarations() if d["id"] == operation)
    return Result({name: Table(table) for name, table in native.items()}, [Finding(**finding) for finding in findings], main)
