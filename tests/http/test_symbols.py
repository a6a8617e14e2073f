# SPDX-License-Identifier: GPL-2.0-or-later
"""One picture for all kinds of symbols: a generated project with a layer for each case is served and compared with QGIS's own pictures,
and each case takes the way that is expected of it: drawn from its rows, or by QGIS."""
import os
import shutil
import subprocess
import tempfile
import unittest

from osgeo import gdal
from qgis.core import (
    Qgis, QgsApplication, QgsCategorizedSymbolRenderer, QgsCoordinateReferenceSystem, QgsDiagramLayerSettings, QgsDiagramSettings, QgsDropShadowEffect, QgsEffectStack, QgsFeatureRequest,
    QgsField, QgsFillSymbol, QgsGraduatedSymbolRenderer, QgsHeatmapRenderer, QgsInvertedPolygonRenderer, QgsLineSymbol, QgsMarkerSymbol, QgsNullSymbolRenderer, QgsPalLayerSettings,
    QgsPieDiagram, QgsPointDisplacementRenderer, QgsProject, QgsProperty, QgsRendererCategory, QgsRendererRange, QgsRuleBasedLabeling, QgsRuleBasedRenderer, QgsSimpleMarkerSymbolLayerBase,
    QgsSingleCategoryDiagramRenderer, QgsSingleSymbolRenderer, QgsSymbol, QgsSymbolBufferSettings, QgsSymbolLayer, QgsTextFormat, QgsVectorLayer, QgsVectorLayerSimpleLabeling, QgsVectorSimplifyMethod)
from qgis.PyQt.QtCore import QMetaType, QSizeF
from qgis.PyQt.QtGui import QColor, QImage, QPainter

from one_picture import Comparison, Map, places, run_tests, serve_everything, ways
from service import stadtgdi

CRS = "EPSG:25833"
# A part of the rows is enough, and keeps the test short.
TABLES = {"trees_tree": 6, "walking_edge": 1, "utilities_line": 20, "buildings_building": 6, "greenspace_site": 1, "districts_district": 1}
TREES, EDGES, PIPES, HOUSES, PARKS, DISTRICTS = TABLES
# Rows of many parts.
COLLECTED = {"trees_of_a_genus": "SELECT genus, count(*) AS parts, ST_Collect(geom) AS geom FROM trees_tree WHERE fid % 6 = 0 GROUP BY genus",
             "edges_of_a_kind": "SELECT kind, count(*) AS parts, ST_Collect(geom) AS geom FROM walking_edge GROUP BY kind, fid / 40",
             "houses_of_a_district": "SELECT district_name, count(*) AS parts, ST_Collect(geom) AS geom FROM (SELECT * FROM buildings_building WHERE fid % 4 = 0) GROUP BY district_name"}
GENERA, KINDS, QUARTERS = COLLECTED
ALL_TREES = "every tree"

CASES = {}   # name of the layer -> table, what sets the layer up, whether it is expected to be compiled (None: as it may be)


def case(name, table, setup, compiled=True):
    assert name not in CASES and len(name) < 60
    CASES[name] = (table, setup, compiled)


def symbol_layer(kind, settings):
    """Keys with '=' before them are data-defined by an expression, 'sub' is the symbol inside."""
    given = {key: str(value) for key, value in settings.items() if not key.startswith("=") and key != "sub"}
    layer = QgsApplication.symbolLayerRegistry().symbolLayerMetadata(kind).createSymbolLayer(given)
    assert layer is not None, kind
    if "sub" in settings:
        assert layer.setSubSymbol(settings["sub"].clone())
    for key, value in settings.items():
        if key.startswith("="):
            layer.setDataDefinedProperty(getattr(QgsSymbolLayer.Property, key[1:]), QgsProperty.fromExpression(value))
    return layer


def symbol(kind, *layers, opacity=1.0, passes=(), **properties):
    """Of (type, settings) pairs from the lowest up."""
    made = kind()
    made.changeSymbolLayer(0, symbol_layer(*layers[0]))
    for layer in layers[1:]:
        made.appendSymbolLayer(symbol_layer(*layer))
    for place, number in enumerate(passes):
        made.symbolLayer(place).setRenderingPass(number)
    made.setOpacity(opacity)
    for name, expression in properties.items():
        made.setDataDefinedProperty(getattr(QgsSymbol.Property, name), QgsProperty.fromExpression(expression))
    return made


def marker(kind="SimpleMarker", **settings):
    return symbol(QgsMarkerSymbol, (kind, {"name": "circle", "color": "40,140,70", "outline_color": "20,60,30", "size": 3, **settings} if kind == "SimpleMarker" else settings))


def line(kind="SimpleLine", **settings):
    return symbol(QgsLineSymbol, (kind, {"line_color": "180,60,40", "line_width": 0.8, **settings} if kind == "SimpleLine" else settings))


def fill(kind="SimpleFill", **settings):
    return symbol(QgsFillSymbol, (kind, {"color": "220,190,150", "outline_color": "110,80,60", **settings} if kind == "SimpleFill" else settings))


def single(made):
    return lambda layer: layer.setRenderer(QgsSingleSymbolRenderer(made.clone()))


def levels(made):
    def setup(layer):
        renderer = QgsSingleSymbolRenderer(made.clone())
        renderer.setUsingSymbolLevels(True)
        layer.setRenderer(renderer)
    return setup


def categorized(attribute, symbols, using_levels=False):
    def setup(layer):
        renderer = QgsCategorizedSymbolRenderer(attribute, [QgsRendererCategory(value, made.clone(), str(value), value != "off") for value, made in symbols.items()])
        renderer.setUsingSymbolLevels(using_levels)
        layer.setRenderer(renderer)
    return setup


def graduated(attribute, limits, symbols):
    return lambda layer: layer.setRenderer(QgsGraduatedSymbolRenderer(attribute, [QgsRendererRange(low, high, made.clone(), f"{low}-{high}")
                                                                                 for low, high, made in zip(limits, limits[1:], symbols)]))


