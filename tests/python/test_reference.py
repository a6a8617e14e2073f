# SPDX-License-Identifier: GPL-2.0-or-later
import os
from pathlib import Path

from stadtgdi import reference

DOCS = Path(os.environ["STADTGDI_SOURCE_DIR"]) / "docs"


def test_pages_of_operations_and_layers_are_current():
    assert reference.stale(DOCS) == [], "run: python3 -m stadtgdi.reference docs"


def test_pages_are_written_and_checked(tmp_path):
    assert reference.main([str(tmp_path), "--check"]) == 1
    assert reference.main([str(tmp_path)]) == 0
    assert reference.main([str(tmp_path), "--check"]) == 0
    page = (tmp_path / "operations/trees.canopy_cover.md").read_text(encoding="utf-8")
    assert "max_crown_m" in page and "Überschirmung" in page
    (tmp_path / "layers/trees_tree.md").write_text("changed")
    assert reference.stale(tmp_path) == ["layers/trees_tree.md"]
