#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the QML styles in styles/qml from the palette below.

The committed QML files are what StadtGDI uses; this script is how they are changed:

    QT_QPA_PLATFORM=offscreen /usr/bin/python3 styles/make_styles.py

Texts of a legend are tokens such as {code:status.standing}, {en:Other|de:Sonstige}; they become German or English when a
project is written. Sizes are metres on the ground with a least size on the screen, so that one symbol serves city scale
and street scale. README.md beside this file explains the palette.
"""
import base64
import os
import re
import sys
import tempfile
import uuid
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsGraduatedSymbolRenderer,
    QgsLinePatternFillSymbolLayer,
    QgsLineSymbol,
    QgsMapLayer,
    QgsMapUnitScale,
    QgsMarkerLineSymbolLayer,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsProperty,
    QgsRendererCategory,
    QgsRendererRange,
    QgsRuleBasedLabeling,
    QgsSimpleFillSymbolLayer,
    QgsSimpleLineSymbolLayer,
    QgsSimpleMarkerSymbolLayer,
    QgsSimpleMarkerSymbolLayerBase,
    QgsSingleSymbolRenderer,
    QgsSvgMarkerSymbolLayer,
    QgsSymbolLayer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsUnitTypes,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QPointF, Qt
from qgis.PyQt.QtGui import QColor, QFont
from qgis.PyQt.QtXml import QDomDocument

HERE = Path(__file__).resolve().parent
METRES = QgsUnitTypes.RenderMetersInMapUnits
MM = QgsUnitTypes.RenderMillimeters
SHAPE = QgsSimpleMarkerSymbolLayerBase

# Ink and paper
INK = "#3b3a38"
PAPER = "#f6f4ee"
# Accessibility: blue, orange and vermilion are told apart with every kind of colour blindness; the shape differs too.
ACCESS = {"full": "#0072b2", "partial": "#e69f00", "none": "#b3391f", "unknown": "#8c8c8c"}
# Utility media in the colours of German plans
MEDIA = {
    "electricity": "#c8202f",
    "gas": "#f2c200",
    "heat": "#b0308f",
    "water": "#1f6fbf",
    "sewage": "#87552b",
    "telecom": "#2f8f5b",
    "other": "#6b6b6b",
}


def least(mm, most=0.0):
    """A size in metres that is never smaller than `mm` on the screen (nor larger than `most`)."""
    scale = QgsMapUnitScale()
    scale.minSizeMMEnabled = True
    scale.minSizeMM = mm
    if most:
        scale.maxSizeMMEnabled = True
        scale.maxSizeMM = most
    return scale


def marker(colour, metres, mm, shape=SHAPE.Circle, stroke=None, stroke_mm=0.12, size_field=None, most=0.0):
    layer = QgsSimpleMarkerSymbolLayer(shape)
    layer.setSize(metres)
    layer.setSizeUnit(METRES)
    layer.setSizeMapUnitScale(least(mm, most))
    layer.setColor(QColor(colour) if colour else QColor(0, 0, 0, 0))
    if stroke:
        layer.setStrokeColor(QColor(stroke))
        layer.setStrokeWidth(stroke_mm)
        layer.setStrokeWidthUnit(MM)
    else:
        layer.setStrokeStyle(Qt.NoPen)
    if size_field:
        layer.setDataDefinedProperty(QgsSymbolLayer.PropertySize, QgsProperty.fromField(size_field))
    return layer


# Colour never tells good from bad alone: the sign differs too. {0} is the pictogram.
FRAMES = {
    "full": '<circle cx="10" cy="10" r="9.2" fill="param(fill)" stroke="#ffffff" stroke-width="1.2"/><g fill="#ffffff">{0}</g>',
    "partial": '<path d="M10 .4 19.6 10 10 19.6 .4 10z" fill="param(fill)" stroke="#ffffff" stroke-width="1"/>'
    '<g fill="#ffffff" transform="translate(2.3 2.3) scale(.77)">{0}</g>',
    "none": '<rect x="1" y="1" width="18" height="18" rx="1" fill="param(fill)" stroke="#ffffff" stroke-width="1.2"/><g fill="#ffffff">{0}</g>'
    '<path d="M2 18 18 2" stroke="param(fill)" stroke-width="5"/><path d="M2 18 18 2" stroke="#ffffff" stroke-width="2.2"/>',
    "unknown": '<rect x="1.6" y="1.6" width="16.8" height="16.8" rx="5" fill="#ffffff" stroke="param(fill)" stroke-width="1.8"/><g fill="param(fill)">{0}</g>',
    "plain": '<rect x="1" y="1" width="18" height="18" rx="4" fill="param(fill)" stroke="#ffffff" stroke-width="1.2"/><g fill="#ffffff">{0}</g>',
}


def pictogram(body, colour, metres, mm, most=0.0, beside=None, frame="plain"):
    """A pictogram of our own (no foreign licence), held in the style itself so that it needs no path."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" viewBox="0 0 20 20">%s</svg>' % FRAMES[frame].format(body)
    layer = QgsSvgMarkerSymbolLayer("base64:" + base64.b64encode(svg.encode()).decode())
    layer.setFillColor(QColor(colour))
    scale = 1.2 if frame == "partial" else 1.0  # a square on its corner looks smaller
    layer.setSize(metres * scale)
    layer.setSizeUnit(METRES)
    layer.setSizeMapUnitScale(least(mm * scale, most * scale))
    if beside:
        layer.setOffset(QPointF(*beside))
        layer.setOffsetUnit(MM)
    return layer


