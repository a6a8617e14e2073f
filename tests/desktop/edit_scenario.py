# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside QGIS Desktop (--code): a person who edits the trees of a city and keeps QGIS open.

STADTGDI_SCENARIO names a JSON file with: city (path of a GeoPackage), place (x, y in the city's CRS), folder (of these scripts), results
(folder). After each step STEP.json there says what was done; the next begins when the file STEP.seen is there.
"""
import json
import os
import sys
import traceback
from pathlib import Path

from qgis.core import QgsFeatureRequest, QgsRectangle
from qgis.PyQt.QtCore import QTimer
from qgis.utils import iface

with open(os.environ["STADTGDI_SCENARIO"], encoding="utf-8") as file:
    TASK = json.load(file)
sys.path.insert(0, TASK["folder"])
from driving import add_from_dock, draw_point, layer_named, open_in_dock, wait  # noqa: E402

RESULTS = Path(TASK["results"])


def tell(step, **seen):
    part = RESULTS / (step + ".part")
    part.write_text(json.dumps(seen), encoding="utf-8")
    part.rename(RESULTS / (step + ".json"))


def tell_and_wait(step, layer, **seen):
    """The layer stays as it is meanwhile: open, in edit mode and on the map."""
    tell(step, editable=layer.isEditable(), modified=layer.isModified(), **seen)
    while not (RESULTS / (step + ".seen")).exists():
        wait(100)


def save():
    """As with the button: edit mode goes on."""
    iface.actionSaveActiveLayerEdits().trigger()
    wait(200)


def edit():
    open_in_dock(TASK["city"])
    add_from_dock("trees_tree")
    wait(500)
    trees = layer_named("Bäume")
    x, y = TASK["place"]
    iface.mapCanvas().setExtent(QgsRectangle(x - 40, y - 40, x + 40, y + 40))
    iface.mapCanvas().refresh()
    wait(2000)

    draw_point(trees, lambda dialog: dialog.attributeForm().changeAttribute("genus", "Quercus"))
    uuid = next(iter(trees.editBuffer().addedFeatures().values()))["uuid"]
    save()
    mine = QgsFeatureRequest().setFilterExpression("uuid = '%s'" % uuid)
    drawn = next(trees.getFeatures(mine))
    point = drawn.geometry().asPoint()
    names = ("status", "source", "disclosure_class", "genus")
    tell_and_wait("drawn", trees, uuid=uuid, x=point.x(), y=point.y(), values={name: str(drawn[name]) for name in names})

    trees.changeAttributeValue(drawn.id(), trees.fields().indexOf("genus"), "Fagus")
    save()
    tell_and_wait("changed", trees)

    trees.deleteFeature(drawn.id())
    save()
    tell_and_wait("deleted", trees)


def play():
    try:
        iface.mainWindow().resize(1500, 950)
        edit()
    except Exception:  # the driver shows it
        tell("error", text=traceback.format_exc())
    os._exit(0)  # no questions about unsaved projects


QTimer.singleShot(2000, play)
