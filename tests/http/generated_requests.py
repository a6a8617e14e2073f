# SPDX-License-Identifier: GPL-2.0-or-later
"""Random requests about a project, seeded: the same ones each time."""
import dataclasses
import math
import operator as operators
import random
import re
from xml.sax.saxutils import escape

from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsGeometry, QgsPointXY, QgsProject, QgsRectangle

NORTH_FIRST = ("EPSG:4326", "EPSG:4258", "EPSG:3035")
COMPARISONS = ("EqualTo", "NotEqualTo", "LessThan", "GreaterThan", "LessThanOrEqualTo", "GreaterThanOrEqualTo", "Between", "Like", "Null")
SPATIAL = ("BBOX", "Intersects", "Within", "Contains", "Disjoint", "Touches", "Crosses", "Overlaps", "Equals", "DWithin", "Beyond")


@dataclasses.dataclass
class Layer:
    name: str
    title: str
    source: object        # QgsVectorLayer
    fields: dict          # published field -> text, integer, real, boolean, date, time
    rows: list            # QgsFeature

    @property
    def crs(self):
        return self.source.crs().authid()


class Generator:
    def __init__(self, seed, layers):
        self.random = random.Random(seed)
        self.layers = layers

    def place(self, layer, crs):
        """Around a row of the layer."""
        transform = QgsCoordinateTransform(layer.source.crs(), QgsCoordinateReferenceSystem(crs), QgsProject.instance())
        row = self.random.choice([row for row in layer.rows if not row.geometry().isEmpty()])
        return transform.transform(row.geometry().boundingBox().center())

    def box(self, layer, crs, metres, ratio=1.0):
        across = math.exp(self.random.uniform(*map(math.log, metres))) / (111320 if QgsCoordinateReferenceSystem(crs).isGeographic() else 1)
        centre = self.place(layer, crs)
        x, y = (value + self.random.uniform(-0.3, 0.3) * across for value in (centre.x(), centre.y()))
        digits = 7 if QgsCoordinateReferenceSystem(crs).isGeographic() else 3
        return tuple(round(value, digits) for value in (x - across / 2, y - across * ratio / 2, x + across / 2, y + across * ratio / 2))

    # --- maps ---------------------------------------------------------------------------------------------------------

    def map(self, names, offered, metres=(150, 20000)):
        """Parameters of a map of the layers named, around a row of any."""
        pick = self.random
        version, crs = pick.choice(("1.3.0", "1.1.1")), pick.choice(offered)
        width, height = pick.randint(60, 400), pick.randint(60, 400)
        box = self.box(pick.choice(self.layers), crs, metres, height / width)
        if version == "1.3.0" and crs in NORTH_FIRST:
            box = (box[1], box[0], box[3], box[2])
        return {"SERVICE": "WMS", "VERSION": version, "REQUEST": "GetMap", "LAYERS": ",".join(names), "STYLES": "", "CRS" if version == "1.3.0" else "SRS": crs,
                "BBOX": ",".join(map(repr, box)), "WIDTH": width, "HEIGHT": height, "FORMAT": "image/png", "TRANSPARENT": pick.choice(("TRUE", "FALSE"))}

    # --- filters --------------------------------------------------------------------------------------------------------

    def filter(self, layer, version, operator):
        """A filter in the language of that version of WFS, and what it says about a row: True, False or None (it cannot be said, for a null)."""
        self.prefix, self.property = ("fes", "ValueReference") if version == "2.0.0" else ("ogc", "PropertyName")
        self.version = version
        names = 'xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"' if version == "2.0.0" else 'xmlns:ogc="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml"'
        kind = self.random.random()
        inner, holds = self.condition(layer, operator)
        if kind < 0.15:
            logical = self.random.choice(("And", "Or"))
            other, other_holds = self.condition(layer, operator)
            inner, holds = self.element(logical, inner, other), (both if logical == "And" else either)(holds, other_holds)
        elif kind < 0.25:
            inner, holds = self.element("Not", inner), negated(holds)
        return f"<{self.prefix}:Filter {names}>{inner}</{self.prefix}:Filter>", holds

    def element(self, name, *inner, **attributes):
        given = "".join(f' {key}="{escape(str(value))}"' for key, value in attributes.items())
        return f"<{self.prefix}:{name}{given}>{''.join(inner)}</{self.prefix}:{name}>"

    def condition(self, layer, operator):
        return self.comparison(layer, operator) if operator in COMPARISONS else self.relation(layer, operator)

    def comparison(self, layer, operator):
        ordered = ("integer", "real", "date")
        wanted = {"Like": ("text",), "EqualTo": ordered + ("text", "boolean"), "NotEqualTo": ordered + ("text", "boolean")}.get(operator, ordered)
        known = [name for name, kind in layer.fields.items() if kind in wanted and any(written(row[name]) not in (None, "") for row in layer.rows)]
        if operator == "Null" or not known:
            name = self.random.choice(list(layer.fields))
            return self.element("PropertyIsNull", self.element(self.property, escape(name))), lambda row: written(row[name]) is None
        name = self.random.choice(known)
        kind = layer.fields[name]
        as_value = float if kind in ("integer", "real") else str
        values = sorted({written(row[name]) for row in layer.rows} - {None, ""}, key=as_value)
        value = self.random.choice(values)
        reference, literal = self.element(self.property, escape(name)), lambda text: self.element("Literal", escape(text))

        def known_and(test):
            return lambda row: None if written(row[name]) is None else test(as_value(written(row[name])))
        if operator == "Between":
            low, high = sorted((value, self.random.choice(values)), key=as_value)
            inner = self.element("PropertyIsBetween", reference, self.element("LowerBoundary", literal(low)), self.element("UpperBoundary", literal(high)))
            return inner, known_and(lambda found: as_value(low) <= found <= as_value(high))
        if operator == "Like":
            pattern = self.random.choice((value[:3] + "%", "%" + value[-3:], "%" + value[1:4] + "%", value[:1] + "_" + value[2:], value)) if len(value) > 3 else value
            expression = re.compile("".join({"%": ".*", "_": "."}.get(letter, re.escape(letter)) for letter in pattern), re.S)
            escaping = {"escape" if self.version == "1.0.0" else "escapeChar": "\\"}
            return self.element("PropertyIsLike", reference, literal(pattern), wildCard="%", singleChar="_", **escaping), known_and(lambda found: bool(expression.fullmatch(found)))
        compared = {"EqualTo": "eq", "NotEqualTo": "ne", "LessThan": "lt", "GreaterThan": "gt", "LessThanOrEqualTo": "le", "GreaterThanOrEqualTo": "ge"}[operator]
        return self.element("PropertyIs" + operator, reference, literal(value)), known_and(lambda found: getattr(operators, compared)(found, as_value(value)))

    def relation(self, layer, operator):
        crs = layer.crs
        if operator == "BBOX":
            geometry = QgsGeometry.fromRect(QgsRectangle(*self.box(layer, crs, (30, 2000))))
        elif operator in ("Equals", "Touches", "Contains", "Crosses", "Overlaps") and self.random.random() < 0.7:
            geometry = self.random.choice([row for row in layer.rows if not row.geometry().isEmpty()]).geometry()
            if operator == "Contains" and layer.source.geometryType().value == 2:
                geometry = geometry.pointOnSurface()
            geometry = geometry.asGeometryCollection()[0] if geometry.isMultipart() else geometry
        else:
            x0, y0, x1, y1 = self.box(layer, crs, (30, 2000))
            corners = [(x0, y0), (x1, y0 + (y1 - y0) * 0.2), (x0 + (x1 - x0) * 0.8, y1), (x0, y0)]
            geometry = QgsGeometry.fromPolygonXY([[QgsPointXY(*corner) for corner in corners]])
        parts = [self.element(self.property, "geometry"), self.envelope(geometry, crs) if operator == "BBOX" else self.in_gml(geometry, crs)]
        distance = round(self.random.uniform(5, 300), 1)
        if operator in ("DWithin", "Beyond"):
            parts.append(self.element("Distance", str(distance), **{"uom" if self.version == "2.0.0" else "units": "m"}))
        tests = {"BBOX": QgsGeometry.intersects, "Equals": QgsGeometry.isGeosEqual, "DWithin": lambda a, b: a.distance(b) <= distance, "Beyond": lambda a, b: a.distance(b) > distance}
        test = tests.get(operator) or getattr(QgsGeometry, operator.lower())
        return self.element(operator, *parts), lambda row: None if row.geometry().isEmpty() else test(row.geometry(), geometry)

    def envelope(self, geometry, crs):
        box = geometry.boundingBox()
        if self.version == "1.0.0":
            return f'<gml:Box srsName="{crs}"><gml:coordinates>{box.xMinimum()!r},{box.yMinimum()!r} {box.xMaximum()!r},{box.yMaximum()!r}</gml:coordinates></gml:Box>'
        return f'<gml:Envelope srsName="{crs}"><gml:lowerCorner>{box.xMinimum()!r} {box.yMinimum()!r}</gml:lowerCorner><gml:upperCorner>{box.xMaximum()!r} {box.yMaximum()!r}</gml:upperCorner></gml:Envelope>'

    def in_gml(self, part, crs):
        old = self.version == "1.0.0"
        def places(points):
            points = [(point.x(), point.y()) for point in points]
            return "<gml:coordinates>" + " ".join(f"{x!r},{y!r}" for x, y in points) + "</gml:coordinates>" if old else "<gml:posList>" + " ".join(f"{x!r} {y!r}" for x, y in points) + "</gml:posList>"
        identity = ' gml:id="g"' if self.version == "2.0.0" else ""
        if part.type().value == 0:
            x, y = part.asPoint().x(), part.asPoint().y()
            return f'<gml:Point{identity} srsName="{crs}">' + (f"<gml:coordinates>{x!r},{y!r}</gml:coordinates>" if old else f"<gml:pos>{x!r} {y!r}</gml:pos>") + "</gml:Point>"
        if part.type().value == 1:
            return f'<gml:LineString{identity} srsName="{crs}">{places(part.asPolyline())}</gml:LineString>'
        outer, inner = ("outerBoundaryIs", "innerBoundaryIs") if old else ("exterior", "interior")
        rings = [f"<gml:{name}><gml:LinearRing>{places(ring)}</gml:LinearRing></gml:{name}>" for name, ring in zip([outer] + [inner] * 1000, part.asPolygon())]
        return f'<gml:Polygon{identity} srsName="{crs}">{"".join(rings)}</gml:Polygon>'


def both(a, b):
    return lambda row: False if False in (a(row), b(row)) else None if None in (a(row), b(row)) else True


def either(a, b):
    return lambda row: True if True in (a(row), b(row)) else None if None in (a(row), b(row)) else False


def negated(a):
    return lambda row: None if a(row) is None else not a(row)


def written(value):
    """As a literal has it; None for null."""
    if value is None or hasattr(value, "isNull") and value.isNull():
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if hasattr(value, "toString"):
        return value.toString("yyyy-MM-dd")
    return str(value)
