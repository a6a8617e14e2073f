# SPDX-License-Identifier: GPL-2.0-or-later
"""How soon a server is ready, its memory, also while ours reads everything anew, many mixed requests, and the capacity that INSPIRE asks for."""
import concurrent.futures
import pathlib
import random
import signal
import statistics
import threading
import time

import features
import measure
import pictures
from measure import ask, memory_mb

WMS = pictures.WMS


def cold():
    """The system forgets files that it has read, where one may tell it to; those on a RAM disk stay."""
    try:
        pathlib.Path("/proc/sys/vm/drop_caches").write_text("3")
    except OSError:
        print("The caches of the system were not emptied.")


class Peak:
    """The most memory that a server has while this runs."""

    def __init__(self, servers, who):
        self.most, self.done = 0, threading.Event()

        def look():
            while not self.done.is_set():
                self.most = max(self.most, memory_mb(servers.now(who)))
                self.done.wait(0.05)
        self.thread = threading.Thread(target=look)
        self.thread.start()

    def end(self):
        self.done.set()
        self.thread.join()
        return self.most


def everyone(who, path, clients):
    """Asks each worker of a server at the same time; gives the answers."""
    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        return list(pool.map(lambda _: ask(who, path), range(clients)))


def first_map(who, path):
    """Asks until a map is there."""
    while True:
        try:
            status, body, _ = measure.get(who, path)
            if status == 200 and body.startswith(b"\x89PNG"):
                return body
        except OSError:
            pass
        time.sleep(0.01)


def start(servers, who, workers):
    """With the system's caches empty; gives the time at which it began."""
    servers.stop_all()
    cold()
    begin = time.perf_counter()
    if who == "direct":
        servers.start_ours(wait=False)
    else:
        servers.start_peer(who, workers)
    return begin


def start_again(servers):
    servers.stop_all()
    servers.start_ours()
    for name in ("qgis", "mapserver"):
        servers.start_peer(name, 2)


