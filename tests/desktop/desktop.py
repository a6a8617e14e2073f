# SPDX-License-Identifier: GPL-2.0-or-later
"""Starts QGIS Desktop under Xvfb as `./run qgis` and an installation do, with a home and a profile of its own."""
import os
import subprocess
from pathlib import Path

LAUNCHER = Path(__file__).resolve().parents[2] / "plugins" / "stadtgdi-desktop"
# A person's own profile: it does not name our plugins.
PROFILE = """[locale]
overrideFlag=%s
userLocale=de
[qgis]
checkVersion=false
newsFeed\\disabled=true
[core]
NewsFeed\\httpsfeedqgisorg\\disabled=true
[app]
news-feed\\items\\httpsfeedqgisorg\\disabled=true
"""


def start_qgis(plugins, folder, arguments, launcher=LAUNCHER, german=True, **variables):
    """Its exit code and its log. The profile stays in the folder for the next start; `german`: it sets the language.
    `plugins`: the folder of the plugins; None: the launcher knows."""
    environment = dict(os.environ, XDG_RUNTIME_DIR=str(folder), HOME=str(folder), **variables)
    for name in ("QT_QPA_PLATFORM", "QGIS_PLUGINPATH", "QGIS_CUSTOM_CONFIG_PATH", "QGIS_GLOBAL_SETTINGS_FILE"):
        environment.pop(name, None)
    config = folder / "config"
    settings = config / "profiles" / "stadtgdi" / "QGIS" / "QGIS3.ini"
    if not settings.exists():
        settings.parent.mkdir(parents=True)
        settings.write_text(PROFILE % str(german).lower(), encoding="utf-8")
    command = [
        "xvfb-run", "-a", "-s", "-screen 0 1600x1000x24",
        str(launcher), *(["--plugins", str(plugins)] if plugins else []), "--settings", str(config / "stadtgdi.ini"),
        "--profiles-path", str(config), "--profile", "stadtgdi", "--nologo", *arguments,
    ]  # fmt: skip
    log = folder / "qgis.log"
    with open(log, "wb") as out:
        return subprocess.run(command, env=environment, stdout=out, stderr=subprocess.STDOUT, timeout=540).returncode, log
