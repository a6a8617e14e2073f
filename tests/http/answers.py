# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads the answers of any WMS and WFS into plain values, by their XML alone: no client library makes two answers alike that are not."""
import dataclasses
import json
import re
import xml.etree.ElementTree as ElementTree

GEOMETRY = re.compile(r"^(Multi)?(Point|LineString|Polygon|Curve|Surface|Geometry)$")

NORTH_FIRST = ("4326", "4258", "3035")


def local(element):
    return element.tag.rpartition("}")[2]


def child(element, *names):
    for name in names:
        element = next((inner for inner in element if local(inner) == name), None) if element is not None else None
    return element


def children(element, name):
    return [inner for inner in element if local(inner) == name]


def text(element, *names):
    found = child(element, *names)
    return None if found is None else "".join(found.itertext()).strip()


def root(answer):
    return ElementTree.fromstring(answer.body)


# --- capabilities of WMS ----------------------------------------------------------------------------------------------

def wms_layers(answer):
    """Every layer with what it inherits: path of titles -> property -> value."""
    found = {}

    def read(layer, path, inherited):
        values = {"name": text(layer, "Name"), "abstract": text(layer, "Abstract") or None, "queryable": layer.get("queryable", "0") in ("1", "true"),
                  "keywords": sorted("".join(word.itertext()) for word in layer.iter() if local(word) == "Keyword" and word in list(child(layer, "KeywordList") or [])),
                  "styles": {text(style, "Name"): text(style, "Title") for style in children(layer, "Style")},
                  "dimensions": {one.get("name"): (one.get("units"), one.get("default"), (one.text or "").strip()) for one in children(layer, "Dimension")},
                  "attribution": text(layer, "Attribution", "Title"), "smallest scale": number(text(layer, "MinScaleDenominator")) or None, "largest scale": number(text(layer, "MaxScaleDenominator"))}
        hint = child(layer, "ScaleHint")
        if hint is not None:
            values |= {"smallest scale": number(hint.get("min")), "largest scale": number(hint.get("max"))}
        codes = {code for name in ("CRS", "SRS") for element in children(layer, name) for code in (element.text or "").split()}
        values["crs"] = codes | inherited.get("crs", set())
        boxes = {box.get("CRS") or box.get("SRS"): tuple(float(box.get(side)) for side in ("minx", "miny", "maxx", "maxy")) for box in children(layer, "BoundingBox")}
        values["boxes"] = {**inherited.get("boxes", {}), **boxes}
        degrees = child(layer, "EX_GeographicBoundingBox")
        if degrees is not None:
            values["degrees"] = tuple(float(text(degrees, side)) for side in ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude"))
        degrees = child(layer, "LatLonBoundingBox")
        if degrees is not None:
            values["degrees"] = tuple(float(degrees.get(side)) for side in ("minx", "miny", "maxx", "maxy"))
        values.setdefault("degrees", None)
        path += (text(layer, "Title"),)
        found[path] = values
        for inner in children(layer, "Layer"):
            read(inner, path, values)

    read(child(root(answer), "Capability", "Layer"), (), {})
    return found


def feature_types(answer):
    """Of capabilities of WFS in any version: name without prefix -> property -> value. The box is in degrees, in 1.0.0 in the CRS of the type."""
    found = {}
    for element in root(answer).iter():
        if local(element) == "FeatureType":
            corners = [tuple(float(part) for part in (text(element, "WGS84BoundingBox", corner) or "").split()) for corner in ("LowerCorner", "UpperCorner")]
            old_box = child(element, "LatLongBoundingBox")
            words = [word for words in children(element, "Keywords") for word in (["".join(inner.itertext()) for inner in words] if len(words) else (words.text or "").split(","))]
            first = next((text(element, name) for name in ("DefaultCRS", "DefaultSRS", "SRS") if child(element, name) is not None), None)
            found[text(element, "Name").rpartition(":")[2]] = {
                "title": text(element, "Title"), "abstract": text(element, "Abstract") or None, "keywords": [word.strip() for word in words if word.strip()], "crs": re.sub(".*:", "", first or ""),
                "other crs": {re.sub(".*:", "", (srs.text or "")) for name in ("OtherCRS", "OtherSRS") for srs in children(element, name)},
                "box": corners[0] + corners[1] if old_box is None else tuple(float(old_box.get(side)) for side in ("minx", "miny", "maxx", "maxy"))}
    return found


def number(value):
    return None if value is None else float(value)


def information(answer):
    """Of GetFeatureInfo as text/xml: layer -> id -> attribute -> value."""
    return {layer.get("name"): {feature.get("id"): {attribute.get("name"): attribute.get("value") for attribute in children(feature, "Attribute")} for feature in children(layer, "Feature")}
            for layer in root(answer).iter() if local(layer) == "Layer"}


# --- features -----------------------------------------------------------------------------------------------------------

@dataclasses.dataclass
class Features:
    rows: dict           # id -> (values, lines of places); in the order of the answer
    matched: int = None
    returned: int = None
    ids: list = dataclasses.field(default_factory=list)   # of GeoJSON, where rows are told apart by a property


def features(answer, key=None):
    """Of GML in any version or GeoJSON, places with easting or longitude first. `key`: the property of GeoJSON that tells rows apart, since some have no ids."""
    if answer.body.lstrip().startswith(b"{"):
        return json_features(json.loads(answer.body), key)
    collection = root(answer)
    counts = {name: collection.get(name) for name in ("numberMatched", "numberReturned", "numberOfFeatures")}
    result = Features({}, *(int(count) if (count or "").isdigit() else None for count in (counts["numberMatched"], counts["numberReturned"] or counts["numberOfFeatures"])))
    for member in collection:
        if local(member) in ("member", "featureMember", "featureMembers"):
            for feature in member:
                key = next((value for name, value in feature.attrib.items() if name.rpartition("}")[2] in ("id", "fid")), None)
                result.rows[key] = values_of(feature)
    return result


def values_of(feature):
    values, places = {}, None
    for element in feature:
        if local(element) == "boundedBy":
            continue
        if len(element) and GEOMETRY.match(local(element[0])):
            places = lines_of(element[0])
        elif not any(name.endswith("}nil") for name in element.attrib):
            values[local(element)] = "".join(element.itertext())
    return values, places


def is_turned(srs):
    """Whether a name of this form stands for the official order of axes, and that begins with latitude or northing."""
    found = re.fullmatch(r"(?:urn:ogc:def:crs:EPSG:[\d.]*:|http://www.opengis.net/def/crs/EPSG/0/)(\d+)", srs)
    return bool(found) and found[1] in NORTH_FIRST


def lines_of(geometry):
    """One list of places for each point, line and ring."""
    lines = []
    for element in geometry.iter():
        name = local(element)
        if name in ("pos", "posList"):
            numbers = [float(part) for part in element.text.split()]
            dimension = int(element.get("srsDimension") or element.get("dimension") or geometry.get("srsDimension") or (len(numbers) if name == "pos" else 2))
            lines.append([tuple(numbers[i:i + 2]) for i in range(0, len(numbers), dimension)])
        elif name == "coordinates":
            lines.append([tuple(float(part) for part in place.split(element.get("cs", ",")))[:2] for place in element.text.split(element.get("ts", " ") if element.get("ts", " ").strip() else None)])
    return [[place[::-1] for place in line] for line in lines] if is_turned(geometry.get("srsName") or "") else lines


def json_features(document, key):
    result = Features({}, document.get("numberMatched", document.get("totalFeatures")), document.get("numberReturned"))
    for feature in document["features"]:
        result.rows[feature["properties"][key]] = json_values(feature)
        result.ids.append(str(feature.get("id")))
    return result


def json_values(feature):
    def lines(part):
        if not part:
            return []
        if isinstance(part[0], (int, float)):
            return [[tuple(part[:2])]]
        if isinstance(part[0][0], (int, float)):
            return [[tuple(place[:2]) for place in part]]
        return [line for inner in part for line in lines(inner)]
    geometry = feature.get("geometry")
    places = None
    if geometry:
        places = [[place] for place in map(tuple, (p[:2] for p in geometry["coordinates"]))] if geometry["type"] == "MultiPoint" else lines(geometry["coordinates"])
    return {name: written(value) for name, value in feature["properties"].items() if value is not None}, places


def written(value):
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else repr(value)


# --- types and errors ------------------------------------------------------------------------------------------------------

def schema_types(answer):
    """Property -> type without prefix, of DescribeFeatureType for one type."""
    sequence = next(element for element in root(answer).iter() if local(element) == "sequence")
    found = {}
    for element in children(sequence, "element"):
        kind = element.get("type") or next((inner.get("base") for inner in element.iter() if local(inner) == "restriction"), None)
        found[element.get("name")] = kind.rpartition(":")[2]
    return found


def error_code(answer):
    """The code of an exception in XML, `problem` of OGC API, or None where the answer is none."""
    if b"Exception" not in answer.body[:2000]:
        return None
    for element in root(answer).iter():
        if local(element) in ("ServiceException", "Exception"):
            return element.get("code") or element.get("exceptionCode") or "without a code"
    return None
