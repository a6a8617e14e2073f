# SPDX-License-Identifier: GPL-2.0-or-later
import importlib
import inspect

import pytest

import stadtgdi

declarations = {operation["id"]: operation for operation in stadtgdi.operations.declarations()}


def function_of(identifier):
    theme, name = identifier.split(".")
    return getattr(importlib.import_module(f"stadtgdi.{theme}"), name)


@pytest.mark.parametrize("identifier", declarations)
def test_the_typed_function_has_the_declared_parameters_and_defaults(identifier):
    operation = declarations[identifier]
    signature = inspect.signature(function_of(identifier)).parameters
    given = [name for name in signature if name not in ("outputs", "threads")]
    assert sorted(given) == sorted(p["name"] for p in operation["parameters"])
    assert ("outputs" in signature) == any(output["optional"] for output in operation["outputs"])
    for p in operation["parameters"]:
        default = signature[p["name"]].default
        if p["default"] is None:
            assert default is (None if p["optional"] else inspect.Parameter.empty), p["name"]
        elif p["kind"] == "choice":
            assert str(default) == p["default"], p["name"]
        else:
            assert default == p["default"] and type(default) is type(p["default"]), p["name"]


@pytest.mark.parametrize("identifier", declarations)
def test_the_docstring_tells_of_every_parameter_and_every_output_column(identifier):
    text = function_of(identifier).__doc__
    for part in ("Args:", "Returns:", "Raises:", "Source:", ">>> "):
        assert part in text
    for p in declarations[identifier]["parameters"]:
        assert p["name"] in text, p["name"]
    for output in declarations[identifier]["outputs"]:
        assert output["name"] in text