LIFT = '<path d="M10 3.6 13.2 8H6.8zM10 16.4 6.8 12h6.4z"/>'
TOILET = '<circle cx="10" cy="5.2" r="2"/><path d="M7.6 8h4.8l1.6 5.4h-2V17H8v-3.6H6z"/>'
PARKING = '<path d="M6.6 15.8V4.2h4.2a3.7 3.7 0 0 1 0 7.4H9v4.2zM9 9.5h1.6a1.6 1.6 0 0 0 0-3.2H9z" fill-rule="evenodd"/>'
PLAY = '<path d="M4 16 8.2 5h1.4l-.9 2.6h2.6c1.4 3.4 2.6 5.6 4.9 6.8l-.6 1.6c-3-1.2-4.4-3.6-5.4-6.6H8.1L5.7 16z"/>'
DOOR = '<path d="M6 16V4h8v12h-1.6V5.6H7.6V16z"/><circle cx="11.3" cy="10.6" r="1"/>'


def point_symbol(*layers):
    symbol = QgsMarkerSymbol()
    symbol.deleteSymbolLayer(0)
    for layer in layers:
        symbol.appendSymbolLayer(layer)
    return symbol


def fill(colour, outline=None, metres=0.25, mm=0.0, most=0.2, opacity=1.0):
    layer = QgsSimpleFillSymbolLayer()
    if colour:
        tone = QColor(colour)
        tone.setAlphaF(opacity)
        layer.setFillColor(tone)
    else:
        layer.setBrushStyle(Qt.NoBrush)
    if outline:
        layer.setStrokeColor(QColor(outline))
        layer.setStrokeWidth(metres)
        layer.setStrokeWidthUnit(METRES)
        layer.setStrokeWidthMapUnitScale(least(mm, most))
    else:
        layer.setStrokeStyle(Qt.NoPen)
    return layer


def hatch(colour, angle=45.0, distance_mm=1.6, width_mm=0.18):
    layer = QgsLinePatternFillSymbolLayer()
    layer.setLineAngle(angle)
    layer.setDistance(distance_mm)
    layer.setDistanceUnit(MM)
    line = QgsLineSymbol()
    line.deleteSymbolLayer(0)
    stroke = QgsSimpleLineSymbolLayer(QColor(colour), width_mm)
    line.appendSymbolLayer(stroke)
    layer.setSubSymbol(line)
    return layer


def area_symbol(*layers):
    symbol = QgsFillSymbol()
    symbol.deleteSymbolLayer(0)
    for layer in layers:
        symbol.appendSymbolLayer(layer)
    return symbol


def stroke(colour, metres, mm, dash=None, most=0.0, flat=False, level=None):
    layer = QgsSimpleLineSymbolLayer(QColor(colour), metres)
    layer.setWidthUnit(METRES)
    layer.setWidthMapUnitScale(least(mm, most))
    cap = Qt.FlatCap if dash or flat else Qt.RoundCap
    layer.setPenCapStyle(cap)
    layer.setPenJoinStyle(Qt.RoundJoin)
    if dash:
        layer.setUseCustomDashPattern(True)
        layer.setCustomDashVector(dash)
        layer.setCustomDashPatternUnit(MM)
    if level is not None:
        layer.setRenderingPass(level)
    return layer


