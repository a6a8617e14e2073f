# SPDX-License-Identifier: GPL-2.0-or-later
"""What the code base promises about itself: one home for each foreign library, headers that compile alone,
documents whose links and file names exist."""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("STADTGDI_BUILD", ROOT / "build/release"))
CODE = (".hpp", ".cpp", ".h", ".c")


def tracked():
    names = subprocess.run(["git", "-C", ROOT, "ls-files"], capture_output=True, text=True).stdout.split("\n")
    return [ROOT / n for n in names if n and (ROOT / n).is_file()]


FILES = tracked()
SOURCES = [f for f in FILES if f.suffix in CODE]


def includes(path):
    return re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', path.read_text(encoding="utf-8"), re.M)


def room(path):
    return path.relative_to(ROOT).as_posix()


HOMES = [
    # what, how its headers look, where it may be included
    ("GDAL", re.compile(r"^(gdal|ogr|cpl_|gdal_)[a-z_]*\.h$"), ("layers/io/", "tests/unit/io/", "tests/unit/catalogue/")),
    ("PROJ", re.compile(r"^proj(/|\.h$)"), ("layers/crs/", "tests/unit/crs/")),
    ("GEOS", re.compile(r"^(geos_c\.h|geos/)"), ("layers/geometry/", "tests/unit/")),
    ("SQLite", re.compile(r"^sqlite3(ext)?\.h$"), ("layers/io/", "tests/")),
    ("QGIS", re.compile(r"^qgs?[a-z0-9]+\.h$|^qgis[a-z]*\.h$"),
     ("plugins/", "services/project/", "services/render/qgis/", "tests/unit/", "tests/desktop/", "tests/support/", "tests/bench/")),
    ("Qt", re.compile(r"^(Q[A-Z][A-Za-z]+|Qt[A-Z][A-Za-z]+/.*)$"), ("plugins/", "services/project/", "services/render/qgis/", "tests/")),
    ("libpq", re.compile(r"^libpq"), ("layers/io/", "services/store/", "tests/")),
    ("Boost.Beast and Asio", re.compile(r"^boost/(asio|beast)"), ("services/http/",)),
    ("OpenSSL", re.compile(r"^openssl/"), ("services/access/",)),
    ("libcrypt and libjwt", re.compile(r"^(crypt|jwt)\.h$"), ("services/access/",)),
]


class Rooms(unittest.TestCase):
    def test_each_foreign_library_has_one_home(self):
        for what, pattern, homes in HOMES:
            for path in SOURCES:
                for name in includes(path):
                    if pattern.match(name):
                        self.assertTrue(room(path).startswith(homes), f"{room(path)} includes <{name}>: {what} belongs to {homes}")

    def test_the_core_has_neither_qt_nor_qgis(self):
        for path in SOURCES:
            if not room(path).startswith(("layers/", "python/")):
                continue
            for name in includes(path):
                self.assertFalse(re.match(r"^(Q[A-Z]|qgs|qgis|plugins/|services/)", name), f"{room(path)} includes <{name}>")

    def test_the_python_module_links_neither_qt_nor_qgis(self):
        modules = list(BUILD.glob("python/**/_stadtgdi*.so"))
        if not modules:
            self.skipTest(f"no Python module in {BUILD}")
        for module in modules:
            needs = subprocess.run(["ldd", module], capture_output=True, text=True).stdout
            self.assertNotRegex(needs, r"libQt|libqgis")

    def test_layers_and_plugins_are_portable(self):
        posix = re.compile(r"^(unistd\.h|sys/.*|pthread\.h|fcntl\.h|dirent\.h|signal\.h|dlfcn\.h|poll\.h|netinet/.*|arpa/.*)$")
        for path in SOURCES:
            if room(path).startswith(("layers/", "plugins/")):
                for name in includes(path):
                    self.assertFalse(posix.match(name), f"{room(path)} includes <{name}>, which Windows does not have")

    def test_no_file_is_too_long_to_enter(self):
        for path in SOURCES:
            lines = len(path.read_text(encoding="utf-8").split("\n"))
            self.assertLess(lines, 900, f"{room(path)} has {lines} lines: split it by idea")


class Headers(unittest.TestCase):
    def test_every_core_header_compiles_alone(self):
        compiler = os.environ.get("CXX", "g++")
        headers = [f for f in SOURCES if f.suffix == ".hpp" and room(f).startswith("layers/") and "/detail/" not in room(f)]

        def compile_alone(header):
            got = subprocess.run([compiler, "-std=c++20", "-fsyntax-only", "-I", ROOT, "-x", "c++", "-"],
                                 input=f"#include <{room(header)}>\n", capture_output=True, text=True)
            return header, got.returncode, got.stderr

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for header, code, errors in pool.map(compile_alone, headers):
                self.assertEqual(code, 0, f"{room(header)}:\n{errors[:2000]}")


