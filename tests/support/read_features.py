# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads a file of features with GDAL and prints what it found as JSON: an implementation that is not ours."""
import json
import sys

from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ogr.UseExceptions()
gdal.SetConfigOption("GML_SKIP_RESOLVE_ELEMS", "ALL")
source = gdal.OpenEx(sys.argv[1], gdal.OF_VECTOR, open_options=["DOWNLOAD_SCHEMA=NO"] if sys.argv[1].endswith(".gml") else [])
layer = source.GetLayer(0)
definition = layer.GetLayerDefn()
srs = layer.GetSpatialRef()
result = {
    "layer": layer.GetName(),
    "crs": srs.GetAuthorityCode(None) if srs else None,
    "geometry": ogr.GeometryTypeToName(layer.GetGeomType()),
    "types": {definition.GetFieldDefn(i).GetName(): definition.GetFieldDefn(i).GetTypeName() for i in range(definition.GetFieldCount())},
    "features": [],
}
for feature in layer:
    shape = feature.GetGeometryRef()
    result["features"].append({
        "values": {definition.GetFieldDefn(i).GetName(): None if not feature.IsFieldSetAndNotNull(i) else feature.GetField(i) for i in range(definition.GetFieldCount())},
        "wkt": shape.ExportToWkt() if shape is not None else None,
        "area": shape.GetArea() if shape is not None and shape.GetDimension() == 2 else None,
    })
json.dump(result, sys.stdout)
