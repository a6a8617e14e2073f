# SPDX-License-Identifier: GPL-2.0-or-later
import os
import signal
import threading

import numpy as np
import pytest

import stadtgdi


def crowded(n):
    random = np.random.default_rng(1)
    return stadtgdi.Table.from_arrays({"crown_diam_m": np.full(n, 20.0)}, x=4486000 + random.random(n) * 2000, y=3139000 + random.random(n) * 2000, crs="EPSG:3035")


def test_ctrl_c_stops_a_kernel():
    trees = crowded(150_000)
    zones = stadtgdi.statgrid.make_grid(cell_size_m=100, layer=trees).cells
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        for _ in range(200):
            stadtgdi.trees.canopy_cover(trees, zones, threads=1)
    small = stadtgdi.statgrid.make_grid(extent=(4486000, 3139000, 4487000, 3140000)).cells
    assert len(small) == 1, "everything works afterwards"


def test_other_threads_run_meanwhile():
    trees = crowded(60_000)
    zones = stadtgdi.statgrid.make_grid(cell_size_m=500, layer=trees).cells
    counted = 0
    done = threading.Event()

    def work():
        stadtgdi.trees.canopy_cover(trees, zones, threads=1)
        done.set()

    worker = threading.Thread(target=work)
    worker.start()
    while not done.is_set():
        counted += 1
        done.wait(0.001)
    worker.join()
    assert counted > 5
