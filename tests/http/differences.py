# SPDX-License-Identifier: GPL-2.0-or-later
"""Differences between our answers and those of a peer, each of a kind that docs/conformance/differences.md explains, or of none."""
import collections
import dataclasses
import math
import re


@dataclasses.dataclass(frozen=True)
class Difference:
    peer: str
    request: str     # as it was sent to us
    what: str
    ours: object
    theirs: object

    def __str__(self):
        return f"{self.peer}, {self.what}: ours {str(self.ours)[:300]}, theirs {str(self.theirs)[:300]}; {self.request[:900]}"


WMS_CODES = {"InvalidFormat", "InvalidCRS", "InvalidSRS", "LayerNotDefined", "StyleNotDefined", "LayerNotQueryable", "InvalidPoint", "CurrentUpdateSequence", "InvalidUpdateSequence",
             "MissingDimensionValue", "InvalidDimensionValue", "OperationNotSupported"}
OWS_CODES = {"OperationNotSupported", "MissingParameterValue", "InvalidParameterValue", "VersionNegotiationFailed", "InvalidUpdateSequence", "OptionNotSupported", "NoApplicableCode", "OperationParsingFailed"}
SAME_TYPES = {("QGIS Server", "double", "decimal"), ("QGIS Server", "CurvePropertyType", "LineStringPropertyType"), ("QGIS Server", "SurfacePropertyType", "PolygonPropertyType"),
              ("MapServer", "date", "TimeInstantType"), ("MapServer", "dateTime", "TimeInstantType")}


def of(peer, what):
    """Differences from that peer whose subject is matched by the expression."""
    return lambda d: d.peer == peer and re.fullmatch(what, d.what) is not None


def is_as_text(d):
    """A value of feature information as QGIS shows it: null by a word, digits behind the point, day before month."""
    if d.theirs in ("NULL", "(NULL)"):
        return d.ours == ""
    day = re.fullmatch(r"(\d\d)\.(\d\d)\.(\d{4})(?: (\d\d:\d\d:\d\d))?", d.theirs or "")
    if day:
        return d.ours == f"{day[3]}-{day[2]}-{day[1]}" + (f"T{day[4]}Z" if day[4] else "")
    return same_value(d.ours, d.theirs, "real")


def is_missing(d, name):
    """Whether the request was refused for want of this parameter."""
    return d.what == "code" and re.search(rf"(^|&){name}=", d.request) is None


# What a clause of a standard or a probe decides; the titles in docs/conformance/differences.md.
KINDS = {
    "CRS:84": lambda d: of("QGIS Server", "box in CRS:84 of .*")(d) and d.theirs is None or re.fullmatch("(other )?crs of .*", d.what) and isinstance(d.ours, set) and d.ours - d.theirs in ({"CRS:84"}, {"CRS84"}) and not d.theirs - d.ours,
    "Tables without places": lambda d: of("QGIS Server", "layer without a place .*")(d) and d.ours == "absent" or of("QGIS Server", "place of a table")(d) and d.theirs in (("", (0, 0, 0, 0)), ("", (math.inf, math.inf, -math.inf, -math.inf))),
    "Pictures that are not QGIS's own": of("QGIS Server", "picture that is not QGIS's own"),
    "Codes that do not say what is wrong": lambda d: d.what == "code" and d.ours in WMS_CODES | OWS_CODES and d.theirs not in WMS_CODES | OWS_CODES
                                                     or (d.ours, d.theirs) == ("MissingParameterValue", "InvalidCRS") and is_missing(d, "CRS") or (d.ours, d.theirs) == ("MissingParameterValue", "InvalidParameterValue") and is_missing(d, "WIDTH"),
    "Wrong requests that pass": lambda d: d.what == "wrong request passes" and d.theirs in (200, 500),
    "Types in schemas": lambda d: d.what == "type" and (d.peer, d.ours.split()[1], d.theirs) in SAME_TYPES,
    "Times without their T and zone": lambda d: of("QGIS Server", r"value of .* \(time\)")(d) and d.ours is not None and d.theirs == d.ours.replace("T", " ").replace("Z", ""),
    "Null as an empty text": lambda d: of("MapServer", "value of .*")(d) and d.ours is None and d.theirs == "",
    "Equals, DWithin, Beyond and two boxes": lambda d: of("QGIS Server", "crash")(d) and ("Equals>" in d.request or d.request.count("<ogc:BBOX>") > 1) or of("QGIS Server", "refusal")(d) and d.ours == 200 and re.search("<ogc:(DWithin|Beyond)>", d.request),
    "Real numbers that are equal": lambda d: of("QGIS Server", "features|number .*")(d) and re.search(r"PropertyIs(LessThanOrEqualTo|GreaterThanOrEqualTo|EqualTo|NotEqualTo|Between|LessThan|GreaterThan)>.*<ogc:Literal>-?\d+\.\d+</ogc:Literal>", d.request),
    "Conditions on booleans, dates and nulls": lambda d: of("MapServer", "features|number .*|refusal")(d) and (d.what != "refusal" or d.ours == 200 and "_MAPSERVER_NULL_" in d.theirs) and re.search(r"PropertyIsNull|Literal>(\d{4}-\d\d-\d\d|true|false)<", d.request),
    "Boxes of six digits": lambda d: of("MapServer", "box in EPSG:.*")(d) and d.theirs == tuple(float(f"{side:.6g}") for side in d.ours),
    "GeoJSON without ids": lambda d: d.what == "ids in GeoJSON" and d.theirs in ("None", ""),
    "Names of CRS in WFS 1.1.0": lambda d: of("MapServer", "axes exchanged")(d) and "VERSION=1.1.0" in d.request and "SRSNAME=urn:" in d.request,
}

