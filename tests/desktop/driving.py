# SPDX-License-Identifier: GPL-2.0-or-later
"""Inside QGIS Desktop: what a person does with the mouse in the dock, the map and the form of a layer."""
from qgis.core import QgsProject
from qgis.gui import QgsAttributeDialog
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QEventLoop, QPoint, Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QComboBox, QDockWidget, QPushButton, QTreeWidget
from qgis.utils import iface


def wait(milliseconds):
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec_()


def dock():
    return iface.mainWindow().findChild(QDockWidget, "StadtgdiCityLayers")


def items(tree):
    for place in range(tree.topLevelItemCount()):
        family = tree.topLevelItem(place)
        for child in range(family.childCount()):
            yield family, family.child(child)


def layer_named(name):
    return QgsProject.instance().mapLayersByName(name)[0]


def open_in_dock(source):
    """The tree of the dock with the layers of a city or a service."""
    panel = dock()
    panel.show()
    panel.raise_()
    panel.findChild(QComboBox, "source").setEditText(source)
    QTest.mouseClick(panel.findChild(QPushButton, "open"), Qt.LeftButton)
    return panel.findChild(QTreeWidget, "layers")


def add_from_dock(name, button="add"):
    """Adds one of the listed layers."""
    tree = dock().findChild(QTreeWidget, "layers")
    tree.clearSelection()
    for _, item in items(tree):
        if item.toolTip(0) == name:
            item.setSelected(True)
    QTest.mouseClick(dock().findChild(QPushButton, button), Qt.LeftButton)


def open_form():
    """The form that a click on the map has opened; None: not yet."""
    shown = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.metaObject().className() == "QgsAttributeDialog"]
    return sip.cast(shown[0], QgsAttributeDialog) if shown else None


def draw_point(layer, fill_in):
    """Edits the layer, clicks into the middle of the map and says OK in the form that opens; fill_in(dialog) comes before.
    Not saved yet."""
    iface.setActiveLayer(layer)
    layer.startEditing()
    wait(500)  # QGIS enables the tools of the layer
    iface.actionAddFeature().trigger()
    wait(500)
    canvas = iface.mapCanvas()
    QTest.mouseClick(canvas.viewport(), Qt.LeftButton, Qt.NoModifier, QPoint(canvas.width() // 2, canvas.height() // 2))
    for _ in range(40):
        wait(500)
        dialog = open_form()
        if dialog is not None:
            fill_in(dialog)
            dialog.accept()
            wait(500)
            return
    raise AssertionError("No form opened after a click on the map.")
