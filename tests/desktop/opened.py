# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs inside QGIS Desktop (--code): writes what a person finds who opened a city's project, to STADTGDI_RESULTS.

STADTGDI_PICTURE: file for a screenshot. A setting is read and then changed, as a person would in QGIS's options.
"""
import json
import os
import traceback

from qgis.core import QgsApplication, QgsProject, QgsSettings
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication, QComboBox, QDockWidget, QTreeWidget
from qgis.utils import iface

SEEN = {}


def look():
    window = iface.mainWindow()
    window.resize(1500, 950)
    QApplication.processEvents()
    dock = window.findChild(QDockWidget, "StadtgdiCityLayers")
    SEEN["dock"] = dock.windowTitle() if dock else None
    SEEN["visible"] = dock.isVisible()
    SEEN["menu"] = [action.text().replace("&", "") for action in window.menuBar().actions()]
    SEEN["city"] = dock.findChild(QComboBox, "source").currentText()
    tree = dock.findChild(QTreeWidget, "layers")
    SEEN["families"] = [tree.topLevelItem(place).text(0) for place in range(tree.topLevelItemCount())]
    SEEN["project"] = QgsProject.instance().fileName()
    SEEN["layers"] = {layer.id(): layer.isValid() for layer in QgsProject.instance().mapLayers().values()}
    provider = QgsApplication.processingRegistry().providerById("stadtgdi")
    SEEN["algorithms"] = sorted(algorithm.id() for algorithm in provider.algorithms()) if provider else []
    SEEN["setting before"] = QgsSettings().value("qgis/default_measure_color_red")
    QgsSettings().setValue("qgis/default_measure_color_red", "17")
    QgsSettings().sync()


def play():
    try:
        look()
    except Exception:  # the driver shows it
        SEEN["error"] = traceback.format_exc()
    QTimer.singleShot(4000, end)


def end():
    if "STADTGDI_PICTURE" in os.environ:
        iface.mainWindow().grab().save(os.environ["STADTGDI_PICTURE"])
    with open(os.environ["STADTGDI_RESULTS"], "w", encoding="utf-8") as out:
        json.dump(SEEN, out, ensure_ascii=False, indent=1)
    os._exit(0)


QTimer.singleShot(3000, play)
