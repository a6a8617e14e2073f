# SPDX-License-Identifier: GPL-2.0-or-later
"""What the shipped styles promise: colours that mean something can be told apart with normal sight, protanopia and deuteranopia,
unless shape or pattern tells the same, and the committed files are what the script writes."""
import itertools
import math
import pathlib
import re
import unittest
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
STYLES = sorted((ROOT / "styles/qml").glob("*/*.qml"))

# Machado, Oliveira and Fernandes (2009), severity 1.0, for linear RGB.
SIGHTS = {
    "normal sight": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}
PAPER = (0xF6, 0xF4, 0xEE)
# Small points and thin lines need more difference than areas, which border on each other.
OF_OTHER_SCALES = {"#city"}  # replaces the other entries of its style there: both are never in one picture
LEAST = {"marker": 14.0, "line": 14.0, "fill": 8.0}


def linear(channel):
    channel /= 255
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector)) for row in matrix]


def lab(colour, sight):
    seen = [min(1.0, max(0.0, v)) for v in times(sight, [linear(c) for c in colour])]
    xyz = times(((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041)), seen)
    fx, fy, fz = (math.copysign(abs(v) ** (1 / 3), v) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in (xyz[0] / 0.95047, xyz[1], xyz[2] / 1.08883))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(a, b, sight):
    return math.dist(lab(a, sight), lab(b, sight))


def options(layer):
    return {o.get("name"): o.get("value") for o in layer.findall("./Option/Option") if o.get("value") is not None}


def colour_of(text, opacity=1.0):
    """"r,g,b,a,..." over paper."""
    r, g, b, a = (int(v) for v in text.split(",")[:4])
    a = a / 255 * opacity
    return tuple(a * c + (1 - a) * p for c, p in zip((r, g, b), PAPER))


def entries(path):
    """(kind, shape, colour, label) of each category or range."""
    renderer = ElementTree.parse(path).getroot().find("renderer-v2")
    symbols = {s.get("name"): s for s in renderer.findall("./symbols/symbol")}
    for entry in [*renderer.findall("./categories/category"), *renderer.findall("./ranges/range")]:
        if entry.get("value") in OF_OTHER_SCALES:
            continue
        symbol = symbols[entry.get("symbol")]
        opacity = float(symbol.get("alpha", "1"))
        shape, colours = [], []
        for layer in symbol.findall("layer"):
            kind, has = layer.get("class"), options(layer)
            if kind == "SimpleMarker":
                hollow = has["color"].split(",")[3] == "0"
                shape.append((kind, has["name"], hollow))
                colours.append(colour_of(has["outline_color" if hollow else "color"], opacity))
            elif kind == "SvgMarker":
                shape.append((kind, has["name"]))
                colours.append(colour_of(has["color"], opacity))
            elif kind == "SimpleFill":
                shape.append((kind, has["style"]))
                colours.append(colour_of(has["outline_color" if has["style"] == "no" else "color"], opacity))
            elif kind == "SimpleLine":
                shape.append((kind, has.get("customdash") if has.get("use_custom_dash") == "1" else "solid", round(float(has["line_width"]), 2)))
                colours.append(colour_of(has["line_color"], opacity))
            else:
                shape.append((kind, has.get("angle"), has.get("distance"), has.get("interval")))
        # The last colour lies on top: the surface of a street, not its casing.
        yield symbol.get("type"), tuple(shape), colours[-1], entry.get("label")


class Colours(unittest.TestCase):
    def test_what_differs_by_colour_alone_can_be_told_apart_by_everybody(self):
        self.assertGreater(len(STYLES), 15)
        for path in STYLES:
            for (kind, shape, colour, label), (_, other_shape, other_colour, other_label) in itertools.combinations(list(entries(path)), 2):
                if shape != other_shape:
                    continue
                for name, sight in SIGHTS.items():
                    apart = distance(colour, other_colour, sight)
                    self.assertGreaterEqual(apart, LEAST[kind], f"{path.relative_to(ROOT)}: '{label}' and '{other_label}' with {name}")

    def test_good_and_bad_differ_in_shape(self):
        for name in ("place", "entrance", "lift", "toilet"):
            found = list(entries(ROOT / f"styles/qml/buildings/{name}.qml"))
            self.assertEqual(len({shape for _, shape, _, _ in found}), len(found), name)
        for name in ("greenspace/gate", "walking/node"):
            found = list(entries(ROOT / f"styles/qml/{name}.qml"))
            self.assertEqual(len({(shape, colour) for _, shape, colour, _ in found}), len(found), name)

    def test_distances_are_those_of_the_literature(self):
        # L* of sRGB grey 119 is 50 (to the first decimal), black to white is 100; red and green come near each other for deuteranopes.
        self.assertAlmostEqual(lab((119, 119, 119), SIGHTS["normal sight"])[0], 50.0, delta=0.1)
        self.assertAlmostEqual(distance((0, 0, 0), (255, 255, 255), SIGHTS["protanopia"]), 100.0, delta=0.1)
        red, green = (0xC0, 0x50, 0x30), (0x80, 0x80, 0x30)
        self.assertLess(distance(red, green, SIGHTS["deuteranopia"]), distance(red, green, SIGHTS["normal sight"]) / 3)


class Texts(unittest.TestCase):
    def test_the_legend_of_the_trees_says_what_their_size_means(self):
        labels = [label for *_, label in entries(ROOT / "styles/qml/trees/tree.qml")]
        self.assertTrue(any("{field:crown_diam_m}" in label for label in labels), labels)

    def test_sites_without_a_tree_come_after_all_trees(self):
        labels = [label for *_, label in entries(ROOT / "styles/qml/trees/tree.qml")]
        first_site = next(i for i, label in enumerate(labels) if label.startswith("{code:status."))
        self.assertTrue(any("Other genera" in label for label in labels[:first_site]), labels)

    def test_a_street_is_named_along_its_length_and_not_once_a_piece(self):
        for path in STYLES:
            for settings in ElementTree.parse(path).iter("settings"):
                placement = settings.find("placement")
                if placement is not None and placement.get("placement") == "3":  # curved, along lines
                    self.assertEqual(settings.find("rendering").get("mergeLines"), "1", path)

    def test_labels_ask_for_fonts_that_are_installed_with_qgis(self):
        for path in STYLES:
            for family in re.findall(r'fontFamily="([^"]*)"', path.read_text(encoding="utf-8")):
                self.assertEqual(family, "DejaVu Sans", path)


if __name__ == "__main__":
    unittest.main()