def line_symbol(*layers):
    symbol = QgsLineSymbol()
    symbol.deleteSymbolLayer(0)
    for layer in layers:
        symbol.appendSymbolLayer(layer)
    return symbol


def categories(expression, entries, levels=False):
    """entries: (value or list of values, symbol, label)"""
    renderer = QgsCategorizedSymbolRenderer(expression, [QgsRendererCategory(value, symbol, label) for value, symbol, label in entries])
    renderer.setUsingSymbolLevels(levels)
    return renderer


def label(expression, size, scale, colour=INK, bold=False, italic=False, along=False, area=False, middle=False, is_field=False, where="", halo=0.7, most_scale=0):
    """One kind of label, shown from 1:scale on."""
    settings = QgsPalLayerSettings()
    settings.fieldName = expression
    settings.isExpression = not is_field
    text = QgsTextFormat()
    font = QFont("DejaVu Sans")
    font.setBold(bold)
    font.setItalic(italic)
    text.setFont(font)
    text.setFamilies(["DejaVu Sans", "Noto Sans", "Arial", "Helvetica"])
    text.setNamedStyle("Bold" if bold else "Oblique" if italic else "Book")
    text.setSize(size)
    text.setSizeUnit(QgsUnitTypes.RenderPoints)
    text.setColor(QColor(colour))
    buffer = QgsTextBufferSettings()
    buffer.setEnabled(halo > 0)
    buffer.setSize(halo)
    buffer.setColor(QColor(PAPER))
    buffer.setOpacity(0.85)
    text.setBuffer(buffer)
    settings.setFormat(text)
    if along:
        settings.placement = Qgis.LabelPlacement.Curved
        lines = settings.lineSettings()
        lines.setMergeLines(True)  # a street is named along its whole length, not once from crossing to crossing
        settings.setLineSettings(lines)
    elif middle:  # in large areas the search for room costs more than all else
        settings.placement = Qgis.LabelPlacement.OverPoint
        settings.centroidInside = True
    elif area:
        settings.placement = Qgis.LabelPlacement.Horizontal
    else:
        settings.placement = Qgis.LabelPlacement.AroundPoint
        settings.dist = 0.9
        settings.distUnits = MM
    rule = QgsRuleBasedLabeling.Rule(settings)
    rule.setDescription(expression)
    rule.setMinimumScale(scale)
    rule.setMaximumScale(most_scale)
    if where:
        rule.setFilterExpression(where)
    return rule


def labels(*rules):
    root = QgsRuleBasedLabeling.Rule(None)
    for rule in rules:
        root.appendChild(rule)
    return QgsRuleBasedLabeling(root)


# ---------------------------------------------------------------------------------------------------------------- trees
GENERA = [
    (["Tilia"], "#5d983c", "{en:Lime (Tilia)|de:Linde (Tilia)}"),
    (["Acer"], "#edac49", "{en:Maple (Acer)|de:Ahorn (Acer)}"),
    (["Fraxinus"], "#227a80", "{en:Ash (Fraxinus)|de:Esche (Fraxinus)}"),
    (["Platanus"], "#d6dd7d", "{en:Plane (Platanus)|de:Platane (Platanus)}"),
    (["Quercus"], "#6e4522", "{en:Oak (Quercus)|de:Eiche (Quercus)}"),
    (["Prunus", "Pyrus", "Malus", "Sorbus", "Crataegus"], "#d38fbd", "{en:Cherry, pear, apple, rowan, hawthorn|de:Kirsche, Birne, Apfel, Eberesche, Weißdorn}"),
    (["Aesculus"], "#3a478f", "{en:Horse chestnut (Aesculus)|de:Rosskastanie (Aesculus)}"),
]
OTHER_TREE = "#a9bfa4"