def rule(made=None, filter="", children=(), scales=(0, 0), otherwise=False, active=True):
    """`scales`: the largest and the smallest denominator."""
    made = QgsRuleBasedRenderer.Rule(made.clone() if made else None, scales[1], scales[0], "ELSE" if otherwise else filter)
    made.setActive(active)
    for child in children:
        made.appendChild(child)
    return made


def rules(*all_of_them, using_levels=False):
    root = rule(children=[one.clone() for one in all_of_them])

    def setup(layer):
        renderer = QgsRuleBasedRenderer(root.clone())
        renderer.setUsingSymbolLevels(using_levels)
        layer.setRenderer(renderer)
    return setup


def both(*setups):
    def setup(layer):
        for one in setups:
            one(layer)
    return setup


def call(method, *arguments):
    """Sets one thing of the layer."""
    return lambda layer: getattr(layer, method)(*arguments)


def of_renderer(method, *arguments):
    return lambda layer: getattr(layer.renderer(), method)(*arguments)


def scale_range(most, least):
    return both(call("setScaleBasedVisibility", True), call("setMinimumScale", most), call("setMaximumScale", least))


def label(field, size=8, **settings):
    made = QgsPalLayerSettings()
    made.fieldName = field
    text = QgsTextFormat()
    text.setSize(size)
    text.setColor(QColor(30, 30, 90))
    text.buffer().setEnabled(True)
    made.setFormat(text)
    for name, value in settings.items():
        setattr(made, name, value)
    return made


def labelled(made):
    def setup(layer):
        layer.setLabeling(QgsVectorLayerSimpleLabeling(made))
        layer.setLabelsEnabled(True)
    return setup


def labelled_by_rules(*all_of_them):
    """(settings, filter, largest denominator, smallest denominator)"""
    def setup(layer):
        root = QgsRuleBasedLabeling.Rule(None)
        for made, wanted, most, least in all_of_them:
            root.appendChild(QgsRuleBasedLabeling.Rule(QgsPalLayerSettings(made), least, most, wanted))
        layer.setLabeling(QgsRuleBasedLabeling(root))
        layer.setLabelsEnabled(True)
    return setup


def simplified(flags):
    def setup(layer):
        method = QgsVectorSimplifyMethod()
        method.setSimplifyHints(flags)
        method.setThreshold(1.0)
        layer.setSimplifyMethod(method)
    return setup


def diagrams(layer):
    settings = QgsDiagramSettings()
    settings.categoryAttributes = ['"area_m2"', '"noise_db" * 1000 + 20000']
    settings.categoryLabels = ["area", "noise"]
    settings.categoryColors = [QColor("orange"), QColor("teal")]
    settings.size = QSizeF(8, 8)
    settings.enabled = True
    renderer = QgsSingleCategoryDiagramRenderer()
    renderer.setDiagram(QgsPieDiagram())
    renderer.setDiagramSettings(settings)
    layer.setDiagramRenderer(renderer)
    placing = QgsDiagramLayerSettings()
    placing.setPlacement(QgsDiagramLayerSettings.OverPoint)
    placing.setShowAllDiagrams(True)
    layer.setDiagramLayerSettings(placing)


def shadow():
    stack = QgsEffectStack()
    stack.setEnabled(True)
    stack.appendEffect(QgsDropShadowEffect())
    return stack


def shadow_of_symbol(layer):
    made = marker(size=4)
    made.symbolLayer(0).setPaintEffect(shadow())
    rules(rule(made, '"fid" % 300 = 0'))(layer)  # QGIS takes its time for each of them


def ordered(layer):
    layer.setRenderer(QgsSingleSymbolRenderer(symbol(QgsMarkerSymbol, ("SimpleMarker", {"size": 5, "=FillColor": "color_hsl(\"vitality\" * 60, 60, 50)"}))))
    layer.renderer().setOrderBy(QgsFeatureRequest.OrderBy([QgsFeatureRequest.OrderByClause('"height_m"', False)]))
    layer.renderer().setOrderByEnabled(True)


def heat(layer):
    renderer = QgsHeatmapRenderer()
    renderer.setRadius(5)
    layer.setRenderer(renderer)


def inverted(layer):
    layer.setRenderer(QgsInvertedPolygonRenderer(QgsSingleSymbolRenderer(fill(color="200,200,220"))))


def displaced(layer):
    renderer = QgsPointDisplacementRenderer()
    renderer.setEmbeddedRenderer(QgsSingleSymbolRenderer(marker(size=2)))
    layer.setRenderer(renderer)


def buffered(layer):
    made = marker(size=3)
    settings = QgsSymbolBufferSettings()
    settings.setEnabled(True)
    settings.setSize(1)
    made.setBufferSettings(settings)
    layer.setRenderer(QgsSingleSymbolRenderer(made))