# What no clause decides, or one decides for the peer; their titles follow those of the kinds.
CHOICES = {
    "A keyword for the kind of service": lambda d: of("QGIS Server", "keywords of [^/]*")(d) and sorted(d.ours + ["infoMapAccessService"]) == d.theirs,
    "The text of feature information": lambda d: of("QGIS Server", "layer without rows")(d) or of("QGIS Server", "information .*")(d) and is_as_text(d),
    "Layers named twice": of("QGIS Server", "picture of a layer named twice"),
    "Where feature information looks, and the order of rows": of("QGIS Server", "rows in the corners|order of rows|layer out of scale by its axes"),
    "The layout of legends": of("QGIS Server", "layout of the legend"),
    "Codes and CRS where several fit": lambda d: (d.ours, d.theirs) == ("InvalidPoint", "MissingParameterValue") and is_missing(d, "J")
                                                 or d.what == "code" and (d.ours, d.theirs) == ("OperationParsingFailed", "InvalidParameterValue") and "FILTER=<" in d.request
                                                 or d.what == "code" and (d.ours, d.theirs) == ("InvalidParameterValue", "OperationNotSupported") and "REQUEST=GetNothing" in d.request
                                                 or of("MapServer", "places")(d) and "VERSION=1.0.0&SRSNAME=" in d.request,
}


def kind_of(difference):
    return next((name for name, holds in {**KINDS, **CHOICES}.items() if holds(difference)), None)


class Report:
    def __init__(self):
        self.requests = collections.Counter()    # (peer, operation) -> compared
        self.kinds = collections.Counter()       # (kind, peer) -> differences
        self.unexplained = []

    def compared(self, peer, operation, request, found):
        """`found`: (what, ours, theirs) of one request."""
        self.requests[peer, operation] += 1
        for what, ours, theirs in found:
            difference = Difference(peer, request, what, ours, theirs)
            kind = kind_of(difference)
            if kind is None:
                self.unexplained.append(difference)
            else:
                self.kinds[kind, peer] += 1

    def __str__(self):
        lines = [f"{sum(self.requests.values())} requests compared, {len(self.unexplained)} differences of no kind"]
        lines += [f"  {peer}: {operation} {count}" for (peer, operation), count in sorted(self.requests.items())]
        lines += [f"  {kind} ({peer}): {count}" for (kind, peer), count in sorted(self.kinds.items())]
        return "\n".join(lines)


# --- comparisons: each gives what differs as (what, ours, theirs) --------------------------------------------------------

MILLIMETRE, IN_DEGREES = 0.00101, 1.01e-6   # the step of the coarser of the two numbers that are written


def near(a, b, by):
    return all(abs(x - y) <= by for x, y in zip(a, b))


