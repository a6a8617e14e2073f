# SPDX-License-Identifier: GPL-2.0-or-later
import importlib
import inspect
import typing

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


def public_functions():
    """Name and function: of the modules, and the methods of the classes."""
    for module in (stadtgdi.city, stadtgdi.operations, stadtgdi.statgrid, stadtgdi.table, stadtgdi.trees):
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(thing):
                yield f"{module.__name__}.{name}", thing
            elif inspect.isclass(thing) and not typing.is_typeddict(thing):
                for method, member in vars(thing).items():
                    member = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
                    if inspect.isfunction(member) and (method == "__getitem__" or not method.startswith("_")):
                        yield f"{module.__name__}.{name}.{method}", member


FUNCTIONS = dict(public_functions())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_public_function_says_its_types(name):
    function = FUNCTIONS[name]
    signature = inspect.signature(function)
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in list(signature.parameters.values()):
        assert parameter.annotation is not inspect.Parameter.empty or parameter.name in ("self", "cls"), parameter.name
    if name.rpartition(".")[2] not in ("to_pandas", "to_geodataframe"):  # types of libraries that need not be there
        typing.get_type_hints(function)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_public_function_tells_what_it_takes_and_gives(name):
    function = FUNCTIONS[name]
    text = function.__doc__
    assert text
    taken = [p for p in inspect.signature(function).parameters if p not in ("self", "cls")]
    if not taken or name.endswith("__getitem__"):
        return
    for parameter in taken:
        assert parameter in text.partition("Args:")[2], parameter
    assert "Returns:" in text or inspect.signature(function).return_annotation == "None"


@pytest.mark.parametrize("identifier", declarations)
def test_choices_are_typed_as_declared(identifier):
    hints = typing.get_type_hints(function_of(identifier))
    for p in declarations[identifier]["parameters"]:
        if p["kind"] == "choice" and p["name"] != "cell_size_m":  # numbers here
            assert list(typing.get_args(hints[p["name"]])) == [choice["value"] for choice in p["choices"]], p["name"]
        elif p["kind"] == "layer":
            assert stadtgdi.operations.ArrowStream in (hints[p["name"]], *typing.get_args(hints[p["name"]])), p["name"]
