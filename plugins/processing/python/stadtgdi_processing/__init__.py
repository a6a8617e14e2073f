# SPDX-License-Identifier: GPL-2.0-or-later
"""Registers the StadtGDI Processing provider, which is written in C++, in programs that load Python plugins only."""
import ctypes
import os
from pathlib import Path

NAMES = ("libstadtgdi_processing.so", "stadtgdi_processing.dll", "libstadtgdi_processing.dylib")


def find_library():
    """The library named by STADTGDI_QGIS_PLUGINS (a folder), beside the build's Python plugins, or installed."""
    here = Path(__file__).resolve().parent
    places = [Path(os.environ["STADTGDI_QGIS_PLUGINS"])] if "STADTGDI_QGIS_PLUGINS" in os.environ else []
    places.append(here.parent.parent / "qgis_plugins")
    prefix = here.parents[4] if len(here.parents) > 4 else here  # PREFIX/share/qgis/python/plugins/stadtgdi_processing
    for pattern in ("lib/qgis/plugins", "lib64/qgis/plugins", "lib/*/qgis/plugins"):
        places += sorted(prefix.glob(pattern))
    for place in places:
        for name in NAMES:
            if (place / name).exists():
                return place / name
    raise FileNotFoundError(
        "StadtGDI: %s was not found in %s; set STADTGDI_QGIS_PLUGINS to its folder." % (NAMES[0], ", ".join(map(str, places)))
    )


class StadtgdiProcessing:
    """QGIS calls initProcessing in qgis_process and initGui in the desktop application."""

    def __init__(self):
        self.library = None

    def initProcessing(self):
        # RTLD_LOCAL: the library finds QGIS in the running process
        self.library = ctypes.CDLL(str(find_library()))
        if self.library.stadtgdi_register_provider() != 1:
            raise RuntimeError("StadtGDI: QGIS refused the Processing provider.")

    def initGui(self):
        self.initProcessing()

    def unload(self):
        from qgis.core import QgsApplication

        QgsApplication.processingRegistry().removeProvider("stadtgdi")


def classFactory(iface):
    return StadtgdiProcessing()