def step(crs):
    return IN_DEGREES if re.search(r"(4326|4258|84)$", crs) else MILLIMETRE


def layers(ours, theirs):
    groups = {path[:-1] for path in ours}
    for path in list(ours) + [path for path in theirs if path not in ours]:
        title = " / ".join(map(str, path))
        if path not in ours or path not in theirs:
            lonely = (ours.get(path) or theirs[path])["degrees"] is None
            yield f"layer {'without a place ' if lonely else ''}{title}", "there" if path in ours else "absent", "there" if path in theirs else "absent"
            continue
        mine, other = ours[path], theirs[path]
        for key in mine.keys() - {"boxes", "degrees"}:
            if mine[key] != other[key] and not (key.endswith("scale") and mine[key] and other[key] and math.isclose(mine[key], other[key], rel_tol=1e-6)):
                yield f"{key} of {title}", mine[key], other[key]
        title = f"a group {title}" if path in groups else title
        if (mine["degrees"] is None) != (other["degrees"] is None) or mine["degrees"] and not near(mine["degrees"], other["degrees"], IN_DEGREES):
            yield f"degrees of {title}", mine["degrees"], other["degrees"]
        for crs in sorted(mine["boxes"].keys() | other["boxes"].keys()):
            a, b = mine["boxes"].get(crs), other["boxes"].get(crs)
            if a is None or b is None or not near(a, b, step(crs)):
                yield f"box in {crs} of {title}", a, b
    if [path for path in ours if path in theirs] != [path for path in theirs if path in ours]:
        yield "order of layers", list(ours), list(theirs)


def feature_types(ours, theirs, by=IN_DEGREES, leaving_out=()):
    """`leaving_out`: what the peer was not told."""
    if set(ours) != set(theirs):
        yield "feature types", set(ours) - set(theirs), set(theirs) - set(ours)
    for name in ours.keys() & theirs.keys():
        table = not (ours[name]["crs"] and ours[name]["box"])   # no places
        if table:
            yield "place of a table", ours[name]["box"], (theirs[name]["crs"], theirs[name]["box"])
        for key, mine in ours[name].items():
            other = theirs[name][key]
            if key in leaving_out or table and key in ("box", "crs", "other crs"):
                continue
            if not near(mine, other, by) if key == "box" else mine != other:
                yield f"{key} of the type {name}", mine, other


def named_layers(ours, theirs, wanted):
    """`wanted`: name -> CRS of its data, of all layers that both have, in whatever groups."""
    a, b = ({values["name"]: values for path, values in layers.items() if values["name"] in wanted} for layers in (ours, theirs))
    for side, found in (("ours", a), ("theirs", b)):
        if set(found) != set(wanted):
            yield f"layers that {side} lacks", sorted(set(wanted) - set(found)), ""
    for name in a.keys() & b.keys():
        mine, other, crs = a[name], b[name], wanted[name]
        if mine["crs"] != other["crs"]:
            yield f"crs of {name}", mine["crs"], other["crs"]
        if not near(mine["degrees"], other["degrees"], IN_DEGREES):
            yield f"degrees of {name}", mine["degrees"], other["degrees"]
        if not near(mine["boxes"][crs], other["boxes"][crs], step(crs)):
            yield f"box in {crs} of {name}", mine["boxes"][crs], other["boxes"][crs]


def feature_sets(ours, theirs, crs, types, in_order=False, computed=None):
    """`types`: property -> kind of value, for those that are compared. `computed`: ids that there should be, if that is known."""
    a, b = list(ours.rows), list(theirs.rows)
    counted = ours.returned if ours.matched is None else ours.matched
    if computed is not None and (counted != len(computed) if computed and not a else a != computed):
        yield "features against the rows themselves", f"{len(a)}: {sorted(set(a) - set(computed))[:5]} only", f"{len(computed)}: {sorted(set(computed) - set(a))[:5]} only"
    if (a != b) if in_order else (set(a) != set(b)):
        yield "features", f"{len(a)}: {sorted(set(a) - set(b))[:5]} only", f"{len(b)}: {sorted(set(b) - set(a))[:5]} only"
    for name in ("matched", "returned"):
        mine, other = getattr(ours, name), getattr(theirs, name)
        if mine is not None and other is not None and mine != other:
            yield f"number {name}", mine, other
    for key in a:
        if key not in theirs.rows:
            continue
        (mine, my_places), (other, other_places) = ours.rows[key], theirs.rows[key]
        for name, kind in types.items():
            if not same_value(mine.get(name), other.get(name), kind):
                yield f"value of {name} ({kind})", mine.get(name), other.get(name)
        yield from places(my_places, other_places, step(crs))