def make_cases(picture):
    """`picture`: an image file for raster symbols."""
    colours = ["200,60,50", "60,120,200", "240,180,40", "90,170,90", "150,90,170", "90,90,90", "240,120,160"]
    shapes = [QgsSimpleMarkerSymbolLayerBase.encodeShape(shape) for shape in Qgis.MarkerShape]

    # Markers
    case("marker_shapes", TREES, categorized(f'"fid" % {len(shapes)}', {i: marker(name=shape, size=4.2) for i, shape in enumerate(shapes)}))
    case("marker_millimetres", TREES, single(marker(size=2.6, outline_width=0.3)))
    case("marker_points", TREES, single(marker(name="square", size=9, size_unit="Point", outline_width=1, outline_width_unit="Point")))
    case("marker_pixels", TREES, single(marker(name="diamond", size=7, size_unit="Pixel", outline_width=1, outline_width_unit="Pixel")))
    case("marker_inches", TREES, single(marker(name="triangle", size=0.12, size_unit="Inch")))
    case("marker_map_units", TREES, single(marker(name="star", size=12, size_unit="MapUnit", outline_width=0.6, outline_width_unit="MapUnit")))
    case("marker_map_units_limited", TREES, single(marker(size=12, size_unit="MapUnit", size_map_unit_scale="3x:0,0,1,0.8,1,4")))
    case("marker_metres", TREES, single(marker(name="pentagon", size=9, size_unit="RenderMetersInMapUnits")))
    case("marker_rotated_offset", TREES, single(marker(name="equilateral_triangle", size=4, angle=33, offset="1.2,-0.7")))
    case("marker_offset_pixels", TREES, single(marker(name="cross2", size=3, angle=10, offset="6,3", offset_unit="Pixel", outline_width=0.5)))
    case("marker_anchor", TREES, single(marker(name="arrowhead", size=4, vertical_anchor_point=2, horizontal_anchor_point=0)))
    case("marker_dashed_stroke", TREES, single(marker(name="square", size=6, outline_style="dash", outline_width=0.5, joinstyle="miter")))
    case("marker_hairline", TREES, single(marker(size=3, outline_width=0)))
    case("marker_without_stroke", TREES, single(marker(name="hexagon", size=3.3, outline_style="no")))
    case("marker_without_fill", TREES, single(marker(name="circle", size=3.7, color="0,0,0,0", outline_width=0.4)))
    case("marker_translucent_colour", TREES, single(marker(size=5, color="40,140,70,120", outline_color="0,0,0,90", outline_width=0.6)))
    case("marker_translucent_symbol", TREES, single(symbol(QgsMarkerSymbol, ("SimpleMarker", {"size": 5, "color": "200,40,40"}), opacity=0.55)))
    case("marker_translucent_layer", TREES, both(single(marker(size=5)), call("setOpacity", 0.4)))
    case("marker_large", TREES, single(marker(name="star", size=19, color="250,220,60,150")))
    case("marker_several_layers", TREES, single(symbol(QgsMarkerSymbol, ("SimpleMarker", {"size": 5, "color": "white"}), ("SimpleMarker", {"name": "cross", "size": 4, "outline_width": 0.4}),
                                                       ("SimpleMarker", {"size": 1.4, "color": "red", "outline_style": "no", "offset": "1,1"}))))
    case("marker_levels", TREES, levels(symbol(QgsMarkerSymbol, ("SimpleMarker", {"size": 6, "color": "60,60,60"}), ("SimpleMarker", {"size": 4, "color": "250,250,210"}), passes=(0, 1))))
    case("marker_disabled_layer", TREES, single(symbol(QgsMarkerSymbol, ("SimpleMarker", {"size": 5, "color": "90,90,220"}), ("SimpleMarker", {"size": 3, "=LayerEnabled": '"vitality" > 0'}))))
    case("marker_size_by_field", TREES, single(marker(**{"=Size": '"crown_diam_m" / 2'})))
    case("marker_size_by_crown", TREES, single(marker(size_unit="MapUnit", color="40,140,70,140", **{"=Size": '"crown_diam_m"'})))
    case("marker_size_of_symbol", TREES, single(symbol(QgsMarkerSymbol, ("SimpleMarker", {"size": 3, "color": "240,200,80"}), ("SimpleMarker", {"name": "cross", "size": 2}))))
    case("marker_colour_by_field", TREES, single(marker(size=4, **{"=FillColor": "color_hsl(\"height_m\" * 8, 70, 50)", "=StrokeColor": "if(\"vitality\" = 0, 'black', 'red')"})))
    case("marker_rotation_by_field", TREES, single(marker(name="arrow", size=5, **{"=Angle": '"planting_year" % 360'})))
    case("marker_shape_by_expression", TREES, single(marker(size=4, **{"=Name": "case when \"site_type\" = 'park' then 'star' when \"height_m\" > 15 then 'square' else 'circle' end"})))
    case("marker_stroke_by_field", TREES, single(marker(size=4, **{"=StrokeWidth": '"vitality" * 0.3', "=StrokeStyle": "if(\"vitality\" = 1, 'dot', 'solid')"})))
    case("marker_offset_by_field", TREES, single(marker(size=2.5, **{"=Offset": "to_string(\"vitality\") || ',-1'"})))
    case("marker_opacity_by_field", TREES, single(symbol(QgsMarkerSymbol, ("SimpleMarker", {"size": 4, "color": "20,90,160"}), Opacity='30 + "vitality" * 15')))
    case("marker_by_row_number", TREES, single(marker(size=3, **{"=FillColor": "color_hsl($id % 36 * 10, 60, 55)"})))
    case("marker_by_place", TREES, single(marker(size=4, **{"=FillColor": "if($x > 390000, '#a03030', '#3030a0')"})))
    case("marker_svg", TREES, single(marker("SvgMarker", name="symbol/fountain.svg", size=5, color="30,100,200")))
    case("marker_svg_stroke_rotated", TREES, single(marker("SvgMarker", name="backgrounds/background_square_rounded.svg", size=5, color="250,240,210", outline_color="90,0,0", outline_width=0.4, angle=20)))
    case("marker_svg_by_field", TREES, single(marker("SvgMarker", name="symbol/fountain.svg", size=4, **{"=Size": '2 + "vitality"', "=FillColor": "if(\"site_type\" = 'park', '#208020', '#a05020')"})))
    case("marker_svg_map_units", TREES, single(marker("SvgMarker", name="symbol/fountain.svg", size=15, size_unit="MapUnit", offset="5,0", offset_unit="MapUnit")))
    case("marker_svg_not_there", TREES, single(marker("SvgMarker", name="symbol/there_is_no_such_picture.svg", size=4)))
    case("marker_font", TREES, single(marker("FontMarker", font="DejaVu Sans", chr="A", size=4, color="160,30,30")))
    case("marker_font_by_field", TREES, single(marker("FontMarker", font="DejaVu Sans", chr="A", size=3.4, angle=15, outline_width=0.2, outline_color="white", **{"=Character": 'left("genus", 2)'})))
    case("marker_ellipse", TREES, single(marker("EllipseMarker", symbol_name="circle", symbol_width=5, symbol_height=2.4, angle=25, color="120,180,220")))
    case("marker_ellipse_by_field", TREES, single(marker("EllipseMarker", symbol_name="rectangle", symbol_width=4, symbol_height=2, **{"=Width": '"crown_diam_m" / 3', "=Height": '"height_m" / 8'})))
    case("marker_filled", TREES, single(marker("FilledMarker", name="star", size=6, sub=fill(style="diagonal_x", color="200,30,90"))))
    case("marker_filled_gradient", TREES, single(marker("FilledMarker", name="circle", size=6, sub=fill("GradientFill", color="255,255,255", gradient_color2="30,90,30"))))
    case("marker_raster", TREES, single(marker("RasterMarker", imageFile=picture, size=4, alpha=0.9)))
    case("marker_raster_rotated", TREES, single(marker("RasterMarker", imageFile=picture, size=14, size_unit="Pixel", angle=30)))

    case("marker_stroke_by_field_without_null", TREES, single(marker(size=4, **{"=StrokeWidth": 'coalesce("vitality", 0) * 0.3', "=StrokeStyle": "if(coalesce(\"vitality\", 0) = 1, 'dot', 'solid')"})))
    case("marker_by_variable_id", TREES, single(marker(size=3, **{"=FillColor": "color_hsl(@id % 36 * 10, 60, 55)"})))
    case("marker_by_feature", TREES, single(marker(size=3, **{"=FillColor": "if(attribute(@feature, 'site_type') = 'park', 'green', 'gray')"})))
    case("marker_by_attributes", TREES, single(marker(size=3, **{"=FillColor": "if(map_get(attributes(), 'vitality') > 1, 'red', 'gray')"})))
    case("marker_ellipse_stroke_with_null", TREES, single(marker("EllipseMarker", symbol_width=4, symbol_height=3, **{"=StrokeWidth": 'if("vitality" > 1, NULL, "vitality" * 0.5 + 0.2)'})))
    case("marker_svg_stroke_with_null", TREES, single(marker("SvgMarker", name="backgrounds/background_square.svg", size=4, color="white", **{"=StrokeWidth": 'if("vitality" > 1, NULL, "vitality" * 0.5 + 0.2)'})))
    case("marker_everything_is_null", TREES, single(marker(size=3, **{"=FillColor": "NULL", "=Size": "NULL", "=Angle": "NULL", "=Name": "NULL"})))
    case("marker_more_symbols_than_are_kept", ALL_TREES, single(marker(size=2, **{"=FillColor": 'color_rgb("fid" % 200, "fid" / 40, 99)'})))
    case("marker_parts", GENERA, categorized("genus", {"Acer": marker(size=3), "": marker(size=2, color="gray")}))
    case("marker_parts_by_number", GENERA, single(marker(**{"=Size": 'min(6, "parts" / 40 + 1)'})))
    case("marker_parts_translucent", GENERA, single(symbol(QgsMarkerSymbol, ("SimpleMarker", {"size": 6, "color": "200,40,40"}), ("SimpleMarker", {"size": 3, "color": "white"}), opacity=0.5)))

    # Lines
    case("line_millimetres", EDGES, single(line(line_width=0.7)))
    case("line_pixels", EDGES, single(line(line_width=3, line_width_unit="Pixel", capstyle="flat", joinstyle="miter")))
    case("line_map_units", EDGES, single(line(line_width=8, line_width_unit="MapUnit", capstyle="round", joinstyle="round")))
    case("line_metres", PIPES, single(line(line_width=2, line_width_unit="RenderMetersInMapUnits")))
    case("line_hairline", PIPES, single(line(line_width=0)))
    case("line_wide", DISTRICTS, single(symbol(QgsFillSymbol, ("SimpleLine", {"line_width": 4, "line_color": "90,40,140,120", "capstyle": "round", "joinstyle": "round"}))))
    case("line_styles", EDGES, categorized('"fid" % 4', {i: line(line_style=style, line_width=0.9) for i, style in enumerate(("dash", "dot", "dash dot", "dash dot dot"))}))
    case("line_dashes", EDGES, single(line(use_custom_dash="1", customdash="3;1.2;0.6;1.2", capstyle="round", line_width=0.6)))
    case("line_dashes_pixels", EDGES, single(line(use_custom_dash="1", customdash="12;5", customdash_unit="Pixel", capstyle="flat", dash_pattern_offset="4", dash_pattern_offset_unit="Pixel")))
    case("line_dashes_aligned", EDGES, single(line(use_custom_dash="1", customdash="4;2", align_dash_pattern="1", tweak_dash_pattern_on_corners="1")))
    case("line_offset", EDGES, single(line(offset=1.4, line_width=0.5)))
    case("line_offset_map_units", EDGES, single(line(offset=-9, offset_unit="MapUnit", line_width=0.5)))
    case("line_trimmed", EDGES, single(line(trim_distance_start=2, trim_distance_end=12, trim_distance_end_unit="MapUnit")))
    case("line_casing", EDGES, single(symbol(QgsLineSymbol, ("SimpleLine", {"line_width": 2, "line_color": "70,70,70"}), ("SimpleLine", {"line_width": 1.4, "line_color": "250,230,150"}))))
    case("line_casing_levels", EDGES, levels(symbol(QgsLineSymbol, ("SimpleLine", {"line_width": 2, "line_color": "70,70,70"}), ("SimpleLine", {"line_width": 1.4, "line_color": "250,230,150"}), passes=(0, 1))))
    case("line_levels_by_category", EDGES, categorized("kind", {kind: symbol(QgsLineSymbol, ("SimpleLine", {"line_width": 2.4, "line_color": "50,50,50"}), ("SimpleLine", {"line_width": 1.8, "line_color": colour}), passes=(place, place + 1))
                                                                for place, (kind, colour) in enumerate(zip(("footway", "residential_street", "main_street"), colours))}, using_levels=True))
    case("line_translucent_colour", EDGES, single(line(line_color="30,60,200,110", line_width=2)))
    case("line_translucent_symbol", EDGES, single(symbol(QgsLineSymbol, ("SimpleLine", {"line_width": 2, "line_color": "black"}), ("SimpleLine", {"line_width": 1, "line_color": "white"}), opacity=0.5)))
    case("line_width_by_field", EDGES, single(line(line_width_unit="MapUnit", **{"=StrokeWidth": '"width_m"'})))
    case("line_colour_by_expression", EDGES, single(line(**{"=StrokeColor": "color_hsl(\"length_m\" % 360, 70, 45)", "=StrokeStyle": "if(\"kind\" = 'footway', 'dot', 'solid')"})))
    case("line_enabled_by_field", EDGES, single(line(**{"=LayerEnabled": "\"surface\" = 'asphalt'"})))
    case("line_markers_interval", EDGES, single(line("MarkerLine", interval=4, placements="Interval", sub=marker(name="triangle", size=2))))
    case("line_markers_interval_pixels", EDGES, single(line("MarkerLine", interval=20, interval_unit="Pixel", offset_along_line=5, rotate="0", placements="Interval", sub=marker(name="arrow", size=3))))
    case("line_markers_vertices", PIPES, single(line("MarkerLine", placements="Vertex", sub=marker(size=1.6))))
    case("line_markers_ends", EDGES, single(symbol(QgsLineSymbol, ("SimpleLine", {"line_width": 0.4}), ("MarkerLine", {"placements": "FirstVertex", "sub": marker(size=2, color="green")}),
                                                   ("MarkerLine", {"placements": "LastVertex", "sub": marker(name="arrowhead", size=3, color="red")}))))
    case("line_markers_centre", EDGES, single(line("MarkerLine", placements="CentralPoint", sub=marker(name="square", size=2.4))))
    case("line_markers_segments", EDGES, single(line("MarkerLine", placements="SegmentCenter", sub=marker(name="diamond", size=2))))
    case("line_markers_svg", EDGES, rules(rule(line("MarkerLine", placements="CentralPoint", sub=marker("SvgMarker", name="symbol/fountain.svg", size=3)), '"fid" % 10 = 0')))
    case("line_hashes", EDGES, single(line("HashLine", interval=2, hash_length=3, hash_angle=10, sub=line(line_width=0.3))))
    case("line_arrow", EDGES, single(line("ArrowLine", arrow_width=0.8, arrow_start_width=0.8, head_length=2, head_thickness=1.5, is_curved="0", sub=fill(color="60,120,60"))))
    case("line_filled", EDGES, single(line("FilledLine", line_width=2, sub=fill(style="b_diagonal", color="90,90,200"))))

    case("line_dashes_width_by_field", EDGES, single(line(use_custom_dash="1", customdash="3;1.5", **{"=StrokeWidth": '"width_m" / 20'})))
    case("line_dashes_by_field", EDGES, single(line(use_custom_dash="1", customdash="3;1.5", **{"=CustomDash": "if(\"kind\" = 'footway', '1;1', NULL)"})))
    case("line_style_with_null", EDGES, single(line(**{"=StrokeStyle": "if(\"kind\" = 'footway', 'dot', NULL)", "=CapStyle": "if(\"kind\" = 'main_street', 'round', NULL)", "=StrokeWidth": "if(\"fid\" % 3 = 0, NULL, 1.5)"})))
    case("line_offset_by_field", EDGES, single(line(**{"=OffsetAlongLine": "1", "=Offset": '"width_m" / 20'})))
    case("line_parts", KINDS, single(line()))
    case("line_parts_dashed", KINDS, single(line(line_style="dash", line_color="40,40,40,120", line_width=1.5)))
    case("line_parts_markers", KINDS, single(line("MarkerLine", interval=5, placements="Interval", sub=marker(size=1.5))))

    # Fills
    case("fill_with_null", HOUSES, single(fill(outline_width=0.3, **{"=StrokeWidth": 'if("levels" > 3, NULL, "levels" / 4)', "=FillStyle": "if(\"levels\" = 2, 'cross', NULL)", "=StrokeStyle": "if(\"levels\" = 1, 'dot', NULL)",
                                                                       "=JoinStyle": "if(\"levels\" = 1, 'round', NULL)"})))
    case("fill_parts", QUARTERS, single(fill()))
    case("fill_parts_translucent", QUARTERS, single(symbol(QgsFillSymbol, ("SimpleFill", {"color": "60,160,80", "outline_width": 1, "offset": "1,1"}), opacity=0.5)))
    case("fill_parts_centroid", QUARTERS, single(fill("CentroidFill", point_on_all_parts="1", sub=marker(size=2))))
    case("fill_parts_centroid_of_whole", QUARTERS, single(fill("CentroidFill", point_on_all_parts="0", sub=marker(size=2))))
    case("fill_parts_outline", QUARTERS, single(symbol(QgsFillSymbol, ("SimpleLine", {"line_width": 0.7, "offset": "0.5"}))))
    case("fill_simple", HOUSES, single(fill(outline_width=0.2)))
    case("fill_without_outline", HOUSES, single(fill(outline_style="no")))
    case("fill_without_fill", HOUSES, single(fill(style="no", outline_width=0.5)))
    brushes = ["solid", "horizontal", "vertical", "cross", "b_diagonal", "f_diagonal", "diagonal_x", "dense1", "dense2", "dense3", "dense4", "dense5", "dense6", "dense7"]
    case("fill_brushes", HOUSES, categorized(f'"fid" % {len(brushes)}', {i: fill(style=style, color="150,60,30") for i, style in enumerate(brushes)}))
    case("fill_brushes_large", PARKS, categorized('"fid" % 4', {i: fill(style=style, color="30,110,60") for i, style in enumerate(("dense3", "diagonal_x", "horizontal", "solid"))}))
    case("fill_joins", HOUSES, categorized('"fid" % 3', {i: fill(joinstyle=join, outline_width=1.2) for i, join in enumerate(("miter", "bevel", "round"))}))
    case("fill_outline_styles", PARKS, categorized('"fid" % 4', {i: fill(outline_style=style, outline_width=0.7) for i, style in enumerate(("dash", "dot", "dash dot", "dash dot dot"))}))
    case("fill_outline_map_units", HOUSES, single(fill(outline_width=1.5, outline_width_unit="MapUnit")))
    case("fill_offset", HOUSES, single(fill(offset="1,0.8")))
    case("fill_offset_map_units", HOUSES, single(fill(offset="6,-4", offset_unit="MapUnit")))
    case("fill_translucent_colour", PARKS, single(fill(color="60,160,80,120", outline_color="0,80,0,130", outline_width=1)))
    case("fill_translucent_symbol", PARKS, single(symbol(QgsFillSymbol, ("SimpleFill", {"color": "60,160,80"}), ("SimpleLine", {"line_width": 1}), opacity=0.6)))
    case("fill_translucent_layer", PARKS, both(single(fill()), call("setOpacity", 0.5)))
    case("fill_colour_by_field", HOUSES, single(fill(**{"=FillColor": "color_hsl(\"levels\" * 40, 60, 60)", "=StrokeWidth": '"levels" / 10'})))
    case("fill_colour_by_area", HOUSES, single(fill(**{"=FillColor": "color_hsl($area % 360, 50, 50)"})))
    case("fill_outline_line", DISTRICTS, single(symbol(QgsFillSymbol, ("SimpleLine", {"line_width": 0.8, "line_color": "120,0,90"}))))
    case("fill_outline_dashes", PARKS, single(symbol(QgsFillSymbol, ("SimpleFill", {"color": "200,230,190", "outline_style": "no"}), ("SimpleLine", {"use_custom_dash": "1", "customdash": "4;2", "offset": "-0.8", "line_width": 0.5}))))
    case("fill_outline_inner_ring", HOUSES, single(symbol(QgsFillSymbol, ("SimpleLine", {"line_width": 0.6, "ring_filter": "1"}), ("SimpleLine", {"line_width": 0.6, "line_color": "red", "ring_filter": "2"}))))
    case("fill_outline_inside", PARKS, single(symbol(QgsFillSymbol, ("SimpleLine", {"line_width": 2, "draw_inside_polygon": "1", "line_color": "20,90,40"}))))
    case("fill_outline_markers", PARKS, single(symbol(QgsFillSymbol, ("MarkerLine", {"interval": 4, "placements": "Interval", "sub": marker(size=1.5)}))))
    case("fill_svg", PARKS, single(fill("SVGFill", svgFile="symbol/fountain.svg", width=6, color="40,120,60", sub=line(line_width=0.3))))
    case("fill_lines", PARKS, single(fill("LinePatternFill", angle=35, distance=2, sub=line(line_width=0.3))))
    case("fill_points", PARKS, single(fill("PointPatternFill", distance_x=3, distance_y=3, sub=marker(size=1.4))))
    case("fill_centroid", HOUSES, single(fill("CentroidFill", point_on_surface="0", sub=marker(name="cross", size=2))))
    case("fill_centroid_of_parts", PARKS, single(fill("CentroidFill", point_on_surface="1", point_on_all_parts="1", clip_points="1", sub=marker(size=3))))
    case("fill_gradient", PARKS, single(fill("GradientFill", color="30,120,60", gradient_color2="230,240,200", type="0", angle=30)))
    case("fill_gradient_radial", HOUSES, single(fill("GradientFill", color="130,20,60", gradient_color2="240,240,200", type="1")))
    case("fill_shapeburst", PARKS, single(fill("ShapeburstFill", color="20,100,160", gradient_color2="240,250,255", use_whole_shape="0", max_distance=4)))
    case("fill_raster", PARKS, single(fill("RasterFill", imageFile=picture, width=8, coordinate_mode="0")))
    case("fill_levels", HOUSES, levels(symbol(QgsFillSymbol, ("SimpleFill", {"color": "80,80,80", "offset": "0.8,0.8", "outline_style": "no"}), ("SimpleFill", {"color": "240,220,200"}), passes=(0, 1))))
    case("fill_as_it_is", PARKS, both(single(fill()), simplified(Qgis.VectorRenderingSimplificationFlags(Qgis.VectorRenderingSimplificationFlag.NoSimplification))))
    case("fill_coarse", PARKS, both(single(fill()), simplified(Qgis.VectorRenderingSimplificationFlags(Qgis.VectorRenderingSimplificationFlag.FullSimplification))))

    # Renderers
    genera = {genus: marker(size=3, color=colour) for genus, colour in zip(("Acer", "Tilia", "Quercus", "Fraxinus", "Robinia"), colours)}
    case("categories", TREES, categorized("genus", genera))
    case("categories_and_others", TREES, categorized("genus", {**genera, "": marker(size=1.5, color="200,200,200")}))
    case("categories_switched_off", TREES, categorized("genus", {"Acer": genera["Acer"], "off": genera["Tilia"]}))
    case("categories_of_expression", EDGES, categorized("if(\"length_m\" > 100, 'long', 'short')", {"long": line(line_width=1.2), "short": line(line_color="60,60,200")}))
    case("categories_of_numbers", TREES, categorized("vitality", {value: marker(size=2 + value, color=colour) for value, colour in zip(range(4), colours)}))
    case("categories_of_text_and_null", HOUSES, categorized("function", {"apartments": fill(color="240,200,160"), "house": fill(color="240,160,140"), "commercial": fill(color="160,160,220"), "": fill(color="210,210,210")}))
    case("classes", HOUSES, graduated("height_m", [0, 6, 12, 15, 18, 60], [fill(color=colour) for colour in colours]))
    case("classes_of_expression", EDGES, graduated('"length_m" * "width_m"', [0, 500, 1500, 4000], [line(line_width=width) for width in (0.3, 0.8, 1.5)]))
    case("rules_nested", TREES, rules(rule(marker(size=1.5, color="gray"), "\"site_type\" = 'street'", [rule(marker(size=3, color=colour), f'"vitality" = {value}') for value, colour in zip(range(3), colours)]),
                                      rule(marker(name="star", size=4), "\"site_type\" <> 'street'")))
    case("rules_else", TREES, rules(rule(marker(size=4, color="red"), '"height_m" > 18'), rule(marker(size=4, color="orange"), '"height_m" > 12'), rule(marker(size=2, color="gray"), otherwise=True)))
    case("rules_scales", HOUSES, rules(rule(fill(color="180,80,60"), scales=(5000, 0)), rule(fill(color="80,80,180", outline_style="no"), scales=(40000, 5000)),
                                       rule(fill(color="80,180,80", outline_style="no"), '"levels" > 3', scales=(0, 40000))))
    case("rules_several_for_a_row", TREES, rules(rule(marker(size=5, color="white")), rule(marker(size=3, color="green"), '"height_m" > 10'), rule(marker(name="cross", size=2), "\"genus\" = 'Acer'"),
                                                 rule(marker(size=9), active=False)))
    case("rules_levels", EDGES, rules(rule(symbol(QgsLineSymbol, ("SimpleLine", {"line_width": 2.4, "line_color": "50,50,50"}), ("SimpleLine", {"line_width": 1.6, "line_color": "white"}), passes=(0, 2)), "\"kind\" <> 'footway'"),
                                      rule(symbol(QgsLineSymbol, ("SimpleLine", {"line_width": 1.2, "line_color": "red"}), passes=(1,)), "\"kind\" = 'footway'"), using_levels=True))
    case("null_symbol", PARKS, both(lambda layer: layer.setRenderer(QgsNullSymbolRenderer()), labelled(label("name"))))
    case("size_by_limits_of_scale", TREES, single(marker(**{"=Size": "case when @map_scale > 20000 then 1 when @map_scale >= 4000 then 2.5 else 5 end"})))
    case("filter_by_scale", TREES, rules(rule(marker(size=3, color="30,90,200"), "@map_scale < 10000 or \"vitality\" = 0"), rule(marker(name="cross", size=2), otherwise=True)))
    case("categories_by_scale", HOUSES, categorized("if(@map_scale < 8000, \"function\", 'far')", {"far": fill(color="200,200,200", outline_style="no"), "apartments": fill(color="240,180,150"), "house": fill(color="150,180,240")}))
    case("scales_of_the_layer", TREES, both(single(marker(size=3)), scale_range(25000, 2000)))
    case("reference_scale", TREES, both(single(marker(size=3, outline_width=0.3)), of_renderer("setReferenceScale", 5000)))
    case("forced_raster", EDGES, both(single(line(line_width=1.3, line_color="20,20,150,140")), of_renderer("setForceRasterRender", True)))

    case("rows_of_subset", TREES, both(call("setSubsetString", '"vitality" = 0'), single(marker(size=3))))
    case("field_virtual", TREES, both(lambda layer: layer.addExpressionField('"height_m" * 2', QgsField("twice", QMetaType.Type.Double)), graduated("twice", [0, 20, 40, 100], [marker(size=size) for size in (2, 3, 4)])))

    # Labels and diagrams above compiled symbols
    case("labels", TREES, both(single(marker(size=2)), labelled(label("genus", 7))))
    case("labels_of_lines", EDGES, both(single(line(line_width=1.5, line_color="230,210,160")), labelled(label("surface", 7, placement=Qgis.LabelPlacement.Line))))
    case("labels_of_areas", PARKS, both(single(fill(color="190,230,180")), labelled(label("name", 9))))
    case("labels_in_scales", HOUSES, both(single(fill()), labelled(label("levels", 7, scaleVisibility=True, minimumScale=6000, maximumScale=500))))
    case("labels_by_rules", HOUSES, both(single(fill()), labelled_by_rules((label("function", 7), '"levels" > 3', 4000, 0), (label("levels", 6), '"levels" <= 3', 9000, 1000))))
    case("diagrams", PARKS, both(single(fill(color="190,230,180")), diagrams))

    # What QGIS draws
    case("by_qgis_layer_blend", HOUSES, both(single(fill()), call("setBlendMode", QPainter.CompositionMode_Multiply)), False)
    case("by_qgis_feature_blend", TREES, both(single(marker(size=5)), call("setFeatureBlendMode", QPainter.CompositionMode_Multiply)), False)
    case("by_qgis_effect_of_symbol", TREES, shadow_of_symbol, False)
    case("by_qgis_effect_of_layer", HOUSES, both(single(fill()), lambda layer: layer.renderer().setPaintEffect(shadow())), False)
    case("by_qgis_heatmap", TREES, heat, False)
    case("by_qgis_order", TREES, ordered, False)
    case("by_qgis_map_rotation", TREES, single(marker(name="arrow", size=4, **{"=Angle": "10 + @map_rotation"})), False)
    case("by_qgis_computed_scale", TREES, single(marker(**{"=Size": "max(1, 20000 / @map_scale)"})), False)
    case("by_qgis_generated_geometry", HOUSES, single(fill("GeometryGenerator", SymbolType="Fill", geometryModifier="buffer($geometry, 3)", sub=fill(color="200,160,200"))), False)
    case("by_qgis_random_markers", PARKS, single(fill("RandomMarkerFill", count=30, seed=7, sub=marker(size=2))), False)
    case("by_qgis_lineburst", EDGES, single(line("Lineburst", line_width=2, color="red", gradient_color2="yellow")), False)
    case("by_qgis_inverted", PARKS, inverted, False)
    case("by_qgis_displacement", TREES, displaced, False)
    case("by_qgis_buffer_of_symbol", TREES, buffered, False)
    case("by_qgis_neighbours", TREES, single(marker(**{"=Size": "if(count(1, \"genus\") > 100, 4, 2)"})), False)


