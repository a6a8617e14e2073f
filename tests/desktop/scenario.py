# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside QGIS Desktop (--code): drives the plugins as a person would and writes what was seen to a JSON file.

STADTGDI_SCENARIO names a JSON file with: city (path of a GeoPackage), results (JSON to write), pictures (folder for
screenshots), folder (of these scripts), command (path of the stadtgdi program), service (address of the same city as a
project of our service), key (of the service, for its protected layers).
"""
import json
import os
import subprocess
import sys
import traceback

import processing
from qgis.core import QgsApplication, QgsProject, QgsRectangle, QgsSettings
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QDockWidget, QInputDialog, QLineEdit, QPushButton, QTreeWidget
from qgis.utils import iface

with open(os.environ["STADTGDI_SCENARIO"], encoding="utf-8") as file:
    TASK = json.load(file)
sys.path.insert(0, TASK["folder"])
from driving import add_from_dock, dock, draw_point, items, layer_named, open_in_dock, wait  # noqa: E402

SEEN = {}


def picture(name, widget=None):
    QApplication.processEvents()
    (widget or iface.mainWindow()).grab().save(os.path.join(TASK["pictures"], name + ".png"))


def list_the_city():
    tree = open_in_dock(TASK["city"])
    SEEN["families"] = [tree.topLevelItem(i).text(0) for i in range(tree.topLevelItemCount())]
    SEEN["layers"] = {item.toolTip(0): [item.text(column) for column in range(4)] for _, item in items(tree)}


def add_layers():
    for wanted in ("greenspace_site", "buildings_building", "walking_edge", "trees_tree"):
        add_from_dock(wanted)
    wait(500)
    SEEN["added"] = sorted(layer.name() for layer in QgsProject.instance().mapLayers().values())
    SEEN["groups"] = [group.name() for group in QgsProject.instance().layerTreeRoot().findGroups()]
    trees = layer_named("Bäume")
    SEEN["alias"] = trees.attributeAlias(trees.fields().indexOf("crown_diam_m"))
    SEEN["legend"] = [item.label() for item in trees.renderer().legendSymbolItems()]
    # As a person arranges it: all columns of the dock, no browser.
    iface.mainWindow().findChild(QDockWidget, "Browser").hide()
    iface.mainWindow().resizeDocks([iface.mainWindow().findChild(QDockWidget, "Layers"), dock()], [270, 510], Qt.Horizontal)
    iface.setActiveLayer(trees)
    iface.zoomToActiveLayer()
    wait(3000)
    picture("city")
    canvas = iface.mapCanvas()
    centre = canvas.extent().center()
    canvas.setExtent(QgsRectangle(centre.x() - 150, centre.y() - 150, centre.x() + 150, centre.y() + 150))
    canvas.refresh()
    wait(3000)
    picture("street")


def fill_in(dialog):
    form = dialog.attributeForm()
    SEEN["form"] = {name: str(form.feature()[name]) for name in ("uuid", "status", "source", "disclosure_class", "qa_status")}
    form.changeAttribute("genus", "Quercus")
    picture("form", dialog)


def draw_a_tree():
    trees = layer_named("Bäume")
    before = trees.featureCount()
    draw_point(trees, fill_in)
    SEEN["saved"] = trees.commitChanges()
    SEEN["save errors"] = trees.commitErrors()
    SEEN["trees drawn"] = trees.featureCount() - before
    # QGIS still holds the GeoPackage open.
    check = subprocess.run([TASK["command"], "check", TASK["city"], "--layers", "trees_tree", "--json"], capture_output=True, text=True, timeout=300)
    SEEN["check"] = {"code": check.returncode, "errors": [f for f in json.loads(check.stdout or "{}").get("findings", []) if f["severity"] == "error"], "err": check.stderr[-800:]}


def run_operations():
    registry = QgsApplication.processingRegistry()
    SEEN["algorithms"] = sorted(algorithm.id() for algorithm in registry.providerById("stadtgdi").algorithms())
    trees = layer_named("Bäume")
    grid = processing.run(
        "stadtgdi:statgrid.make_grid",
        {"layer": trees, "cell_size_m": 1, **outputs("statgrid.make_grid")},  # the second choice: 250 m
    )
    cells = first_layer(grid)
    SEEN["cells"] = cells.featureCount()
    diversity = processing.run("stadtgdi:trees.diversity", {"trees": trees, **outputs("trees.diversity")})
    table = first_layer(diversity)
    SEEN["diversity"] = {"rows": table.featureCount(), "trees": next(table.getFeatures())["n_trees"]}
    canopy = processing.run("stadtgdi:trees.canopy_cover", {"trees": trees, "zones": cells, **outputs("trees.canopy_cover")})
    table = first_layer(canopy)
    SEEN["canopy"] = {"rows": table.featureCount(), "fields": [field.name() for field in table.fields()]}
    dialog = processing.createAlgorithmDialog("stadtgdi:trees.canopy_cover", {})
    dialog.show()
    wait(1500)
    picture("processing", dialog)
    dialog.close()


def outputs(operation):
    """Every output that is made by default goes to memory."""
    algorithm = QgsApplication.processingRegistry().algorithmById("stadtgdi:" + operation)
    return {
        definition.name(): "TEMPORARY_OUTPUT"
        for definition in algorithm.destinationParameterDefinitions()
        if definition.createByDefault()
    }


def use_the_service():
    """The same dock on the service: protected layers are not there, layers come as features and as a picture."""
    tree = open_in_dock(TASK["service"])
    SEEN["service layers"] = {item.toolTip(0): [item.text(column) for column in range(4)] for _, item in items(tree)}
    for button in ("add", "add_picture"):
        add_from_dock("districts_district", button)
    wait(1000)
    added = QgsProject.instance().mapLayersByName("Ortsteile und Stadtbezirke")
    SEEN["service added"] = {layer.providerType(): layer.isValid() for layer in added}
    features = next((layer for layer in added if layer.providerType() == "OAPIF"), None)
    SEEN["service rows"] = sum(1 for _ in features.getFeatures()) if features else -1
    iface.zoomFull()
    wait(2500)
    picture("service")


def refuse_credentials():
    for widget in QApplication.topLevelWidgets():
        if widget.isVisible() and widget.metaObject().className() == "QgsCredentialDialog":
            widget.reject()


def enter_key(key):
    """Clicks "new key" and types into the dialog that opens."""

    def answer():
        dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QInputDialog) and w.isVisible())
        dialog.findChild(QLineEdit).setText(key)
        dialog.accept()

    QTimer.singleShot(500, answer)
    QTest.mouseClick(dock().findChild(QPushButton, "new_key"), Qt.LeftButton)


def use_a_key():
    """The same service with a wrong and with a good key."""
    QgsApplication.authManager().setMasterPassword("master", True)
    panel = dock()
    iface.messageBar().clearWidgets()
    refuser = QTimer()  # QGIS itself asks for user and password where a server answers 401
    refuser.timeout.connect(refuse_credentials)
    refuser.start(500)
    enter_key("wrong")
    refuser.stop()
    SEEN["wrong key"] = " ".join(item.text() for item in iface.messageBar().items())
    enter_key(TASK["key"])
    tree = panel.findChild(QTreeWidget, "layers")
    SEEN["keyed layers"] = {item.toolTip(0): [item.text(column) for column in range(4)] for _, item in items(tree)}
    picture("key", panel)
    for button in ("add", "add_picture"):
        add_from_dock("utilities_line", button)
    wait(1000)
    added = [layer for layer in QgsProject.instance().mapLayersByName("Leitungen") if layer.providerType() in ("OAPIF", "wms")]
    SEEN["keyed added"] = {layer.providerType(): layer.isValid() for layer in added}
    features = next(layer for layer in added if layer.providerType() == "OAPIF")
    SEEN["keyed rows"] = sum(1 for _ in features.getFeatures())
    drawn = next(layer for layer in added if layer.providerType() == "wms")
    trees = layer_named("Bäume")
    block = drawn.dataProvider().block(1, trees.extent(), 400, 400)
    SEEN["picture drawn"] = len(set(bytes(block.data())[::4])) > 1
    SEEN["key in sources"] = any(TASK["key"] in layer.source() for layer in QgsProject.instance().mapLayers().values())
    settings = QgsSettings()
    SEEN["key in settings"] = any(TASK["key"] in str(settings.value(name)) for name in settings.allKeys())


def first_layer(results):
    return next(value for value in results.values() if hasattr(value, "getFeatures"))


def play():
    try:
        SEEN["dock"] = dock() is not None and dock().windowTitle()
        iface.mainWindow().resize(1500, 950)
        for step in (list_the_city, add_layers, draw_a_tree, run_operations, use_the_service, use_a_key):
            step()
    except Exception:  # the driver shows it
        SEEN["error"] = traceback.format_exc()
        picture("error")
    with open(TASK["results"], "w", encoding="utf-8") as out:
        json.dump(SEEN, out, ensure_ascii=False, indent=1)
    os._exit(0)  # no questions about unsaved projects


QTimer.singleShot(2000, play)