def tree():
    def crown(colour):
        tone = QColor(colour)
        tone.setAlphaF(0.88)  # what stands under a crown shows through
        return point_symbol(marker(tone, 5.0, 0.7, size_field="crown_diam_m"))

    def empty(colour, shape, stroke_mm=0.2):
        return point_symbol(marker(None, 3.5, 0.6, shape, stroke=colour, stroke_mm=stroke_mm))

    entries = [(genera if len(genera) > 1 else genera[0], crown(colour), text) for genera, colour, text in GENERA]
    entries += [
        ("", crown(OTHER_TREE), "{en:Other genera|de:Sonstige Gattungen}"),
        ("#gap", empty("#8d4a3a", SHAPE.Circle), "{code:status.gap}"),
        ("#planned", empty("#2f6f9f", SHAPE.Diamond), "{code:status.planned}"),
        ("#felled", empty("#8d4a3a", SHAPE.Cross2), "{code:status.felled}"),
        ("#stump", empty("#7d5a2f", SHAPE.Square), "{code:status.stump}"),
        # Colours would be confetti there, and signs for single sites too small to be read.
        ("#city", point_symbol(marker("#5d9146", 6.0, 0.4)), "{en:Trees and sites, smaller than 1:20,000|de:Bäume und Standorte, kleiner als 1:20 000}"),
        # No tree has this value: the entry is there for the legend.
        ("#size", point_symbol(*(marker(None, d, d, stroke="#5f6f57", stroke_mm=0.15, most=d) for d in (3.4, 2.2, 1.0))), "{en:Size of the circle|de:Größe der Kreise}: {field:crown_diam_m}"),
    ]
    # Constant for a picture, so that QGIS asks for the scale first and for nothing else of a tree at city scale.
    expression = "CASE WHEN @map_scale > 20000 THEN '#city' WHEN \"status\" IN ('gap', 'planned', 'felled', 'stump') THEN '#' || \"status\" ELSE \"genus\" END"
    return "Point", categories(expression, entries), labels(label("taxon_name_de", 7, 1250, colour="#3f5a2c", italic=True, is_field=True))


# ------------------------------------------------------------------------------------------------------------ buildings
def building():
    def block(colour, outline):
        return area_symbol(fill(colour, outline, metres=0.35, most=0.18))

    entries = [
        (["residential", "apartments", "house"], block("#dacfc1", "#b3a593"), "{en:Dwelling|de:Wohnen}"),
        (["commercial", "hotel"], block("#d4cad9", "#aa9db3"), "{en:Shops, offices, hotels|de:Büro, Handel, Beherbergung}"),
        (["industrial", "agricultural", "technical", "transport"], block("#b4babe", "#8d949a"), "{en:Industry, transport, farming|de:Industrie, Verkehr, Landwirtschaft}"),
        (["education", "university"], block("#e8c77f", "#b08f55"), "{en:Schools and universities|de:Schulen und Hochschulen}"),
        (["health", "civic", "sport", "religious"], block("#cf9f8a", "#9c6f5b"), "{en:Health, administration, culture, churches|de:Gesundheit, Verwaltung, Kultur, Kirchen}"),
        (["garage", "shed", "allotment_house"], block("#f1ebde", "#cfc6ba"), "{en:Garages, sheds, allotment houses|de:Garagen, Schuppen, Lauben}"),
        (["roof", "ruin", "construction"], area_symbol(fill("#eeeae4", "#b8ab9b", metres=0.35, most=0.18), hatch("#b8ab9b")), "{en:Roofs, ruins, under construction|de:Überdachungen, Ruinen, im Bau}"),
        ("", block("#e4e4e6", "#b6b7bd"), "{code:function.other}"),
    ]
    names = label("name", 7.5, 2500, area=True, is_field=True, where="\"name\" <> ''")
    numbers = label("house_no", 6.5, 1250, colour="#7a7166", area=True, is_field=True, where="\"house_no\" <> '' AND coalesce(\"name\", '') = ''")
    return "MultiPolygon", categories("function", entries), labels(names, numbers)


def by_access(field, symbol_of):
    return categories(field, [(value, symbol_of(value, ACCESS[value]), "{code:%s.%s}" % (field, value)) for value in ("full", "partial", "none", "unknown")])


ACCESS_SHAPES = {"full": SHAPE.Circle, "partial": SHAPE.Triangle, "none": SHAPE.Square, "unknown": SHAPE.Diamond}


