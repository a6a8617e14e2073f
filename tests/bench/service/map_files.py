# SPDX-License-Identifier: GPL-2.0-or-later
"""Map files for MapServer that say what a QGIS project says, as far as it is asked for here; and projects made for one comparison."""
import json
import os
import sqlite3
import subprocess

LAYERS = ("trees_tree", "buildings_building")  # of these the map file has the symbols of the project, as NAME_map


def by_qgis(script, *arguments):
    """What a script prints as JSON that has `project` and `arguments`."""
    before = ("import json, sys\nfrom qgis.core import *\napp = QgsApplication([], False); app.initQgis()\nproject = QgsProject.instance(); project.read(sys.argv[1])\n"
              "arguments = sys.argv[2:]\n")
    ran = subprocess.run(["/usr/bin/python3", "-c", before + script, *map(str, arguments)], capture_output=True, text=True, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    if not ran.stdout.strip():
        raise RuntimeError(ran.stderr[-2000:])
    return json.loads(ran.stdout.splitlines()[-1])


def without_labels(project, out):
    """The same project; nothing has labels."""
    by_qgis("""
for layer in project.mapLayers().values():
    if layer.type() == QgsMapLayerType.VectorLayer:
        layer.setLabelsEnabled(False)
print(json.dumps(project.write(arguments[0])))
""", project, out)


def of_many_layers(city, project, out, count):
    """A project that publishes `count` layers of the city's tables, and the same as a map file; gives the path of the latter."""
    database = sqlite3.connect(city)
    tables = [(name, box) for name, kind, *box in database.execute("SELECT table_name, data_type, min_x, min_y, max_x, max_y FROM gpkg_contents WHERE min_x IS NOT NULL ORDER BY 1")
              if kind == "features" and database.execute(f'SELECT count(*) FROM (SELECT 1 FROM "{name}" LIMIT 1)').fetchone()[0]]
    chosen = [tables[i % len(tables)] for i in range(count)]
    by_qgis("""
project.removeAllMapLayers(); project.layerTreeRoot().removeAllChildren()
ids = []
for number, table in enumerate(arguments[2:]):
    layer = QgsVectorLayer(f"{arguments[0]}|layername={table}", f"Layer {number}", "ogr")
    layer.setShortName(f"layer_{number}")
    layer.serverProperties().setShortName(f"layer_{number}")
    layer.setAbstract(f"What {table} holds")
    project.addMapLayer(layer)
    ids.append(layer.id())
project.writeEntry("WFSLayers", "/", ids)
for name in ids:
    project.writeEntry("WFSLayersPrecision", "/" + name, 3)
print(json.dumps(project.write(arguments[1])))
""", project, city, out, *(name for name, _ in chosen))
    text = header("many")
    for number, (table, box) in enumerate(chosen):
        text += f"""  LAYER
    NAME "layer_{number}" TYPE POINT STATUS ON PROCESSING "CLOSE_CONNECTION=DEFER" CONNECTIONTYPE OGR CONNECTION "{city}" DATA "{table}" EXTENT {' '.join(map(str, box))}
    PROJECTION "init=epsg:25833" END TEMPLATE "info"
    METADATA "ows_title" "Layer {number}" "ows_abstract" "What {table} holds" "gml_include_items" "all" "gml_featureid" "fid" END
    CLASS NAME "all" STYLE COLOR 0 0 0 END END
  END
"""
    path = os.path.splitext(out)[0] + ".map"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text + "END\n")
    return path


