# SPDX-License-Identifier: GPL-2.0-or-later
import doctest
import importlib

import pytest


@pytest.mark.parametrize("name, at_least", [("errors", 1), ("table", 30), ("operations", 7), ("statgrid", 4), ("trees", 6), ("city", 9)])
def test_examples_in_docstrings_run(name, at_least):
    result = doctest.testmod(importlib.import_module(f"stadtgdi.{name}"), optionflags=doctest.ELLIPSIS)
    assert result.failed == 0
    assert result.attempted >= at_least
