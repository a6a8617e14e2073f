# SPDX-License-Identifier: GPL-2.0-or-later
"""Analyses of trees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from . import _stadtgdi
from .operations import ArrowStream, Result, run


def canopy_cover(trees: ArrowStream, zones: ArrowStream, *, left_out: ArrowStream | None = None, only_within: ArrowStream | None = None,
                 crown_field: str | None = "crown_diam_m", missing: Literal["exclude", "estimate"] = "exclude",
                 reference_year: int | None = None, genus_field: str | None = "genus", planting_year_field: str | None = "planting_year",
                 status_field: str | None = "status", max_crown_m: float = 40.0, outputs: Sequence[str] = (), threads: int = 0) -> Result:
    """The exact area under tree crowns in each zone; where crowns overlap the ground counts once.

    Source: area of a union of discs by Green's theorem along arcs, no polygons in place of circles.

    Args:
        trees: Table of points in a projected CRS (metres).
        zones: Table of polygons (districts, blocks, cells) in a projected CRS; brought into that of the trees.
        left_out: Table of polygons (water, buildings) that do not count: shares refer to the zones without them.
        only_within: Table of polygons (public land) that alone count: shares refer to the zones within them.
        crown_field: field with the crown diameter in m.
        missing: "exclude" leaves trees without diameter out and counts them; "estimate" sets a + b ln(age + 1) by genus,
            else the median of the genus, and counts those.
        reference_year: age = reference_year - year of planting; needed to estimate.
        genus_field, planting_year_field: used to estimate.
        status_field: only rows with "standing" or an empty value take part.
        max_crown_m: wider crowns become findings and count as missing.
        outputs: "crowns" adds the trees with the crown that was used; "canopy" the crowns joined to patches, with area_m2 as
            drawn (64 corners to a circle).
        threads: 0: all cores.

    Default field names are used where the layer has them.

    Returns:
        Result with `zones`: the zones' columns and zone_area_m2, reference_m2 (its part that counts), canopy_m2, canopy_share (0 to 1), canopy_percent,
        crown_sum_m2, crown_sum_percent, overlap_m2, overlap_percent, n_crowns, n_trees, n_estimated, n_unknown, known_share,
        zone_repaired.

    Raises:
        InvalidArgument: a CRS in degrees, a missing field, "estimate" without reference_year.

    >>> import stadtgdi
    >>> trees = stadtgdi.Table.from_arrays({"crown_diam_m": [10.0, 10.0]}, x=[4486517, 4486523], y=[3139320, 3139320], crs="EPSG:3035")
    >>> cell = stadtgdi.statgrid.make_grid(cell_size_m=100, layer=trees).cells
    >>> result = stadtgdi.trees.canopy_cover(trees, cell)
    >>> round(float(result.zones["canopy_m2"][0]), 6), round(float(result.zones["overlap_m2"][0]), 6)
    (134.714872, 22.364761)
    """
    return run("trees.canopy_cover",
               {"trees": trees, "zones": zones, "left_out": left_out, "only_within": only_within,
                "crown_field": _known(trees, crown_field, "crown_diam_m"), "missing": missing, "reference_year": reference_year,
                "genus_field": _known(trees, genus_field, "genus"), "planting_year_field": _known(trees, planting_year_field, "planting_year"),
                "status_field": _known(trees, status_field, "status"), "max_crown_m": max_crown_m}, outputs=outputs, threads=threads)


def diversity(trees: ArrowStream, *, taxon_field: str | None = "taxon_text", genus_field: str | None = "genus", status_field: str | None = "status",
              zones: ArrowStream | None = None, zone_field: str | None = None, level: Literal["species", "genus", "family"] = "species",
              species_limit_percent: float = 10.0, genus_limit_percent: float = 20.0, family_limit_percent: float = 30.0,
              min_trees: int = 30, weight: Literal["none", "crown_area", "basal_area"] = "none", crown_field: str | None = "crown_diam_m",
              trunk_field: str | None = "trunk_circ_cm", outputs: Sequence[str] = (), threads: int = 0) -> Result:
    """Diversity of species, genera and families, with Santamour's 10-20-30 rule.

    Source: Shannon 1948, Simpson 1949, Santamour 1990; genera and families from the shipped taxon table.

    Args:
        trees: Table of points.
        taxon_field: field with the botanical name ("Tilia cordata 'Greenspire'").
        genus_field: used where the name tells no known genus.
        status_field: only rows with "standing" or an empty value take part.
        zones: Table of polygons: one result each.
        zone_field: field of the trees that names their zone, instead of zones.
        level: "species", "genus" or "family": of the indices.
        species_limit_percent, genus_limit_percent, family_limit_percent: may be met exactly.
        min_trees: fewer known trees set `too_few`.
        weight: "crown_area" or "basal_area" adds the indices of the shares of these areas; large trees count more.
        crown_field, trunk_field: crown diameter in m, trunk circumference in cm; used by weight.
        outputs: ("surplus",) adds the taxa above their limit.
        threads: 0: all cores.

    Default field names are used where the layer has them.

    Returns:
        Result with `zones`: zone, n_trees, n_known, n_taxa, shannon_h (natural logarithm), shannon_h2, effective_taxa, evenness_j
        (null for one taxon), simpson_d, simpson_1_d, simpson_inv_d, simpson_lambda (null for N < 2), too_few, and for
        each level top_*, top_*_percent, *_within_limit, *_surplus, *_unknown_share; within_limits. With a weight: weight_m2, weight_known_share,
        weighted_shannon_h, weighted_effective_taxa, weighted_evenness_j, weighted_simpson_1_d, top_weighted, top_weighted_percent.

    Raises:
        InvalidArgument: no field with names, zones and zone_field both.

    >>> import stadtgdi
    >>> names = ["Acer platanoides"] * 40 + ["Acer pseudoplatanus"] * 20 + ["Tilia cordata"] * 30 + ["Quercus robur"] * 10
    >>> trees = stadtgdi.Table.from_arrays({"taxon_text": names}, x=[0.0] * 100, y=[0.0] * 100, crs="EPSG:25833")
    >>> zones = stadtgdi.trees.diversity(trees).zones
    >>> round(float(zones["shannon_h"][0]), 6), round(float(zones["simpson_lambda"][0]), 6), zones["top_family"][0]
    (1.279854, 0.292929, 'Sapindaceae')
    """
    return run("trees.diversity",
               {"trees": trees, "taxon_field": _known(trees, taxon_field, "taxon_text"), "genus_field": _known(trees, genus_field, "genus"),
                "status_field": _known(trees, status_field, "status"), "zones": zones, "zone_field": zone_field, "level": level,
                "species_limit_percent": species_limit_percent, "genus_limit_percent": genus_limit_percent, "family_limit_percent": family_limit_percent,
                "min_trees": min_trees, "weight": weight, "crown_field": _known(trees, crown_field, "crown_diam_m"),
                "trunk_field": _known(trees, trunk_field, "trunk_circ_cm")}, outputs=outputs, threads=threads)


def parse_taxon(name: str) -> dict[str, str | bool]:
    """Takes a botanical name apart; synonyms are replaced.

    Args:
        name: as registers write it: "Tilia cordata 'Greenspire'", "Platanus x acerifolia", "Tilia species".

    Returns:
        dict with genus, species, infraspecific, cultivar, family (unknown parts are empty) and hybrid (True or False).

    >>> import stadtgdi
    >>> stadtgdi.trees.parse_taxon("Platanus x acerifolia 'Tremonia'")["species"]
    'Platanus x hispanica'
    >>> stadtgdi.trees.parse_taxon("Tilia species")["family"]
    'Malvaceae'
    """
    return _stadtgdi.parse_taxon(name)


def _known(trees, field, default):
    """A default field that the layer lacks counts as not given; the core then says what it needs."""
    return None if field == default and hasattr(trees, "columns") and field not in list(trees.columns) else field