def place():
    def symbol(value, colour):
        size = 3.4 if value == "partial" else 2.8
        return point_symbol(marker(colour, 25.0, size * 0.5, ACCESS_SHAPES[value], stroke="#ffffff", stroke_mm=0.2, most=size * 1.2))

    return "Point", by_access("entrance_access", symbol), labels(label("name", 7.5, 3000, is_field=True))


def entrance():
    return "Point", by_access("access", lambda value, colour: point_symbol(pictogram(DOOR, colour, 3.0, 2.6, 5.0, frame=value))), labels(
        label("CASE WHEN \"steps\" > 0 THEN \"steps\" || ' ↑' END", 7, 1250, bold=True)
    )


# What is inside a building seldom has a position of its own: lift, toilet and parking stand in a row below the place.
def lift():
    return "Point", by_access("access", lambda value, colour: point_symbol(pictogram(LIFT, colour, 2.8, 2.8, 2.8, (-3.2, 3.8), value))), None


def toilet():
    return "Point", by_access("access", lambda value, colour: point_symbol(pictogram(TOILET, colour, 2.8, 2.8, 2.8, (0.0, 3.8), value))), None


def parking():
    return "Point", QgsSingleSymbolRenderer(point_symbol(pictogram(PARKING, ACCESS["full"], 2.6, 2.6, 2.6, (3.2, 3.8)))), labels(
        label("disabled_site", 7, 1250, is_field=True, where='"disabled_site" > 0')
    )


# ----------------------------------------------------------------------------------------------------------- green space
def site():
    def ground(colour, outline, *more):
        return area_symbol(fill(colour, outline, metres=0.5, most=0.2), *more)

    entries = [
        (["park", "garden", "square", "roadside"], ground("#c2dfa3", "#94b872"), "{en:Parks, gardens, green squares|de:Parks, Gärten, Grünplätze}"),
        ("playground", ground("#f5e19b", "#cdb060"), "{code:object_type.playground}"),
        ("cemetery", ground("#cfdccb", "#9fb29a", hatch("#b3c3ae", 90.0, 2.4)), "{code:object_type.cemetery}"),
        ("allotment", ground("#e2e4b4", "#bcc07e", hatch("#cccf96", 0.0, 2.0)), "{code:object_type.allotment}"),
        ("sport", ground("#c0e0d4", "#8ab5a3"), "{code:object_type.sport}"),
        ("wood", ground("#a5c78e", "#7da563"), "{code:object_type.wood}"),
        ("water", ground("#b5d7ec", "#86b4d0"), "{code:object_type.water}"),
        (["biotope", "compensation"], ground("#d8e6cf", "#8db073", hatch("#9dbb85", 135.0, 2.2)), "{en:Biotopes, compensation areas|de:Biotope, Ausgleichsflächen}"),
        ("", ground("#e0ebd2", "#b0c598"), "{code:object_type.other}"),
    ]
    return "MultiPolygon", categories("object_type", entries), labels(
        label("name", 8, 10000, colour="#3c6127", italic=True, area=True, is_field=True, where="\"name\" <> ''")
    )


def unit():
    groups = [
        ("vegetation", "#c3ddaa", "#93b774"),
        ("paved", "#e4e2de", "#b5aea3"),
        ("water", "#bfdcec", "#8fbcd4"),
        ("structure", "#cdb89f", "#a68f76"),
        ("equipment", "#f0d78a", "#c2a959"),
        ("building", "#d8ccc0", "#a99a8a"),
    ]
    entries = [(value, area_symbol(fill(colour, outline, metres=0.2, mm=0.1, most=0.2)), "{code:content_group.%s}" % value) for value, colour, outline in groups]
    return "MultiPolygon", categories("content_group", entries), labels(label("content_text", 6.5, 1000, colour="#4b5a3f", area=True, is_field=True))


def gate():
    entries = [
        ("yes", point_symbol(marker(ACCESS["full"], 4, 1.8, SHAPE.Triangle, stroke="#ffffff", most=3.2)), "{field:step_free}: {code:step_free.yes}"),
        ("no", point_symbol(marker(ACCESS["none"], 4, 1.6, SHAPE.Square, stroke="#ffffff", most=2.8)), "{field:step_free}: {code:step_free.no}"),
        ("", point_symbol(marker(ACCESS["unknown"], 4, 1.6, SHAPE.Diamond, stroke="#ffffff", most=2.8)), "{field:step_free}: {code:step_free.unknown}"),
    ]
    return "Point", categories("step_free", entries), None