class Texts(unittest.TestCase):
    def test_every_source_names_its_licence(self):
        for path in FILES:
            if path.suffix in CODE + (".py", ".ts", ".mjs") and path.stat().st_size:
                self.assertIn("SPDX-License-Identifier: GPL-2.0-or-later", path.read_text(encoding="utf-8")[:300], room(path))

    def test_lock_files_name_no_registry(self):
        for path in FILES:
            if path.name == "package-lock.json":
                self.assertNotIn('"resolved"', path.read_text(encoding="utf-8"), room(path))

    def test_links_between_documents_exist(self):
        for path in FILES:
            if path.suffix != ".md":
                continue
            for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
                if "://" in target or target.startswith("mailto:"):
                    continue
                self.assertTrue((path.parent / target).exists(), f"{room(path)} links to {target}, which does not exist")

    def test_documents_name_files_and_folders_that_exist(self):
        named = 0
        for path in FILES:
            if path.suffix != ".md":
                continue
            for name in re.findall(r"`((?:layers|plugins|services|styles|python|tests|docs)/[A-Za-z0-9_./]*)`", path.read_text(encoding="utf-8")):
                if name == "plugins/searchPathsForPlugins":   # a setting of QGIS
                    continue
                named += 1
                self.assertTrue((ROOT / name).exists(), f"{room(path)} names {name}, which does not exist")
        self.assertGreater(named, 30)

    def test_anchors_within_documents_exist(self):
        for path in FILES:
            if path.suffix != ".md":
                continue
            for target, anchor in re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", path.read_text(encoding="utf-8")):
                if "://" in target:
                    continue
                titles = re.findall(r"^#+ (.*)$", (path.parent / target if target else path).read_text(encoding="utf-8"), re.M)
                anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
                self.assertIn(anchor, anchors, f"{room(path)} links to {target}#{anchor}, which does not exist")

    def test_every_attack_is_told_with_a_test_that_exists(self):
        text = (ROOT / "docs/conformance/attacks.md").read_text(encoding="utf-8")
        rows = re.findall(r"^\| T(\d+) \| ([^|]+) \| ([^|]+) \|$", text, re.M)
        self.assertEqual([int(number) for number, _, _ in rows], [*range(1, 27), *range(30, 43), *range(50, 63), *range(70, 87)])
        tests = {letter: (ROOT / path).read_text(encoding="utf-8") for letter, path in re.findall(r"\*\*([A-Z])\*\* `([^`]+)`", text)}
        for number, _, proof in rows:
            self.assertIn(proof[0], tests, number)
            for name in re.findall(r"`(test_\w+)`", proof):
                self.assertIn(f"def {name}(self)", tests[proof[0]], number)

    def test_every_package_that_is_installed_is_explained(self):
        run = (ROOT / "run").read_text(encoding="utf-8")
        installed = set(re.findall(r"[a-z0-9][a-z0-9+.-]+", " ".join(re.findall(r"^(?:build|qgis|test|peer)_packages\+?=\(([^)]*)\)", run, re.M)))) | {"nodejs", "npm"}
        rows = re.findall(r"^\| [^|]+ \| (`[^|]*) \|", (ROOT / "docs/decisions/0001-dependencies.md").read_text(encoding="utf-8"), re.M)
        explained = [name for row in rows for name in re.findall(r"`([^`]+)`", row)]
        self.assertEqual(sorted(explained), sorted(installed))

    def test_every_library_that_cmake_looks_for_is_installed(self):
        """By the Debian package that the decision names for it."""
        packages = {"Boost": "libboost-dev", "CLI11": "libcli11-dev", "EXPAT": "libexpat1-dev", "GDAL": "libgdal-dev", "GTest": "libgtest-dev", "JPEG": "libjpeg-dev", "OpenSSL": "libssl-dev",
                    "PkgConfig": "pkg-config", "PostgreSQL": "libpq-dev", "Python": "python3-dev", "SQLite3": "libsqlite3-dev", "TBB": "libtbb-dev", "Threads": "g++",
                    "ZLIB": "zlib1g-dev", "benchmark": "libbenchmark-dev", "nlohmann_json": "nlohmann-json3-dev", "prometheus-cpp": "prometheus-cpp-dev", "pugixml": "libpugixml-dev",
                    "pybind11": "pybind11-dev", "spdlog": "libspdlog-dev", "tomlplusplus": "libtomlplusplus-dev", "Qt${STADTGDI_QT_MAJOR}": "qtbase5-dev",
                    "proj": "libproj-dev", "libutf8proc": "libutf8proc-dev", "libdeflate": "libdeflate-dev", "libbrotlienc": "libbrotli-dev", "libbrotlidec": "libbrotli-dev", "libwebp": "libwebp-dev", "geos_c": "libgeos-dev", "qgis_core": "libqgis-dev", "qgis_gui": "libqgis-dev",
                    "qgis_analysis": "libqgis-dev", "crypt": "libcrypt-dev", "libjwt": "libjwt-dev"}
        run = (ROOT / "run").read_text(encoding="utf-8")
        for path in FILES:
            if path.name != "CMakeLists.txt" and path.suffix != ".cmake":
                continue
            text = path.read_text(encoding="utf-8")
            for name in re.findall(r"find_package\(([^ )]+)", text) + re.findall(r"find_library\(\w+ (\w+)", text) + re.findall(r"pkg_check_modules\(\w+ REQUIRED IMPORTED_TARGET (\w+)\)", text):
                self.assertIn(name, packages, room(path))
                self.assertRegex(run, rf"[ (]{re.escape(packages[name])}[ )\n]")

    def test_decisions_are_numbered_without_gaps(self):
        numbers = sorted(int(f.name[:4]) for f in FILES if room(f).startswith("docs/decisions/"))
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))


if __name__ == "__main__":
    unittest.main()
