# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

import stadtgdi


@pytest.mark.parametrize("name, builtin", [("InvalidArgument", ValueError), ("NotFound", LookupError), ("Unsupported", NotImplementedError),
                                           ("BadData", ValueError), ("IoError", OSError), ("Cancelled", Exception), ("InternalError", RuntimeError)])
def test_every_class_is_an_error_of_ours_and_the_fitting_built_in(name, builtin):
    kind = getattr(stadtgdi, name)
    assert issubclass(kind, stadtgdi.Error) and issubclass(kind, builtin)
    error = kind("English.", "Deutsch.")
    assert str(error) == "English." and error.message_de == "Deutsch."


def test_a_missing_column_is_not_found_and_named():
    with pytest.raises(LookupError, match="nothing") as caught:
        stadtgdi.Table.from_arrays({"a": [1]})["nothing"]
    assert isinstance(caught.value, stadtgdi.NotFound)
    assert "a" in str(caught.value) and caught.value.message_de


def test_a_missing_file_is_not_found(tmp_path):
    with pytest.raises(stadtgdi.NotFound):
        stadtgdi.read(tmp_path / "nothing.gpkg")
    with pytest.raises(stadtgdi.Error):
        stadtgdi.open_city(tmp_path / "nothing.gpkg")


def test_a_slip_in_a_parameter_is_an_invalid_argument():
    with pytest.raises(stadtgdi.InvalidArgument, match="cel_size_m"):
        stadtgdi.run("statgrid.make_grid", {"cel_size_m": 100})
    with pytest.raises(stadtgdi.NotFound, match="trees.diversity"):
        stadtgdi.run("trees.diversiti", {})
    with pytest.raises(stadtgdi.InvalidArgument, match="number"):
        stadtgdi.run("statgrid.make_grid", {"max_cells": object()})
