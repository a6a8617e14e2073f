# SPDX-License-Identifier: GPL-2.0-or-later
"""Starts QGIS Desktop under Xvfb as `./run qgis` and an installation do, with a home and a profile of its own, and our service."""
import json
import os
import socket
import subprocess
import time
import urllib.request
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
SERVICE_SETTINGS = """[access.roles.netzauskunft]
classes = ["kritis"]
[[access.keys]]
name = "Netzauskunft"
sha256 = "%s"
roles = ["netzauskunft"]
"""


def start_qgis(plugins, folder, arguments, launcher=LAUNCHER, german=True, **variables):
    """Its exit code and its log. The profile stays in the folder for the next start; `german`: it sets the language.
    `plugins`: the folder of the plugins; None: the launcher knows. `launcher` None: QGIS itself."""
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
        *([str(launcher), *(["--plugins", str(plugins)] if plugins else []), "--settings", str(config / "stadtgdi.ini")] if launcher else ["qgis"]),
        "--profiles-path", str(config), "--profile", "stadtgdi", "--nologo", *arguments,
    ]  # fmt: skip
    log = folder / "qgis.log"
    with open(log, "wb") as out:
        return subprocess.run(command, env=environment, stdout=out, stderr=subprocess.STDOUT, timeout=540).returncode, log


class Service:
    """The city served by `stadtgdi serve` on a free port; project, settings and log lie in the folder."""

    def __init__(self, command, folder, city):
        subprocess.run([command, "project", str(city), "--language", "de", "--out", str(folder / "stadt.qgz"), "--quiet"], check=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.log = open(folder / "serve.log", "wb")
        made = json.loads(subprocess.run([command, "serve", "--new-key", "--json"], capture_output=True, text=True, check=True).stdout)
        self.key = made["key"]
        (folder / "serve.toml").write_text(SERVICE_SETTINGS % made["sha256"], encoding="utf-8")
        serve = [command, "serve", str(folder / "stadt.qgz"), "--listen", "127.0.0.1:%d" % port, "--settings", str(folder / "serve.toml")]
        self.process = subprocess.Popen(serve, stdout=self.log, stderr=self.log)
        self.address = "http://127.0.0.1:%d/stadt" % port
        for _ in range(600):
            try:
                with urllib.request.urlopen(self.address + "/ogcapi/collections?f=json", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise AssertionError("The service did not start:\n" + (folder / "serve.log").read_text(errors="replace"))

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()