def make_project(folder):
    """The project file; its data and pictures lie beside it."""
    assert stadtgdi("demo", "--inhabitants", 20000, "--seed", 3, "--out", folder).returncode == 0
    data = os.path.join(folder, "city.gpkg")
    for table, step in TABLES.items():
        options = gdal.VectorTranslateOptions(format="GPKG", layerName=table, layers=[table], where=f"fid % {step} = 0", accessMode="update" if os.path.exists(data) else None)
        assert gdal.VectorTranslate(data, os.path.join(folder, "demo.gpkg"), options=options) is not None
    for name, query in COLLECTED.items():
        options = gdal.VectorTranslateOptions(format="GPKG", layerName=name, SQLStatement=query, SQLDialect="SQLITE", accessMode="update")
        assert gdal.VectorTranslate(data, os.path.join(folder, "demo.gpkg"), options=options) is not None
    picture = QImage(24, 24, QImage.Format_ARGB32)
    for x in range(24):
        for y in range(24):
            picture.setPixelColor(x, y, QColor(10 * x, 10 * y, 120, 255 if (x - 12) ** 2 + (y - 12) ** 2 < 140 else 60))
    assert picture.save(os.path.join(folder, "picture.png"))
    make_cases(os.path.join(folder, "picture.png"))
    project = QgsProject.instance()
    project.clear()
    project.setFilePathStorage(Qgis.FilePathType.Relative)
    project.setCrs(QgsCoordinateReferenceSystem(CRS))
    project.setEllipsoid("EPSG:7030")
    for name, (table, setup, _) in CASES.items():
        source = os.path.join(folder, "demo.gpkg") + "|layername=" + TREES if table == ALL_TREES else f"{data}|layername={table}"
        layer = QgsVectorLayer(source, name, "ogr")
        assert layer.isValid(), name
        layer.serverProperties().setShortName(name)
        setup(layer)
        project.addMapLayer(layer)
    file = os.path.join(folder, "symbols.qgz")
    assert project.write(file)
    assert project.read(file)
    return file