def same_value(a, b, kind):
    if a is None or b is None:
        return a == b
    if kind == "boolean":
        return {"1": "true", "0": "false"}.get(a, a) == {"1": "true", "0": "false"}.get(b, b)   # XML Schema has both
    if kind == "time":
        return a == re.sub(r"\.0+Z$", "Z", b)
    if kind in ("integer", "real"):
        try:
            return float(a) == float(b)
        except ValueError:
            return False
    return a == b


def places(ours, theirs, by):
    if (ours is None) != (theirs is None):
        yield "geometry", ours and "there", theirs and "there"
    elif ours is not None:
        if [len(line) for line in ours] != [len(line) for line in theirs]:
            yield "form of the geometry", [len(line) for line in ours], [len(line) for line in theirs]
        else:
            apart, exchanged = ([abs(p[0] - q[i]) for mine, other in zip(ours, theirs) for p, q in zip(mine, other)] + [abs(p[1] - q[1 - i]) for mine, other in zip(ours, theirs) for p, q in zip(mine, other)] for i in (0, 1))
            if max(apart, default=0) > by:
                yield "axes exchanged" if max(exchanged) <= by else "places", f"{ours[0][:2]}, {max(apart):.6g} apart", theirs[0][:2]


def information(ours, theirs, wider, peer_wider, peer_by_old_axes):
    """`wider`: gives our answer to the same request with greater tolerances; `peer_wider`: that of the peer, of layers that are in another CRS than the request;
    `peer_by_old_axes`: the peer's to the same request of WMS 1.1.1, where that has other axes."""
    for layer in theirs.keys() - ours.keys():
        if not theirs[layer]:
            yield "layer without rows", "absent", layer
    if list(ours) != [layer for layer in theirs if layer in ours]:
        missing = ours.keys() - theirs.keys()
        same = [layer for layer in ours if layer in theirs] == [layer for layer in theirs if layer in ours]
        yield "layer out of scale by its axes" if missing and same and missing <= peer_by_old_axes().keys() else "layers of the information", list(ours), list(theirs)
    for layer in theirs:
        mine, other = ours.get(layer, {}), theirs[layer]
        if mine.keys() != other.keys():
            corners = other.keys() <= wider().get(layer, {}).keys() and (mine.keys() <= other.keys() or mine.keys() <= peer_wider().get(layer, {}).keys())
            yield "rows in the corners" if corners else "rows at a point", f"{len(mine)}: {list(mine)[:9]}", f"{len(other)}: {list(other)[:9]}"
        elif list(mine) != list(other):
            yield "order of rows", list(mine), list(other)
        for key in mine.keys() & other.keys():
            for name in {**mine[key], **other[key]}:
                if mine[key].get(name) != other[key].get(name):
                    yield f"information {name}", mine[key].get(name), other[key].get(name)


def types(ours, theirs):
    if list(ours) != list(theirs):
        yield "properties", [name for name in ours if name not in theirs] or list(ours), [name for name in theirs if name not in ours] or list(theirs)
    for name in ours.keys() & theirs.keys():
        if ours[name] != theirs[name]:
            yield "type", f"{name} {ours[name]}", theirs[name]


def legends(ours, theirs):
    """Titles of legends in JSON."""
    a, b = (titles(document["nodes"]) for document in (ours, theirs))
    if a != b:
        yield "titles in the legend", a, b


def titles(nodes):
    return [title for node in nodes for title in [node.get("title"), *titles(node.get("symbols", [])), *titles(node.get("nodes", []))]]


def legend_sizes(ours, theirs):
    a, b = (ours.width(), ours.height()), (theirs.width(), theirs.height())
    if a != b:
        alike = abs(a[0] - b[0]) <= 20 and abs(a[1] - b[1]) <= 60
        yield "layout of the legend" if alike else "size of the legend", a, b