def ready(servers, box, repeat):
    """From the start of the process to its first map, which is compared with a later one, and memory then."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    window = pictures.map_query(servers.layer, (x - 2000, y - 2000, x + 2000, y + 2000), 512, 512)
    print("\n| server | first map s | from, to | memory MB then |\n|---|---:|---:|---:|")
    for name, who in (("StadtGDI", "direct"), ("QGIS Server, 1 worker", "qgis")):
        seconds, then, same = [], [], True
        for _ in range(2 * repeat + 1):
            begin = start(servers, who, 1)
            picture = first_map(who, servers.ows[who] + window)
            seconds.append(time.perf_counter() - begin)
            then.append(memory_mb(servers.now(who)))
            time.sleep(2)
            same = same and picture == ask(who, servers.ows[who] + window)
        print(f"| {name}{'' if same else ' (a later map is another)'} | {statistics.median(seconds):.2f} | {min(seconds):.2f}, {max(seconds):.2f} | {statistics.median(then):.0f} |", flush=True)
    start_again(servers)


def memory(servers, box):
    """Of ours with its parent and of two workers of QGIS Server, after the whole layer as map, GeoJSON and GML, asked for twice at the same time."""
    rows = features.requests(servers)
    print("\n| server | memory MB after map, GeoJSON and GML of the whole layer | most meanwhile |\n|---|---:|---:|")
    for name, who, workers in (("StadtGDI", "direct", 1), ("QGIS Server, 2 workers", "qgis", 2)):
        start(servers, who, workers)
        first_map(who, servers.ows[who] + pictures.map_query(servers.layer, box, 80, 100))
        peak = Peak(servers, who)
        for path in (servers.ows[who] + pictures.map_query(servers.layer, box, 800, 1000), rows["GeoJSON"][who], rows["GML"][who]):
            everyone(who, path, 2)
        most = peak.end()
        print(f"| {name} | {memory_mb(servers.now(who)):.0f} | {most:.0f} |", flush=True)
    start_again(servers)


def worker_of(servers):
    return set(servers.now("direct")[1:])


def reload(servers, box):
    """Memory of ours, the parent included, while a new worker takes over and two clients go on asking for the whole layer."""
    queries = [servers.ows["direct"] + pictures.map_query(servers.layer, box, 800, 1000), features.requests(servers)["GeoJSON"]["direct"] + "&COUNT=10000"]
    for path in queries + [features.requests(servers)["GeoJSON"]["direct"]]:
        ask("direct", path)
    before, old, stop = memory_mb(servers.now("direct")), worker_of(servers), threading.Event()
    answers, failed = [], []

    def client():
        while not stop.is_set():
            for path in queries:
                try:
                    status, _, took = measure.get("direct", path)
                    answers.append(took)
                    if status != 200:
                        failed.append(status)
                except OSError as error:
                    failed.append(error)
    clients = [threading.Thread(target=client) for _ in range(2)]
    for thread in clients:
        thread.start()
    peak, begin = Peak(servers, "direct"), time.perf_counter()
    servers.ours.send_signal(signal.SIGHUP)
    while old & worker_of(servers) and time.perf_counter() - begin < 120:
        time.sleep(0.05)
    took = time.perf_counter() - begin
    time.sleep(5)
    stop.set()
    for thread in clients:
        thread.join()
    ask("direct", features.requests(servers)["GeoJSON"]["direct"])
    most, after = peak.end(), memory_mb(servers.now("direct"))
    print(f"\nReload: {before:.0f} MB before, {most:.0f} MB at most, {after:.0f} MB after; the old worker had gone after {took:.1f} s ({'a new' if worker_of(servers) - old else 'no new'} worker); "
          f"{len(answers)} answers meanwhile, {len(failed)} failed {failed[:2]}, the slowest took {max(answers):.2f} s", flush=True)


def mixed(servers, box, count):
    """Requests of every kind by eight clients; what the processes hold after each thousand."""
    ows, root, rng, layer = servers.ows["direct"], servers.ows["direct"].removesuffix("ows?") + "ogcapi/", random.Random(3), servers.layer
    places = features.points_of(servers.city, layer, 200, rng)
    rows = features.requests(servers)

    def map_of(layer, side):
        return ows + pictures.map_query(layer, pictures.window(box, side, rng), 512, 512)

    def at(x, y):
        return ows + pictures.map_query(layer, (x - 200, y - 200, x + 200, y + 200), 512, 512).replace("GetMap", "GetFeatureInfo") + f"&QUERY_LAYERS={layer}&I=256&J=256&INFO_FORMAT=application/json"

    def few(language):
        x, y = rng.choice(places)
        return rows[language]["direct"] + features.box_filter((x - 250, y - 250, x + 250, y + 250))["direct"]
    kinds = [(20, lambda: map_of(layer, rng.choice((500, 1000, 4000)))), (10, lambda: map_of("buildings_building", rng.choice((500, 1000)))),
             (8, lambda: map_of("city", rng.choice((300, 1000)))), (5, lambda: map_of("districts_district", 4000)), (20, lambda: at(*rng.choice(places))),
             (8, lambda: few("GeoJSON")), (7, lambda: few("GML")), (3, lambda: f"{ows}{WMS}GetCapabilities"), (2, lambda: f"{ows}SERVICE=WFS&REQUEST=GetCapabilities"),
             (5, lambda: f"{ows}{WMS}GetLegendGraphic&LAYER={layer}&FORMAT=image/png&DPI={rng.randint(70, 300)}"), (5, lambda: f"{root}collections/{layer}/items?limit=100&offset={rng.randrange(20000)}"),
             (4, lambda: f"{root}collections/{layer}"), (3, lambda: f"{ows}{WMS}GetMap&LAYERS=no_such_layer")]
    paths = rng.choices([make for _, make in kinds], [weight for weight, _ in kinds], k=count)
    print(f"\n{count:,} requests, 8 clients\n\n| after requests | resident MB | open files | threads |\n|---:|---:|---:|---:|")
    seen, begin, refused = {}, time.perf_counter(), 0
    for done in range(0, count, 1000):
        got = measure.run(servers, "direct", [make() for make in paths[done:done + 1000]], 8)
        wrong = [path for path in got["failed"] if "no_such_layer" not in path]
        refused += len(got["failed"]) - len(wrong)
        if wrong:
            print(f"{len(wrong)} failed: {wrong[0]}")
        time.sleep(1)
        pids = servers.now("direct")
        seen[done + 1000] = (measure.of_each(pids, "status", measure.line_of("VmRSS")) / 1024, sum(len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir())) for pid in pids),
                             measure.of_each(pids, "status", measure.line_of("Threads")))
        print(f"| {done + 1000:,} | {seen[done + 1000][0]:.1f} | {seen[done + 1000][1]} | {seen[done + 1000][2]} |", flush=True)
    first = seen[min(2000, max(seen))][0]
    print(f"\nIn {time.perf_counter() - begin:.0f} s; {refused} were wrong on purpose and refused. From request 2,000 on memory grew by {(seen[max(seen)][0] / first - 1) * 100:.1f} %", flush=True)


def capacity(servers, box, service, seconds):
    """20 requests a second on time, each on a connection of its own, whatever the answers take; in the middle all is read anew."""
    ows, rng = servers.ows["direct"], random.Random(9)
    places = features.points_of(servers.city, servers.layer, 200, rng)
    rows = features.requests(servers)

    def objects():
        x, y = rng.choice(places)
        return rows[rng.choice(("GML", "GeoJSON"))]["direct"] + features.box_filter((x - 500, y - 500, x + 500, y + 500))["direct"]
    # name, how many of 20, what is allowed in seconds, path
    view = [("GetMap 800x600, one layer", 18, 5, lambda: ows + pictures.map_query(rng.choice((servers.layer, "buildings_building", "districts_district", "greenspace_site")),
             (lambda b: (b[0], b[1], b[2], b[1] + (b[2] - b[0]) * 0.75))(pictures.window(box, rng.uniform(500, 8000), rng)), 800, 600)),
            ("WMS GetCapabilities", 2, 5, lambda: f"{ows}{WMS}GetCapabilities")]
    download = [("GetFeature by BBOX of 1 km", 14, 30, objects), ("DescribeFeatureType", 3, 10, lambda: f"{ows}SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&TYPENAMES={servers.layer}"),
                ("WFS GetCapabilities", 3, 10, lambda: f"{ows}SERVICE=WFS&VERSION=2.0.0&REQUEST=GetCapabilities")]
    print("\n| service | request | requests | failed | p50 ms | p90 ms | p99 ms | slowest ms | a tenth of what is allowed, ms |\n|---|---|---:|---:|---:|---:|---:|---:|---:|")
    kinds = view if service == "view" else download
    plan = []
    for second in range(seconds):
        several = [kind for kind in kinds for _ in range(kind[1])]
        rng.shuffle(several)
        plan += [(second + i / 20, name, path()) for i, (name, _, _, path) in enumerate(several)]
    answers = {name: [] for name, *_ in kinds}
    failed = {name: 0 for name, *_ in kinds}
    old, begin = worker_of(servers), time.perf_counter()

    def one(due, name, path):
        try:
            status, body, _ = measure.get("direct", path)
            if status != 200 or b"ExceptionReport" in body[:500]:
                failed[name] += 1
        except OSError:
            failed[name] += 1
        answers[name].append(time.perf_counter() - begin - due)
    reloaded = False
    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        for due, name, path in plan:
            time.sleep(max(0, begin + due - time.perf_counter()))
            if not reloaded and due >= seconds / 2:
                servers.ours.send_signal(signal.SIGHUP)
                reloaded = True
            pool.submit(one, due, name, path)
    for name, _, allowed, _ in kinds:
        times = sorted(answers[name])
        at = lambda share: times[min(int(len(times) * share), len(times) - 1)] * 1000
        print(f"| {service} | {name} | {len(times)} | {failed[name]} | {at(.5):.1f} | {at(.9):.1f} | {at(.99):.1f} | {at(1):.1f} | {allowed * 100} |", flush=True)
    print(f"\n{'A new' if worker_of(servers).isdisjoint(old) else 'No new'} worker took over in the middle.", flush=True)
