# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads the Arrow C stream with ctypes alone, as a library would that knows nothing of ours."""

import ctypes as c
import gc

import numpy as np
import pytest

import stadtgdi


class ArrowSchema(c.Structure):
    pass


ArrowSchema._fields_ = [("format", c.c_char_p), ("name", c.c_char_p), ("metadata", c.c_void_p), ("flags", c.c_int64), ("n_children", c.c_int64),
                        ("children", c.POINTER(c.POINTER(ArrowSchema))), ("dictionary", c.POINTER(ArrowSchema)), ("release", c.CFUNCTYPE(None, c.POINTER(ArrowSchema))),
                        ("private_data", c.c_void_p)]


class ArrowArray(c.Structure):
    pass


ArrowArray._fields_ = [("length", c.c_int64), ("null_count", c.c_int64), ("offset", c.c_int64), ("n_buffers", c.c_int64), ("n_children", c.c_int64),
                       ("buffers", c.POINTER(c.c_void_p)), ("children", c.POINTER(c.POINTER(ArrowArray))), ("dictionary", c.POINTER(ArrowArray)),
                       ("release", c.CFUNCTYPE(None, c.POINTER(ArrowArray))), ("private_data", c.c_void_p)]


class ArrowArrayStream(c.Structure):
    pass


ArrowArrayStream._fields_ = [("get_schema", c.CFUNCTYPE(c.c_int, c.POINTER(ArrowArrayStream), c.POINTER(ArrowSchema))),
                             ("get_next", c.CFUNCTYPE(c.c_int, c.POINTER(ArrowArrayStream), c.POINTER(ArrowArray))),
                             ("get_last_error", c.CFUNCTYPE(c.c_char_p, c.POINTER(ArrowArrayStream))),
                             ("release", c.CFUNCTYPE(None, c.POINTER(ArrowArrayStream))), ("private_data", c.c_void_p)]

pointer_of = c.pythonapi.PyCapsule_GetPointer
pointer_of.restype, pointer_of.argtypes = c.c_void_p, [c.py_object, c.c_char_p]


def text_at(offsets, chars, row):
    return chars[offsets[row]:offsets[row + 1]].decode()


def decoded(schema, array):
    """A column as a Python list, from the buffers alone."""
    n, start = array.length, array.offset
    at = lambda i, ctype, count: (ctype * count).from_address(array.buffers[i]) if array.buffers[i] else None
    kind = schema.format.decode()
    bits = at(0, c.c_uint8, (start + n + 7) // 8) if array.n_buffers and array.null_count != 0 else None
    valid = [bits is None or bool(bits[i >> 3] >> (i & 7) & 1) for i in range(start, start + n)]
    if schema.dictionary:
        words = decoded(schema.dictionary.contents, array.dictionary.contents)
        width = {"i": c.c_int32, "l": c.c_int64, "s": c.c_int16, "c": c.c_int8}[kind]
        codes = at(1, width, start + n)
        return [words[codes[start + i]] if valid[i] else None for i in range(n)]
    if kind == "b":
        data = at(1, c.c_uint8, (start + n + 7) // 8)
        return [bool(data[(start + i) >> 3] >> ((start + i) & 7) & 1) if valid[i] else None for i in range(n)]
    if kind in ("u", "U"):
        offsets = at(1, c.c_int32 if kind == "u" else c.c_int64, start + n + 1)
        chars = c.string_at(array.buffers[2], offsets[start + n]) if offsets[start + n] else b""
        return [text_at(offsets, chars, start + i) if valid[i] else None for i in range(n)]
    ctype = {"l": c.c_int64, "g": c.c_double, "tdD": c.c_int32, "i": c.c_int32}.get(kind, c.c_int64)
    data = at(1, ctype, start + n)
    return [data[start + i] if valid[i] else None for i in range(n)]


def metadata(schema):
    if not schema.metadata:
        return {}
    base, out = schema.metadata, {}
    number = lambda: c.c_int32.from_address(base).value
    count, base = number(), base + 4
    for _ in range(count):
        pair = []
        for _ in range(2):
            size, base = number(), base + 4
            pair.append(c.string_at(base, size).decode())
            base += size
        out[pair[0]] = pair[1]
    return out


def sample():
    return stadtgdi.Table.from_arrays({"n": [1, None, 3], "h": [1.5, 2.5, float("nan")], "flag": [True, False, None], "t": ["ä", None, "ccc"],
                                       "d": np.array(["2020-01-01", "NaT", "1960-01-01"], dtype="datetime64[D]")}, x=[1.0, 2.0, 3.0], y=[4.0, 5.0, 6.0], crs="EPSG:25833")


def test_an_independent_consumer_reads_schema_values_and_geometry():
    table = sample()
    address = table["h"].__array_interface__["data"][0]
    capsule = table.__arrow_c_stream__()
    del table
    gc.collect()
    stream = ArrowArrayStream.from_address(pointer_of(capsule, b"arrow_array_stream"))
    schema, array, end = ArrowSchema(), ArrowArray(), ArrowArray()
    assert stream.get_schema(c.byref(stream), c.byref(schema)) == 0
    assert schema.format == b"+s"
    assert stream.get_next(c.byref(stream), c.byref(array)) == 0
    assert array.length == 3
    columns = {}
    for i in range(schema.n_children):
        child = schema.children[i].contents
        name = child.name.decode()
        if name == "geom":
            assert metadata(child)["ARROW:extension:name"] == "geoarrow.point"
            assert "25833" in metadata(child)["ARROW:extension:metadata"]
            point = array.children[i].contents
            columns["x"] = decoded(child.children[0].contents, point.children[0].contents)
            columns["y"] = decoded(child.children[1].contents, point.children[1].contents)
        else:
            columns[name] = decoded(child, array.children[i].contents)
            if name == "h":
                assert array.children[i].contents.buffers[1] == address, "values are shared, not copied"
    assert columns == {"n": [1, None, 3], "h": [1.5, 2.5, None], "flag": [True, False, None], "t": ["ä", None, "ccc"], "d": [18262, None, -3653],
                       "x": [1.0, 2.0, 3.0], "y": [4.0, 5.0, 6.0]}
    assert stream.get_next(c.byref(stream), c.byref(end)) == 0 and not end.release, "one batch, then the end"
    array.release(c.byref(array))
    assert not array.release
    schema.release(c.byref(schema))
    assert not schema.release
    stream.release(c.byref(stream))
    assert not stream.release
    del capsule  # a released stream is not released again


def test_the_schema_alone_tells_names_and_types():
    schema = ArrowSchema.from_address(pointer_of(capsule := sample().__arrow_c_schema__(), b"arrow_schema"))
    children = [schema.children[i].contents for i in range(schema.n_children)]
    assert [child.name.decode() for child in children] == ["n", "h", "flag", "t", "d", "geom"]
    assert [child.format.decode() for child in children[:3]] == ["l", "g", "b"]
    del capsule


def test_an_unused_stream_is_released_with_its_capsule():
    for _ in range(100):
        sample().__arrow_c_stream__()
        sample().__arrow_c_schema__()


def test_a_table_makes_the_round_trip():
    table = sample()
    assert stadtgdi.Table.from_arrow(table).hash() == table.hash()
    cells = stadtgdi.statgrid.make_grid(cell_size_m=1000, extent=(4486000, 3139000, 4489000, 3141000)).cells
    assert stadtgdi.Table.from_arrow(cells).hash() == cells.hash()
    with pytest.raises(AttributeError):
        stadtgdi.Table.from_arrow(3)