def playground():
    return "Point", QgsSingleSymbolRenderer(point_symbol(pictogram(PLAY, "#b5762a", 25.0, 1.6, 4.0))), labels(
        label("name", 7.5, 5000, colour="#7a4d15", is_field=True)
    )


# ------------------------------------------------------------------------------------------------- streets and the city
def edge():
    casing = "#c4bbad"

    def street(metres, mm, colour="#ffffff", level=1):
        return line_symbol(stroke(casing, metres + 1.4, mm + 0.16, level=0), stroke(colour, metres, mm, level=level))

    def path(colour, metres, mm, dash=None):
        return line_symbol(stroke(colour, metres, mm, dash, level=1))

    entries = [
        ("main_street", street(9.0, 0.5, "#f6e7c1", level=2), "{code:kind.main_street}"),
        (["residential_street", "living_street"], street(6.0, 0.28), "{en:Residential streets|de:Wohnstraßen}"),
        ("pedestrian", street(5.0, 0.28, "#efe6f0"), "{code:kind.pedestrian}"),
        (["service_road", "track"], path("#d8d1c6", 3.0, 0.12), "{en:Service roads, tracks|de:Zufahrten, Wirtschaftswege}"),
        (["footway", "sidewalk", "path", "crossing"], path("#b79f82", 1.2, 0.12, [1.2, 0.6]), "{en:Footways and paths|de:Fußwege und Pfade}"),
        ("shared", path("#7f93a8", 1.6, 0.14, [2.0, 0.5]), "{code:kind.shared}"),
        (["steps", "lift"], path("#a34a38", 2.2, 0.35, [0.35, 0.35]), "{en:Steps and lifts|de:Treppen und Aufzüge}"),
        ("", path("#b9b2a8", 1.2, 0.12), "{en:Other|de:Sonstige}"),
    ]
    return "LineString", categories("kind", entries, levels=True), labels(
        label("name", 7, 5000, colour="#5d574f", along=True, is_field=True, where="\"name\" <> '' AND \"kind\" IN ('main_street', 'residential_street', 'living_street', 'pedestrian')")
    )


def node():
    entries = [
        (["flush", "lowered"], point_symbol(marker(ACCESS["full"], 1.6, 1.1, SHAPE.Circle, most=2.2)), "{en:Flush or lowered kerb|de:Nullabsenkung oder abgesenkt}"),
        ("rolled", point_symbol(marker(ACCESS["partial"], 1.6, 1.2, SHAPE.Triangle, most=2.4)), "{code:kerb.rolled}"),
        ("raised", point_symbol(marker(ACCESS["none"], 1.6, 1.1, SHAPE.Square, most=2.2)), "{code:kerb.raised}"),
        ("", point_symbol(marker("#c9c3ba", 1.0, 0.5, most=1.0)), "{en:Kerb not known|de:Bordstein unbekannt}"),
    ]
    return "Point", categories("kerb", entries), None


def district():
    # Solid lines: neighbours draw a common border twice, and two dashes would not meet.
    def border(colour, mm):
        return area_symbol(stroke(colour, 2.0, mm, most=mm))

    entries = [
        ("city", border("#7d7487", 0.55), "{code:level.city}"),
        ("stadtbezirk", border("#a59db0", 0.32), "{code:level.stadtbezirk}"),
        ("ortsteil", border("#cbc6d2", 0.2), "{code:level.ortsteil}"),
    ]
    return "MultiPolygon", categories("level", entries), labels(
        label("name", 10, 0, most_scale=60000, colour="#4f4359", bold=True, middle=True, is_field=True, where="\"level\" = 'stadtbezirk'", halo=1.0),
        label("name", 9, 60000, most_scale=5000, colour="#5b4a69", middle=True, is_field=True, where="\"level\" = 'ortsteil'", halo=0.9),
    )


# Light to dark in one hue: the order is seen without colours too.
POPULATION = [
    (0, 1, "#f6f3ea", "{en:under|de:unter} 1"),
    (1, 10, "#d3dee9", "1–10"),
    (10, 25, "#aec4d8", "10–25"),
    (25, 50, "#83a8c6", "25–50"),
    (50, 100, "#56829f", "50–100"),
    (100, 200, "#2b5876", "100–200"),
    (200, 1e6, "#102f45", "{en:over|de:über} 200"),
]


