# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads a file of features with GDAL and prints what it found as JSON: an implementation that is not ours."""
import json
import sys

from osgeo import gdal, ogr, osr

gdal.UseExceptions()
ogr.UseExceptions()
gdal.SetConfigOption("GML_SKIP_RESOLVE_ELEMS", "ALL")
OPTIONS = {
    "gml": ["DOWNLOAD_SCHEMA=NO"],
    "csv": ["AUTODETECT_TYPE=YES", "QUOTED_FIELDS_AS_STRING=YES", "GEOM_POSSIBLE_NAMES=geometry", "KEEP_GEOM_COLUMNS=NO", "EMPTY_STRING_AS_NULL=NO"],
}
source = gdal.OpenEx(sys.argv[1], gdal.OF_VECTOR, open_options=OPTIONS.get(sys.argv[1].rsplit(".", 1)[-1], []))
layer = source.GetLayer(int(sys.argv[2]) if len(sys.argv) > 2 else 0)
definition = layer.GetLayerDefn()
srs = layer.GetSpatialRef()
result = {
    "layer": layer.GetName(),
    "crs": srs.GetAuthorityCode(None) if srs else None,
    "geometry": ogr.GeometryTypeToName(layer.GetGeomType()),
    "types": {definition.GetFieldDefn(i).GetName(): definition.GetFieldDefn(i).GetTypeName() for i in range(definition.GetFieldCount())},
    "indexed": bool(layer.TestCapability(ogr.OLCFastSpatialFilter)),
    "layers": source.GetLayerCount(),
    "features": [],
}
for feature in layer:
    shape = feature.GetGeometryRef()
    result["features"].append({
        "fid": feature.GetFID(),
        "values": {definition.GetFieldDefn(i).GetName(): None if not feature.IsFieldSetAndNotNull(i) else feature.GetField(i) for i in range(definition.GetFieldCount())},
        "wkt": shape.ExportToIsoWkt() if shape is not None else None,
        "area": shape.GetArea() if shape is not None and shape.GetDimension() == 2 else None,
    })
json.dump(result, sys.stdout)
