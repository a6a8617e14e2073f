# SPDX-License-Identifier: GPL-2.0-or-later
"""What must hold of every refusal: nothing is told of the inside of the service."""
import html
import re
import unittest

# What no answer may tell: places of files, statements, the inside of the program, the environment, versions of libraries.
TOLD = re.compile(r"/(etc|tmp|home|root|usr|var|proc|dev)/|\.gpkg|\.qgz|\.[ch]pp\b|root:x:|SELECT |FROM \"|WHERE |sqlite|SQLite|postgres|PostgreSQL|libpq|psycopg|"
                  r"GDAL|GEOS|PROJ |QGIS \d|Qt \d|pugixml|nlohmann|parse_error|terminate|std::|what\(\)|exception\.\d|Traceback|0x[0-9a-f]{8}|LC_ALL|LD_LIBRARY|STADTGDI_")


class Discreet(unittest.TestCase):
    def expect_nothing_told(self, answer, sent=""):
        """Neither the inside of the service nor more than the client's own words; a type that fits and is not guessed."""
        self.assertEqual(answer.headers.get("x-content-type-options"), "nosniff")
        self.assertRegex(answer.headers.get("content-type", ""), r"^(text/(xml|plain|html)|application/(problem\+json|vnd\.ogc\.se_xml)); charset=utf-8$|^application/problem\+json$")
        self.assertNotIn("root:x:", answer.text)
        for found in TOLD.finditer(html.unescape(answer.text)):
            self.assertIn(found.group(), sent, answer.text[:500])