def population_cell():
    ranges = []
    for low, high, colour, text in POPULATION:
        symbol = area_symbol(fill(colour, "#ffffff", metres=2, most=0.12))
        symbol.setOpacity(0.75)
        ranges.append(QgsRendererRange(low, high, symbol, text + " {en:inhabitants per hectare|de:Einwohner je Hektar}"))
    renderer = QgsGraduatedSymbolRenderer('"inhabitants" * 10000.0 / ("size_m" * "size_m")', ranges)
    return "Polygon", renderer, labels(label("inhabitants", 7, 10000, is_field=True, area=True))


def grid_cell():
    return "Polygon", QgsSingleSymbolRenderer(area_symbol(fill(None, "#6f7682", metres=1.0, mm=0.12, most=0.25))), labels(
        label("cell_code_short", 6.5, 4000, colour="#6a6f79", area=True, is_field=True)
    )


# -------------------------------------------------------------------------------------------------------------- utilities
# Colour and pattern both name the medium, so that a black and white print can be read too.
DASHES = {
    "electricity": None,
    "gas": [4.0, 1.0],
    "heat": None,  # double line
    "water": [7.0, 0.8, 0.9, 0.8],
    "sewage": None,  # thick, with arrows of the flow
    "telecom": [0.9, 0.7],
    "other": [2.0, 1.2],
}


def utility_line():
    def of(medium):
        colour = MEDIA[medium]
        halo = stroke("#ffffff", 1.0, 0.7, most=1.2)
        if medium == "heat":
            return line_symbol(stroke(colour, 1.2, 0.85, most=1.4), stroke("#ffffff", 0.5, 0.33, most=0.6))
        if medium == "gas":  # yellow needs a dark edge on light paper
            return line_symbol(stroke("#6e5800", 0.6, 0.5, DASHES[medium], most=0.8), stroke(colour, 0.4, 0.32, DASHES[medium], most=0.55))
        if medium == "sewage":
            arrows = QgsMarkerLineSymbolLayer(True, 14.0)
            arrows.setIntervalUnit(MM)
            arrow = point_symbol(marker(colour, 1.6, 1.5, SHAPE.ArrowHeadFilled, most=2.4))
            arrows.setSubSymbol(arrow)
            return line_symbol(halo, stroke(colour, 0.9, 0.55, most=1.0), arrows)
        return line_symbol(halo, stroke(colour, 0.6, 0.42, DASHES[medium], most=0.8))

    entries = [(medium, of(medium), "{code:medium.%s}" % medium) for medium in ("electricity", "gas", "heat", "water", "sewage", "telecom")]
    dead = QgsMarkerLineSymbolLayer(True, 5.0)
    dead.setIntervalUnit(MM)
    dead.setSubSymbol(point_symbol(marker(None, 1.2, 1.2, SHAPE.Cross2, stroke="#7a7a7a", stroke_mm=0.2, most=1.8)))
    entries.append(("#abandoned", line_symbol(stroke("#9a9a9a", 0.4, 0.25, most=0.5), dead), "{en:Out of use|de:Außer Betrieb oder stillgelegt}"))
    entries.append(("", of("other"), "{code:medium.other}"))
    expression = "CASE WHEN \"status\" IN ('out_of_operation', 'abandoned', 'removed') THEN '#abandoned' ELSE \"medium\" END"
    name = "concat_ws(' ', \"type_text\", CASE WHEN \"diameter_mm\" > 0 THEN 'DN ' || round(\"diameter_mm\") END)"
    return "LineString", categories(expression, entries), labels(label(name, 6.5, 1000, along=True))


