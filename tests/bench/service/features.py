# SPDX-License-Identifier: GPL-2.0-or-later
"""WFS GetFeature: all rows, few rows by a box or a value, pages."""
import json
import random
import sqlite3

import measure
from measure import NAMES, ask


def requests(servers, columns=None):
    """GeoJSON and GML of all rows: the same columns and CRS of each server."""
    layer, ows = servers.layer, servers.ows
    names = ",".join(columns or servers.columns)
    ours = f"{ows['direct']}SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES={layer}&SRSNAME=EPSG:25833&PROPERTYNAME={names},geometry"
    qgis = f"{ows['qgis']}SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&TYPENAME={layer}&SRSNAME=EPSG:25833&PROPERTYNAME={names},geometry"
    mapserver = f"{ows['mapserver']}SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES={layer}&SRSNAME=EPSG:25833"
    json_out = "&OUTPUTFORMAT=application/geo%2Bjson"
    return {"GeoJSON": {"direct": ours + json_out, "ours": ours + json_out, "qgis": qgis + "&OUTPUTFORMAT=application/vnd.geo%2Bjson", "mapserver": mapserver + "&OUTPUTFORMAT=geojson"},
            "GML": {"direct": ours, "ours": ours, "qgis": qgis + "&OUTPUTFORMAT=gml3", "mapserver": mapserver}}


def box_filter(box):
    text = ",".join(f"{v:.1f}" for v in box)
    urn = f"&BBOX={text},urn:ogc:def:crs:EPSG::25833"
    return {"direct": urn, "ours": urn, "qgis": f"&BBOX={text},EPSG:25833", "mapserver": urn}


def value_filter(column, value):
    value = "".join(f"%{byte:02X}" for byte in value.replace("&", "&amp;").replace("<", "&lt;").encode())
    fes = ("&FILTER=%3Cfes:Filter%20xmlns:fes=%22http://www.opengis.net/fes/2.0%22%3E%3Cfes:PropertyIsEqualTo%3E%3Cfes:ValueReference%3E" + column +
           f"%3C/fes:ValueReference%3E%3Cfes:Literal%3E{value}%3C/fes:Literal%3E%3C/fes:PropertyIsEqualTo%3E%3C/fes:Filter%3E")
    ogc = ("&FILTER=%3CFilter%20xmlns=%22http://www.opengis.net/ogc%22%3E%3CPropertyIsEqualTo%3E%3CPropertyName%3E" + column +
           f"%3C/PropertyName%3E%3CLiteral%3E{value}%3C/Literal%3E%3C/PropertyIsEqualTo%3E%3C/Filter%3E")
    return {"direct": fes, "ours": fes, "qgis": ogc, "mapserver": fes}


def rows_of(path, who, columns):
    """Position and values by uuid, and the decimals of the coordinates."""
    rows, digits = {}, 0
    for feature in json.loads(ask(who, path))["features"]:
        # An absent member and null say the same.
        values = tuple(str(v) if (v := feature["properties"].get(c)) not in (None, "") else None for c in columns)
        point = feature["geometry"]["coordinates"][:2] if feature["geometry"] else []
        rows[feature["properties"]["uuid"]] = (point, values)
        digits = max([digits, *(len(repr(v).partition(".")[2]) for v in point)])
    return rows, digits


def compare(paths, columns):
    """By peer: features, whether they are those of ours, positions and values that differ, decimals."""
    ours, digits = rows_of(paths["direct"], "direct", columns)
    out = {}
    for who in ("qgis", "mapserver"):
        rows, own_digits = rows_of(paths[who], who, columns)
        moved = sum(1 for k, (p, _) in ours.items() if k in rows and (len(p) != len(rows[k][0]) or any(abs(a - b) > 0.00051 for a, b in zip(p, rows[k][0]))))
        other = [(k, c, a, b) for k, (_, v) in ours.items() if k in rows for c, a, b in zip(columns, v, rows[k][1]) if a != b]
        out[who] = {"rows": len(rows), "same": rows.keys() == ours.keys(), "moved": moved, "other": other, "values": len(ours) * len(columns), "digits": (own_digits, digits)}
    return out


