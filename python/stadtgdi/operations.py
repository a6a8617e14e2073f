# SPDX-License-Identifier: GPL-2.0-or-later
"""Running operations by their declaration; the typed functions in stadtgdi.trees and stadtgdi.statgrid rest on it."""

import json
from dataclasses import dataclass

from . import _stadtgdi
from .table import Table


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
    x: float = None
    y: float = None


class Result:
    """Outputs of an operation as attributes (`result.zones`), all of them in `tables`, and `findings`. A name in brackets
    gives a column of the main output: `result["canopy_percent"]` is `result.zones["canopy_percent"]`.

    >>> import stadtgdi
    >>> result = stadtgdi.statgrid.make_grid(extent=(4486000, 3139000, 4487000, 3140000))
    >>> result["cell_code_short"][0] == result.cells["cell_code_short"][0]
    True
    """

    def __init__(self, tables, findings, main=None):
        self.tables = tables
        self.findings = findings
        self._main = main

    def __getitem__(self, name):
        return self.tables[self._main][name]

    def __getattr__(self, name):
        tables = self.__dict__.get("tables", {})
        if name in tables:
            return tables[name]
        raise AttributeError(f"The result has no output {name!r}; it has: {', '.join(tables)}.")

    def __repr__(self):
        return f"<stadtgdi.Result {', '.join(f'{k}: {len(t)} rows' for k, t in self.tables.items())}; {len(self.findings)} findings>"


def declarations():
    """The declarations of all operations, sorted by id: dicts with id, title, abstract, source, parameters, outputs.

    >>> import stadtgdi
    >>> [operation["id"] for operation in stadtgdi.operations.declarations()]
    ['statgrid.make_grid', 'trees.canopy_cover', 'trees.diversity']
    """
    return json.loads(_stadtgdi.operations_json())


def run(operation, parameters, *, outputs=(), threads=0):
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
