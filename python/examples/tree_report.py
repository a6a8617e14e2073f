# SPDX-License-Identifier: GPL-2.0-or-later
"""A short report on the trees of a city.

    python3 tree_report.py leipzig.gpkg 2024

Prints, for each district, the trees, the share of the most common genus, the diversity and the canopy cover; crowns that
were not measured are estimated for the year given.
"""

import sys

import numpy as np
import stadtgdi


def report(path, year):
    city = stadtgdi.open_city(path)
    trees = city.layer("trees_tree", columns=["taxon_text", "genus", "status", "crown_diam_m", "planting_year"])
    districts = city.layer("districts_district", columns=["name", "level"])
    districts = districts.take(districts["level"] == "ortsteil")
    diversity = stadtgdi.trees.diversity(trees, zones=districts).zones
    canopy = stadtgdi.trees.canopy_cover(trees, districts, missing="estimate", reference_year=year).zones

    # Where there is no tree there is no index: masked, here shown as nan.
    shannon, cover = (np.ma.filled(table[name], np.nan) for table, name in ((diversity, "shannon_h"), (canopy, "canopy_percent")))
    lines = [f"{city.name}: {len(trees)} trees, {year}", f"{'district':<28} {'trees':>6} {'top genus':>22} {'H':>5} {'canopy %':>9}"]
    for row in np.argsort(-np.nan_to_num(cover, nan=-1)):
        genus = diversity["top_genus"][row]
        top = f"{genus} {diversity['top_genus_percent'][row]:.0f} %" if genus else "-"
        lines.append(f"{districts['name'][row]:<28} {canopy['n_trees'][row]:>6} {top:>22} {shannon[row]:>5.2f} {cover[row]:>9.2f}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(report(sys.argv[1], int(sys.argv[2])))
