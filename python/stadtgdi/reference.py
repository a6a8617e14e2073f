# SPDX-License-Identifier: GPL-2.0-or-later
"""Reference pages from the declarations: docs/operations/<id>.md and docs/layers/<layer>.md.

    python3 -m stadtgdi.reference docs            writes the pages
    python3 -m stadtgdi.reference docs --check    says which are not current, exit code 1
"""

import sys
from pathlib import Path

from .city import families
from .operations import declarations

NOTE = "<!-- Made from the declaration by `python3 -m stadtgdi.reference docs`; change the declaration, not this page. -->"


def _cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ") or " "


def _table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(_cell(c) for c in row) + " |" for row in rows])


def _number(value):
    return "" if value is None else f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"


def _accepts(p):
    kind = p["kind"]
    if kind == "layer":
        what = {"any": "layer", "none": "table"}.get(p["geometry"], p["geometry"] + " layer")
        return what + (" in a projected CRS" if p["metric"] else "")
    if kind == "field":
        return f"field of `{p['of']}`" + (f" ({', '.join(p['types'])})" if p["types"] else "")
    if kind == "choice":
        return ", ".join(f"`{c['value']}` {c['label']['en']}" for c in p["choices"])
    if kind == "extent":
        return f"xmin,ymin,xmax,ymax in `{p['of']}`"
    limits = [_number(p["minimum"]), _number(p["maximum"])]
    return kind + (f" from {limits[0]} to {limits[1]}" if all(limits) else f" from {limits[0]}" if limits[0] else f" up to {limits[1]}" if limits[1] else "")


def _default(p):
    value = p["default"]
    if value is None:
        return "optional" if p["optional"] else "**required**"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, float):
        return f"`{value:g}`"
    return f"`{value}`"


def operation_page(operation):
    """Markdown of one operation, English with the German names beside."""
    theme, name = operation["id"].split(".")
    title = operation["title"]
    command = f"stadtgdi run {operation['id']}" + "".join(f" --{p['name']} VALUE" for p in operation["parameters"] if not p["optional"] and p["default"] is None)
    lines = [NOTE, "", f"# {operation['id']}: {title['en']}", "", f"*{title['de']}*", "", operation["abstract"]["en"], "", operation["abstract"]["de"], "",
             f"Source: {operation['source']}.", "", "## Parameters", ""]
    lines += [_table(["name", "meaning", "Bedeutung", "accepts", "unit", "default"],
                     [[f"`{p['name']}`", ". ".join(t.rstrip(".") for t in (p["label"]["en"], p["help"]["en"]) if t), ". ".join(t.rstrip(".") for t in (p["label"]["de"], p["help"]["de"]) if t),
                       _accepts(p), p["unit"], _default(p)] for p in operation["parameters"]])]
    for output in operation["outputs"]:
        lines += ["", f"## Output `{output['name']}`: {output['label']['en']} ({output['label']['de']})", ""]
        facts = []
        if output["copies"]:
            parameter = next(p for p in operation["parameters"] if p["name"] == output["copies"])
            facts.append(f"Columns and geometry of `{output['copies']}`{' (a table without geometry where that is not given)' if parameter['optional'] else ''}, and these:")
        if output["optional"]:
            facts.insert(0, "Made on request only.")
        if facts:
            lines += [" ".join(facts), ""]
        lines += [_table(["column", "type", "unit", "meaning", "Bedeutung"],
                         [[f"`{f['name']}`", f["type"], f["unit"], f["label"]["en"], f["label"]["de"]] for f in output["fields"]])]
    lines += ["", "## Run it", "", f"- QGIS: Processing toolbox, StadtGDI, *{title['en']}* ({title['de']})", f"- Python: `stadtgdi.{theme}.{name}(...)`", f"- Command: `{command} --out FILE`", ""]
    return "\n".join(lines)


def layer_page(family, layer):
    """Markdown of one layer of the catalogue."""
    crs = layer["crs"] or "the city's"
    lines = [NOTE, "", f"# {layer['name']}: {layer['title']['en']}", "", f"*{layer['title']['de']}*", "", layer["abstract"]["en"], "", layer["abstract"]["de"], "",
             _table(["family", "geometry", "CRS", "disclosure class"], [[f"{family['title']['en']} ({family['title']['de']})", layer["geometry"] or "none", crs if layer["geometry"] else "", layer["disclosure"]]]),
             "", "## Fields", ""]
    rows = []
    for f in layer["fields"]:
        limits = [_number(f["minimum"]), _number(f["maximum"])]
        values = ", ".join(f"`{c['value']}`" for c in f["codes"][:40]) + (" ..." if len(f["codes"]) > 40 else "")
        if any(limits):
            values = (values + " " if values else "") + f"{limits[0] or '...'} to {limits[1] or '...'}"
        notes = [n for n, on in (("required", f["required"]), ("expected", f["expected"]), ("unique", f["unique"]), (f"default {f['default']}", f["default"]), (f"refers to {f['references']}", f["references"]),
                                 (f["disclosure"], f["disclosure"] != "public")) if on]
        said = [". ".join(t.rstrip(".") for t in (f["label"][language], f["help"][language]) if t) for language in ("en", "de")]
        rows.append([f"`{f['name']}`", f["type"], f["unit"], *said, values, ", ".join(notes)])
    lines += [_table(["name", "type", "unit", "label", "Bezeichnung", "values", "notes"], rows)]
    coded = [f for f in layer["fields"] if f["codes"]]
    if coded:
        lines += ["", "## Code lists"]
    for f in coded:
        lines += ["", f"### `{f['name']}`", "", _table(["value", "label", "Bezeichnung"], [[f"`{c['value']}`", c["label"]["en"], c["label"]["de"]] for c in f["codes"]])]
    return "\n".join(lines + [""])


def pages():
    """dict from paths below docs/ to Markdown."""
    out = {f"operations/{operation['id']}.md": operation_page(operation) for operation in declarations()}
    for family in families():
        for layer in family["layers"]:
            out[f"layers/{layer['name']}.md"] = layer_page(family, layer)
    return out


def stale(folder):
    """Paths of pages that are missing, differ, or belong to nothing declared."""
    folder = Path(folder)
    made = pages()
    found = {str(p.relative_to(folder)).replace("\\", "/") for kind in ("operations", "layers") for p in (folder / kind).glob("*.md") if p.read_text(encoding="utf-8").startswith(NOTE)}
    differ = {name for name, text in made.items() if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text}
    return sorted(differ | (found - set(made)))


def main(arguments):
    folder = Path(next((a for a in arguments if not a.startswith("-")), "docs"))
    if "--check" in arguments:
        names = stale(folder)
        for name in names:
            print(f"{folder / name} is not current; run python3 -m stadtgdi.reference {folder}")
        return 1 if names else 0
    for name, text in pages().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for name in stale(folder):
        (folder / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