def utility_node():
    tones = "map_get(map(%s), \"medium\")" % ", ".join("'%s', '%s'" % pair for pair in sorted(MEDIA.items()))

    def node_marker(shape, metres, mm, hollow=False):
        layer = marker("#ffffff" if hollow else MEDIA["other"], metres, mm, shape, stroke=MEDIA["other"] if hollow else "#ffffff", stroke_mm=0.3 if hollow else 0.2, most=mm * 1.8)
        which = QgsSymbolLayer.PropertyStrokeColor if hollow else QgsSymbolLayer.PropertyFillColor
        layer.setDataDefinedProperty(which, QgsProperty.fromExpression(tones))
        return point_symbol(layer)

    entries = [
        ("source", node_marker(SHAPE.Star, 4, 3.4), "{code:node_type.source}"),
        ("transformer", node_marker(SHAPE.Triangle, 4, 3.0), "{code:node_type.transformer}"),
        (["distribution_box", "switch"], node_marker(SHAPE.Square, 2, 1.8), "{en:Cabinets and switches|de:Schränke und Schalter}"),
        (["valve", "reducer", "pump"], node_marker(SHAPE.Diamond, 2, 2.0), "{en:Valves, regulators, pumps|de:Armaturen, Regler, Pumpen}"),
        ("hydrant", node_marker(SHAPE.Pentagon, 2, 2.0), "{code:node_type.hydrant}"),
        (["manhole", "street_inlet", "structure"], node_marker(SHAPE.Circle, 1.6, 1.7, hollow=True), "{en:Manholes, inlets, structures|de:Schächte, Abläufe, Bauwerke}"),
        ("house_connection", node_marker(SHAPE.Trapezoid, 1.2, 1.2), "{code:node_type.house_connection}"),
        ("street_light", node_marker(SHAPE.CrossFill, 2, 2.0), "{code:node_type.street_light}"),
        ("", node_marker(SHAPE.Circle, 0.7, 0.8), "{en:Junctions and ends|de:Abzweige und Leitungsenden}"),
    ]
    return "Point", categories("node_type", entries), labels(label("local_id", 6, 500, is_field=True))


def coverage():
    entries = [
        ("complete", area_symbol(fill("#cfdde8", "#7f9ab0", mm=0.2, opacity=0.35)), "{code:data_state.complete}"),
        ("partial", area_symbol(fill("#f0dfb4", "#c3a14b", mm=0.2, opacity=0.35), hatch("#c3a14b", 45.0, 3.0)), "{code:data_state.partial}"),
        ("none", area_symbol(fill("#e5cfc9", "#a8604f", mm=0.2, opacity=0.35), hatch("#a8604f", 45.0, 2.0), hatch("#a8604f", 135.0, 2.0)), "{code:data_state.none}"),
    ]
    return "MultiPolygon", categories("data_state", entries), None


STYLES = {
    "trees/tree": tree,
    "buildings/building": building,
    "buildings/place": place,
    "buildings/entrance": entrance,
    "buildings/lift": lift,
    "buildings/toilet": toilet,
    "buildings/parking": parking,
    "greenspace/site": site,
    "greenspace/unit": unit,
    "greenspace/gate": gate,
    "greenspace/playground": playground,
    "walking/edge": edge,
    "walking/node": node,
    "districts/district": district,
    "population/cell": population_cell,
    "statgrid/cell": grid_cell,
    "utilities/line": utility_line,
    "utilities/node": utility_node,
    "utilities/coverage": coverage,
}


def steady(text):
    """Random keys by their place in the file, so that a style changes only where it was changed."""
    seen = {}

    def name(match):
        return seen.setdefault(match.group(0), "{%s}" % uuid.uuid5(uuid.NAMESPACE_OID, str(len(seen))))

    return re.sub(r"\{[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\}", name, text)


def write(path, kind, renderer, labeling):
    layer = QgsVectorLayer(kind, "style", "memory")
    layer.setRenderer(renderer)
    if labeling:
        layer.setLabeling(labeling)
    layer.setLabelsEnabled(labeling is not None)
    document = QDomDocument()
    layer.exportNamedStyle(document, categories=QgsMapLayer.StyleCategories(QgsMapLayer.Symbology | QgsMapLayer.Labeling))
    target = HERE / "qml" / (path + ".qml")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(steady(document.toString(1)), encoding="utf-8")


def main():
    if os.environ.get("QT_HASH_SEED") != "0":  # Qt read it when it was imported; without it attributes come in another order each time
        os.environ["QT_HASH_SEED"] = "0"
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        os.execv(sys.executable, [sys.executable, *sys.argv])
    with tempfile.TemporaryDirectory() as profile:
        application = QgsApplication([], False, profile)
        application.initQgis()
        for path, make in STYLES.items():
            write(path, *make())
        print(len(STYLES), "styles written")
        application.exitQgis()


if __name__ == "__main__":
    sys.exit(main())