# Whether the rows give more symbols than are kept, or pens without a value, is known once a map has asked for them.
KNOWN_LATER = ("marker_more_symbols_than_are_kept", "marker_stroke_by_field", "marker_ellipse_stroke_with_null", "marker_svg_stroke_with_null", "line_dashes_by_field",
               "line_style_with_null", "fill_with_null")


class Symbols(unittest.TestCase):
    PLACES = 20
    OTHER_CRS = ("marker_shapes", "marker_map_units", "line_dashes", "line_offset", "line_map_units", "fill_simple", "fill_brushes_large", "fill_outline_line", "rules_nested", "labels_of_areas", "by_qgis_order")
    TRANSPARENT = ("marker_millimetres", "marker_translucent_symbol", "marker_translucent_layer", "marker_svg", "line_translucent_colour", "fill_translucent_symbol", "fill_translucent_layer", "categories_and_others",
                   "labels", "by_qgis_layer_blend")
    TOGETHER = (("fill_simple", "line_casing_levels", "marker_shapes"), ("fill_translucent_layer", "by_qgis_generated_geometry", "line_dashes", "by_qgis_order", "labels"),
                ("by_qgis_layer_blend", "rules_scales", "labels_of_lines", "labels_in_scales"), ("fill_gradient", "by_qgis_heatmap", "marker_translucent_layer", "diagrams"))

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="stadtgdi_symbols_")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        file = make_project(cls.folder)
        cls.project = QgsProject.instance()
        cls.layers = {layer.serverProperties().shortName(): layer for layer in cls.project.mapLayers().values()}
        cls.comparison = Comparison(None, None, "symbols", cls.project)
        cls.serve(file)

    @classmethod
    def serve(cls, file):
        cls.service, cls.key = serve_everything(cls.folder, file)
        cls.addClassCleanup(cls.service.stop)
        cls.comparison.service, cls.comparison.headers, cls.comparison.silent = cls.service, cls.key, None

    @classmethod
    def tearDownClass(cls):
        print(cls.comparison.summary())

    def compare(self, title, names, maps):
        failures = self.comparison.compare(title, {name: self.layers[name] for name in names}, maps)
        if self.comparison.silent:   # the other cases are to be compared all the same
            try:
                self.service.stop()
            except subprocess.TimeoutExpired:
                pass
            self.serve(os.path.join(self.folder, "symbols.qgz"))
        self.assertFalse(failures, f"{len(failures)} of {len(maps)} maps have another picture:\n" + "\n".join(failures))

    def test_each_case_has_qgis_own_picture(self):
        self.assertEqual(set(self.layers), set(CASES))
        for name, layer in self.layers.items():
            with self.subTest(layer=name):
                empty = self.comparison.empty
                self.compare(name, [name], places(layer, CRS, self.PLACES, name, self.project))
                self.assertLess(self.comparison.empty - empty, self.PLACES, "empty pictures alone")

    def test_in_other_crs(self):
        for crs in ("EPSG:3857", "EPSG:4326"):
            for name in self.OTHER_CRS:
                with self.subTest(layer=name, crs=crs):
                    self.compare(f"{name} in {crs}", [name], places(self.layers[name], crs, 5, name + crs, self.project))

    def test_transparent(self):
        for name in self.TRANSPARENT:
            with self.subTest(layer=name):
                maps = [Map(one.crs, one.box, one.width, one.height, one.dpi, True) for one in places(self.layers[name], CRS, 5, name + " transparent", self.project)]
                self.compare(f"{name} transparent", [name], maps)

    def test_several_layers_in_one_map(self):
        for names in self.TOGETHER:
            with self.subTest(layers=names):
                self.compare("+".join(names), names, places(self.layers[names[0]], CRS, 6, "+".join(names), self.project))

    def test_each_case_takes_its_way(self):
        taken = ways(self.service, self.key)["symbols"]
        for name in self.layers:
            print(f"{name}: " + (taken[(name, "default")] or "compiled"))
        expected = {name: compiled for name, (_, _, compiled) in CASES.items() if name not in KNOWN_LATER}
        self.assertEqual({name: taken[(name, "default")] is None for name in expected}, expected)


if __name__ == "__main__":
    run_tests()
