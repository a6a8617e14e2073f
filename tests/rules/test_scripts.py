# SPDX-License-Identifier: GPL-2.0-or-later
"""`./run` and `./test` as they are written: the backports entry from apt's sources of every form, and which suites are run."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = ("run", "test", ".ci/run", "docs/tutorial/build_leipzig", "plugins/stadtgdi-desktop", "tests/support/start_postgres")
RUN = (ROOT / "run").read_text(encoding="utf-8")


def function(name):
    """Its text, as it stands in ./run."""
    return re.search(rf"^{name}\(\) \{{.*?^\}}$", RUN, re.M | re.S).group()


def program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


class Folder(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)


KEY = """Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEY865UxYJKwYBBAHaRw8BAQdAd7Z0srwuhlB6JKFkcf4HU4SSS/xcRfwEQWzr
 # no comment
 =abcd
 -----END PGP PUBLIC KEY BLOCK-----
"""
BACKPORTS = "Types: deb\nURIs: {}\nSuites: bookworm-backports\nComponents: main\n{}"


class Backports(Folder):
    def entry(self, mirrors="", **files):
        paths = []
        for name, text in files.items():
            path = self.folder / re.sub("_(list|sources)$", r".\1", name)
            path.write_text(text, encoding="utf-8")
            paths.append(path)
        script = "set -euo pipefail\n" + function("backports_entry") + '\nbackports_entry bookworm "$@"\n'
        got = subprocess.run(["bash", "-c", script, "run", mirrors, *paths], capture_output=True, text=True)
        self.assertEqual((got.returncode, got.stderr), (0, ""))
        return got.stdout

    def test_one_line_sources(self):
        self.assertEqual(self.entry(sources_list="# deb http://old/debian bookworm main\ndeb-src http://m/debian bookworm main\ndeb http://m/debian bookworm main contrib\n"
                                                 "deb http://m/debian bookworm-updates main\n"), "deb http://m/debian bookworm-backports main\n")

    def test_one_line_sources_keep_their_options(self):
        self.assertEqual(self.entry(a_list="\tdeb  [ arch=amd64 signed-by=/k.gpg ]\thttps://m/debian/   bookworm\tnon-free main  # the office's\n"),
                         "deb [ arch=amd64 signed-by=/k.gpg ] https://m/debian/ bookworm-backports main\n")

    def test_discs_and_what_a_comment_says_are_no_mirrors(self):
        self.assertEqual(self.entry(sources_list="deb cdrom:[Debian GNU/Linux 12.0.0 _Bookworm_ - amd64 DVD]/ bookworm main\ndeb http://m/debian bookworm contrib # main\n"), "")

    def test_deb822_sources(self):
        text = "# made by the installer\nTypes: deb deb-src\nURIs: http://m/debian\n# a comment within\nSuites: bookworm bookworm-updates\nComponents: main contrib\nSigned-By: /k.gpg\n"
        self.assertEqual(self.entry(debian_sources=text), BACKPORTS.format("http://m/debian", "Signed-By: /k.gpg\n"))

    def test_deb822_keeps_a_key_of_many_lines(self):
        text = "Types: deb\nURIs: http://m/debian\nSuites: bookworm\nComponents: main\n" + KEY + "\nTypes: deb\nURIs: http://s/\nSuites: bookworm-security\nComponents: main\n"
        self.assertEqual(self.entry(debian_sources=text), BACKPORTS.format("http://m/debian", KEY))

    def test_deb822_values_of_several_lines_and_names_in_any_case(self):
        text = "types: deb\nuris: http://m/debian\nSUITES:\n bookworm\n bookworm-updates\ncomponents: contrib\n main\narchitectures: amd64\n arm64\n"
        self.assertEqual(self.entry(debian_sources=text), BACKPORTS.format("http://m/debian", "architectures: amd64\n arm64\n"))

    def test_files_without_an_empty_line_at_their_end_stay_apart(self):
        other = "Types: deb\nURIs: http://x/tools\nSuites: stable\nComponents: main\n"
        debian = "Types: deb\nURIs: http://m/debian\nSuites: bookworm\nComponents: main\n"
        self.assertEqual(self.entry(a_sources=other, debian_sources=debian, z_sources=other), BACKPORTS.format("http://m/debian", ""))

    def test_an_entry_that_is_switched_off_is_none(self):
        off = "Enabled: no\nTypes: deb\nURIs: http://off/debian\nSuites: bookworm\nComponents: main\n"
        self.assertEqual(self.entry(debian_sources=off), "")
        self.assertEqual(self.entry(debian_sources=off + "\n" + off.replace("no", "yes").replace("off", "on")), BACKPORTS.format("http://on/debian", ""))

    def test_debian_itself_comes_before_other_archives(self):
        other = "Types: deb\nURIs: https://vendor/stable/debian\nSuites: bookworm\nComponents: main\nSigned-By: /vendor.gpg\n"
        self.assertEqual(self.entry("http://m/debian ", vendor_sources=other, sources_list="deb http://m/debian/ bookworm main\n"), "deb http://m/debian/ bookworm-backports main\n")
        self.assertEqual(self.entry("mirror+file:/etc/apt/mirrors/debian.list ", vendor_list="deb https://vendor/debian bookworm main\n",
                                    debian_sources=other.replace("https://vendor/stable/debian", "mirror+file:/etc/apt/mirrors/debian.list").replace("vendor", "debian")),
                         BACKPORTS.format("mirror+file:/etc/apt/mirrors/debian.list", "Signed-By: /debian.gpg\n"))

    def test_no_source_gives_no_entry(self):
        self.assertEqual(self.entry(sources_list="deb http://m/debian trixie main\n"), "")
        self.assertEqual(self.entry(), "")

    def test_the_mirrors_are_those_that_apt_has_the_release_from(self):
        program(self.folder / "apt-cache", """#!/bin/sh
