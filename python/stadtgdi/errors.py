# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of StadtGDI. Each class is also the built-in exception that fits it, so that `except ValueError` works.

>>> import stadtgdi
>>> try:
...     stadtgdi.statgrid.cell_code(300, 4486400, 3139300)
... except ValueError as error:
...     print(type(error).__name__)
InvalidArgument
"""

from __future__ import annotations


class Error(Exception):
    """Any error of StadtGDI. `str(error)` is English; `message_de` is the same in German."""

    def __init__(self, message: str = "", message_de: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.message_de = message_de or message

    def __str__(self) -> str:
        return self.message


class InvalidArgument(Error, ValueError):
    """A parameter does not fit its declaration."""


class NotFound(Error, LookupError):
    """A file, layer, column or operation is not there."""


class Unsupported(Error, NotImplementedError):
    """A format, type or version that cannot be read or written."""


class BadData(Error, ValueError):
    """A source that is damaged as a whole."""


class IoError(Error, OSError):
    """A file or data base that cannot be reached, read or written."""


class Cancelled(Error):
    """The work was stopped on request."""


class InternalError(Error, RuntimeError):
    """An error of StadtGDI itself; please report it."""


class FindingsWarning(UserWarning):
    """What could not be read or written of a source that is otherwise sound; one warning for each kind."""