def equal(servers):
    for who, found in compare(requests(servers)["GeoJSON"], servers.columns).items():
        print(f"{NAMES[who]}: {found['rows']} features ({'the same' if found['same'] else 'other'} ids as ours), {found['moved']} positions more than 0.5 mm apart, "
              f"{len(found['other'])} of {found['values']} values differ; decimals of coordinates {found['digits'][0]}, ours {found['digits'][1]}", *found["other"][:3], flush=True)


def whole(servers, repeat, clients):
    print(measure.HEAD.format(f"all rows of {servers.layer}"))
    for title, own in requests(servers).items():
        paths = {who: [path] * (4 * repeat if who in ("direct", "ours") else repeat) for who, path in own.items()}
        for who in ("direct", "ours"):
            measure.run(servers, who, paths[who][:1], 1)  # reads the columns
        for number in clients:
            own = {who: each * -(-number // repeat) for who, each in paths.items()}  # at least one request of each client
            measure.line(title, number, measure.turns(servers, own, number, 2 if number == 1 else 1))


def few(servers, repeat):
    """Boxes of 250 and 1000 m around random rows, and the rows of a street."""
    database = sqlite3.connect(servers.city)
    rng = random.Random(11)
    streets = [name for name, in database.execute(f'SELECT street_name FROM "{servers.layer}" WHERE street_name IS NOT NULL GROUP BY 1 HAVING count(*) BETWEEN 5 AND 60 ORDER BY 1')]
    places = points_of(servers.city, servers.layer, 16, rng)
    kinds = {f"box of {side} m": [box_filter((x - side / 2, y - side / 2, x + side / 2, y + side / 2)) for x, y in places] for side in (250, 1000)}
    kinds["one street_name"] = [value_filter("street_name", name) for name in rng.sample(streets, min(16, len(streets)))]
    print(measure.HEAD.format(f"few rows of {servers.layer}"))
    differences = []
    for title, filters in kinds.items():
        for language, own in requests(servers).items():
            paths = {who: [path + each[who] for each in filters] for who, path in own.items()}
            if language == "GeoJSON":
                counted = []
                for number in range(4):
                    for who, found in compare({who: each[number] for who, each in paths.items()}, servers.columns).items():
                        counted.append(found["rows"])
                        if not found["same"] or found["moved"] or found["other"]:
                            differences.append(f"{title}, {NAMES[who]}: {found['rows']} rows, {'the same' if found['same'] else 'other'} ids, {found['moved']} moved, {found['other'][:2]}")
            for who in ("direct", "ours"):
                paths[who] = paths[who] * 4
            measure.side_by_side(servers, f"{language}, {title}, {min(counted)} to {max(counted)} rows", {who: each * repeat for who, each in paths.items()})
    print("\nAnswers to four of each were compared: " + ("; ".join(differences) or "the same rows, positions and values"), flush=True)


def pages(servers, repeat):
    """Pages of 1000 rows from the start and near the end."""
    rows = sqlite3.connect(servers.city).execute(f'SELECT count(*) FROM "{servers.layer}"').fetchone()[0]
    print(measure.HEAD.format(f"1000 of {rows:,} rows of {servers.layer}"))
    for start in (0, 900_000 if rows > 901_000 else rows - 1000):
        for language, own in requests(servers).items():
            paths = {who: [path + (f"&MAXFEATURES=1000&STARTINDEX={start}" if who == "qgis" else f"&COUNT=1000&STARTINDEX={start}")] * (repeat * (16 if who in ("direct", "ours") else 1))
                     for who, path in own.items()}
            measure.side_by_side(servers, f"{language} from {start:,}", paths, (1,))


def points_of(city, layer, count, rng):
    """Places of random rows that are points, from the header of their geometry."""
    database = sqlite3.connect(city)
    most = database.execute(f'SELECT max(fid) FROM "{layer}"').fetchone()[0]
    out = []
    while len(out) < count:
        got = database.execute(f'SELECT minx, maxx, miny, maxy FROM "rtree_{layer}_geom" WHERE id = ?', (rng.randint(1, most),)).fetchone()
        if got:
            out.append(((got[0] + got[1]) / 2, (got[2] + got[3]) / 2))
    return out