cat <<'TEXT'
Package files:
 100 /var/lib/dpkg/status
     release a=now
 500 https://vendor/stable/debian bookworm/main amd64 Packages
     release o=Vendor,n=bookworm,l=Vendor,c=main,b=amd64
 500 http://m/debian-security bookworm-security/main amd64 Packages
     release v=12,o=Debian,a=stable-security,n=bookworm-security,l=Debian-Security,c=main,b=amd64
 500 http://m/debian/ bookworm/main amd64 Packages
     release v=12.15,o=Debian,a=stable,n=bookworm,l=Debian,c=main,b=amd64
     origin m
TEXT
""")
        got = subprocess.run(["bash", "-c", function("debian_mirrors") + "\ndebian_mirrors bookworm"], capture_output=True, text=True, env={"PATH": f"{self.folder}:{os.environ['PATH']}"})
        self.assertEqual(got.stdout, "http://m/debian ")


class Suites(Folder):
    """./test with programs that only tell how they were called."""

    def setUp(self):
        super().setUp()
        program(self.folder / "test", (ROOT / "test").read_text(encoding="utf-8"))
        tell = '#!/bin/sh\necho "$(basename "$0") $*" >>"$TOLD"\n'
        program(self.folder / "run", tell)
        program(self.folder / "bin/cmake", tell)
        program(self.folder / "bin/Xvfb", "#!/bin/sh\necho 7 >&3\n")
        program(self.folder / "bin/ctest", tell + 'echo "$CTEST_SAYS"\n')
        program(self.folder / "tests/support/start_postgres", "#!/bin/sh\necho host=nowhere\n")

    def called(self, *arguments, says="1/1 Test  #1: base ...   Passed", ci="true"):
        told = self.folder / "told"
        told.write_text("")
        ended = subprocess.run([self.folder / "test", *arguments], capture_output=True, text=True, timeout=60,
                               env={**os.environ, "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "TOLD": str(told), "CTEST_SAYS": says, "CI": ci})
        lines = told.read_text().splitlines()
        return ended.returncode, [line.split("-j2 ", 1)[1] for line in lines if line.startswith("ctest") and "build/release" in line], lines

    def test_slow_suites_run_only_when_asked_for(self):
        self.assertEqual(self.called()[1], ["-LE long"])
        self.assertEqual(self.called("-L", "http")[1], ["-L http -LE long"])
        self.assertEqual(self.called("-L", "long")[1], ["-L long"])
        self.assertEqual(self.called("-R", "^io$")[1], ["-R ^io$ -LE long"])

    def test_a_part_builds_what_it_needs(self):
        self.assertFalse([line for line in self.called("-L", "long")[2] if "build/dev" in line])
        self.assertTrue([line for line in self.called("-L", "sanitizers")[2] if "build/dev" in line])
        self.assertEqual(self.called("-L", "sanitizers")[1], [])
        self.assertEqual(self.called("-L", "fuzz")[1], [])
        self.assertIn("run --no-install install test", self.called("--no-install", "-L", "core")[2][0])

    def test_fuzz_targets_run_ten_minutes_with_the_slow_suites(self):
        def seconds(*arguments):
            return [line.rsplit("=", 1)[1] for line in self.called(*arguments)[2] if line.startswith("cmake --preset fuzz")]
        self.assertEqual(seconds(), ["60"])
        self.assertEqual(seconds("-L", "fuzz"), ["60"])
        self.assertEqual(seconds("-L", "long"), ["600"])
        self.assertEqual(seconds("-L", "core"), [])
        self.assertEqual(seconds("-R", "^io$"), [])
        self.assertTrue([line for line in self.called("-L", "fuzz")[2] if line.startswith("ctest") and "build/fuzz" in line])

    def test_a_skipped_test_fails_in_ci_only(self):
        skipped = "1/1 Test  #1: store ...***Skipped"
        self.assertEqual(self.called("-L", "core", says=skipped)[0], 1)
        self.assertEqual(self.called("-L", "core", says=skipped, ci="")[0], 0)


class Scripts(unittest.TestCase):
    def test_they_are_programs_that_bash_can_read(self):
        for name in SCRIPTS:
            self.assertTrue(os.access(ROOT / name, os.X_OK), name)
            read = subprocess.run(["bash", "-n", ROOT / name], capture_output=True, text=True)
            self.assertEqual((read.returncode, read.stderr), (0, ""), name)

    def test_they_tell_their_use(self):
        for name, words in (("run", ("--no-install", "--listen", "qgis", "CITY.gpkg")), ("test", ("-L LABEL", "long", "--no-install")), ("plugins/stadtgdi-desktop", ("--plugins",))):
            shown = subprocess.run([ROOT / name, "--help"], capture_output=True, text=True, cwd="/")
            self.assertEqual((shown.returncode, shown.stderr), (0, ""), name)
            for word in words:
                self.assertIn(word, shown.stdout, name)

    def test_run_refuses_wrong_arguments_before_it_installs_or_builds(self):
        for arguments in (("--nonsense",), ("--listen",), ("--listen", "nowhere"), ("--language", "fr"), ("--inhabitants", "0"), ("/no/such.gpkg",), ("/etc/hostname",), ("install", "nonsense")):
            ended = subprocess.run([ROOT / "run", *arguments], capture_output=True, text=True, timeout=60)
            self.assertEqual((ended.returncode, ended.stdout), (1, ""), arguments)
            self.assertTrue(ended.stderr, arguments)

    def test_no_file_names_a_host_of_packages(self):
        for name in SCRIPTS:
            self.assertNotRegex((ROOT / name).read_text(encoding="utf-8"), r"deb\.debian\.org|registry\.|archive\.|pypi", name)


if __name__ == "__main__":
    unittest.main()