def header(title):
    return f"""MAP
  NAME "bench"
  EXTENT 200000 5500000 500000 5900000
  UNITS METERS
  SIZE 800 1000
  PROJECTION "init=epsg:25833" END
  WEB METADATA
    "ows_title" "{title}" "ows_onlineresource" "http://127.0.0.1/?"
    "ows_srs" "EPSG:25833 EPSG:4326 EPSG:25832 EPSG:4258 EPSG:3857 EPSG:3035" "ows_enable_request" "*" "wfs_maxfeatures" "10000000"
    "wms_feature_info_mime_type" "text/plain"
  END END
  OUTPUTFORMAT NAME "geojson" DRIVER "OGR/GEOJSON" MIMETYPE "application/json; subtype=geojson"
    FORMATOPTION "STORAGE=stream" FORMATOPTION "FORM=SIMPLE" FORMATOPTION "LCO:COORDINATE_PRECISION=3" END
  OUTPUTFORMAT NAME "png" DRIVER AGG/PNG MIMETYPE "image/png" IMAGEMODE RGB EXTENSION "png" END
  SYMBOL NAME "circle" TYPE ELLIPSE FILLED TRUE POINTS 1 1 END END
  MAXSIZE 8192
"""


def styles(city, project):
    """Layers NAME_map with the colours, sizes and categories of the project's simple markers and fills."""
    found = by_qgis("""
found = {}
for layer in project.mapLayers().values():
    name = layer.serverProperties().shortName()
    if name in arguments:
        found[name] = [{"value": category.value(), **category.symbol().symbolLayer(0).properties()} for category in layer.renderer().categories() if category.renderState()]
print(json.dumps(found, default=str))
""", project, *LAYERS)
    text = ""
    for name, categories in found.items():
        marker = "size" in categories[0]
        item = "genus" if marker else "function"
        text += f"""  LAYER
    NAME "{name}_map" TYPE {'POINT' if marker else 'POLYGON'} STATUS ON PROCESSING "CLOSE_CONNECTION=DEFER" CONNECTIONTYPE OGR CONNECTION "{city}" DATA "{name}"
    PROJECTION "init=epsg:25833" END METADATA "wms_title" "{name}" "wms_include_items" "all" "gml_include_items" "all" END
    TEMPLATE "info" TOLERANCE 16 TOLERANCEUNITS PIXELS SIZEUNITS METERS CLASSITEM "{item}" {'' if marker else 'MAXSCALEDENOM 75000'}
"""
        for category in categories:
            values = category["value"] if isinstance(category["value"], list) else [category["value"]]
            rgb = " ".join(category["color"].split(",")[:3])
            if marker and str(values[0]).startswith("#") and values[0] != "#city":
                continue  # few rows; by another column
            scale = "MINSCALEDENOM 20000" if values == ["#city"] else "MAXSCALEDENOM 20000" if marker else ""
            known = "" if values in ([""], ["#city"]) else 'EXPRESSION {' + ",".join(map(str, values)) + '}'
            if marker:
                smallest = float(category["size_map_unit_scale"].split(",")[3]) / 25.4 * 96
                style = f'SYMBOL "circle" SIZE {category["size"]} MINSIZE {smallest:.2f} COLOR {rgb} OPACITY {"100" if values == ["#city"] else "88"}'
            else:
                outline = " ".join(category["outline_color"].split(",")[:3])
                style = f'COLOR {rgb} OUTLINECOLOR {outline} WIDTH 0.35 MINWIDTH 0.2'
            text += f"    CLASS NAME \"{values[0] or 'other'}\" {known} {scale} STYLE {style} END END\n"
        text += "  END\n"
    return text


def of_project(city, project, layer, columns):
    return f"""{header("bench")}  LAYER
    NAME "{layer}"
    TYPE POINT
    STATUS ON
    PROCESSING "CLOSE_CONNECTION=DEFER" CONNECTIONTYPE OGR
    CONNECTION "{city}"
    DATA "{layer}"
    PROJECTION "init=epsg:25833" END
    METADATA "wfs_title" "{layer}" "gml_include_items" "{','.join(columns)}" "gml_featureid" "fid" "wfs_getfeature_formatlist" "geojson"
      "gml_geometries" "geom" "gml_geom_type" "point" "wfs_geometry_precision" "3" END
    CLASS STYLE SYMBOL 0 SIZE 1 COLOR 0 0 0 END END
  END
{styles(city, project)}END
"""
