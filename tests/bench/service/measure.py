# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests, their times, and what processes use. One table for everything that the servers do side by side."""
import http.client
import json
import os
import pathlib
import queue
import re
import socket
import statistics
import subprocess
import threading
import time

PORTS = {"direct": 8091, "ours": 8092, "qgis": 8093, "mapserver": 8094}
NAMES = {"direct": "StadtGDI, direct", "ours": "StadtGDI, behind nginx", "qgis": "QGIS Server", "mapserver": "MapServer"}
HEADERS = {"Accept-Encoding": "identity", "X-API-Key": "a key for this run alone"}
HEADER_LINES = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
HEAD = ("\n| {} | clients | requests/s, ours | behind nginx | QGIS Server | MapServer | p50/p95 ms, ours | QGIS Server | MapServer | "
        "CPU ms, ours | QGIS Server | MapServer | kB, ours | QGIS Server | MapServer | ours is faster by |\n|---|" + "---:|" * 15)


def tree(pid):
    out = [pid]
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()
    for child in children:
        out += tree(int(child))
    return out


def of_each(pids, name, read):
    """The sum of what `read` makes of the file of each process that is still there."""
    total = 0
    for pid in pids:
        try:
            total += read(pathlib.Path(f"/proc/{pid}/{name}").read_text())
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total


def cpu_seconds(pids):
    return of_each(pids, "stat", lambda text: sum(map(int, text.rsplit(")", 1)[1].split()[11:13]))) / os.sysconf("SC_CLK_TCK")


def line_of(name):
    return lambda text: next((int(line.split()[1]) for line in text.split("\n") if line.startswith(name + ":")), 0)


def memory_mb(pids):
    """Proportional set size: pages that processes share count once."""
    return of_each(pids, "smaps_rollup", line_of("Pss")) / 1024


class Client:
    """A kept connection that does as little as it can: what a client needs of the processor is missing to the servers."""

    def __init__(self, who):
        self.port, self.socket = PORTS[who], None
        self.buffer = bytearray(1 << 20)
        self.view = memoryview(self.buffer)

    def fetch(self, path, host=None):
        """One GET; gives status and the number of bytes of the body."""
        if not self.socket:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=1200)
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {host or f'127.0.0.1:{self.port}'}\r\n{HEADER_LINES}\r\n".encode())
        have = end = 0
        while not end:
            got = self.socket.recv_into(self.view[have:])
            if not got:
                raise ConnectionError("closed before the answer")
            have += got
            end = self.buffer.find(b"\r\n\r\n", 0, have) + 4 if self.buffer.find(b"\r\n\r\n", 0, have) >= 0 else 0
        head = bytes(self.view[:end]).lower()
        length = re.search(rb"\r\ncontent-length: *(\d+)", head)
        if length:
            left = int(length[1]) - (have - end)
            while left:
                left -= self.socket.recv_into(self.view, min(left, len(self.buffer))) or self.broken()
            size = int(length[1])
        else:
            size = self.chunks(bytes(self.view[end:have])) if b"chunked" in head else self.until_closed(have - end)
        if b"connection: close" in head or not (length or b"chunked" in head):
            self.close()
        return int(head[9:12]), size

    def chunks(self, rest):
        size = 0
        while True:
            while b"\r\n" not in rest:
                rest += self.socket.recv(65536) or self.broken()
            digits, rest = rest.split(b"\r\n", 1)
            left = int(digits.split(b";")[0], 16)
            size += left
            whole = left + 2  # a chunk, or the end, is followed by an empty line
            if len(rest) >= whole:
                rest = rest[whole:]
            else:
                whole -= len(rest)
                rest = b""
                while whole:
                    whole -= self.socket.recv_into(self.view, min(whole, len(self.buffer))) or self.broken()
            if not left:
                return size

    def until_closed(self, size):
        while got := self.socket.recv_into(self.view):
            size += got
        return size

    def broken(self):
        raise ConnectionError("closed within the answer")

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None


def get(who, path):
    """Status, body and seconds, on a connection of its own."""
    begin = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", PORTS[who], timeout=1200)
    try:
        connection.request("GET", path, headers=HEADERS)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    return answer.status, body, time.perf_counter() - begin


def ask(who, path):
    status, body, _ = get(who, path)
    if status != 200:
        raise RuntimeError(f"{NAMES[who]}: {status} {body[:300]} for {path[:300]}")
    return body


def run(servers, who, paths, clients):
    """All paths by so many clients; a path may be a pair with the host to name."""
    times, sizes, failed = [], [], []
    waiting = queue.SimpleQueue()
    for path in paths:
        waiting.put(path)

    def client():
        connection = Client(who)
        while True:
            try:
                path = waiting.get_nowait()
            except queue.Empty:
                connection.close()
                return
            path, host = path if isinstance(path, tuple) else (path, None)
            begin = time.perf_counter()
            status, size = connection.fetch(path, host)
            times.append(time.perf_counter() - begin)
            sizes.append(size)
            if status != 200:
                failed.append(path)

    before, begin = cpu_seconds(servers.now(who)), time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - begin
    return {"bytes": sizes, "times": times, "wall": wall, "cpu": cpu_seconds(servers.now(who)) - before, "failed": failed}


def turns(servers, paths, clients, rounds=2):
    """Paths by server. The servers take turns, so that what else the machine does hits all of them."""
    parts = {who: [] for who in paths}
    for number in range(rounds):
        for who in paths:
            if paths[who][number::rounds]:
                parts[who].append(run(servers, who, paths[who][number::rounds], clients))
    rows = {}
    for who, got in parts.items():
        times = sorted(t for part in got for t in part["times"])
        rows[who] = {"bytes": statistics.mean(size for part in got for size in part["bytes"]), "rps": len(times) / sum(part["wall"] for part in got),
                     "p50": times[len(times) // 2] * 1000, "p95": times[int(len(times) * 0.95)] * 1000, "cpu": sum(part["cpu"] for part in got) / len(times),
                     "failed": [path for part in got for path in part["failed"]]}
    return rows


def by_wrk(servers, paths, clients, rounds=2, seconds=3):
    """As turns(), but by wrk, which needs next to nothing itself, for so many seconds a turn: for requests that take less than those."""
    rows = {}
    for who, own in paths.items():
        listed = servers.folder / f"requests_{who}"
        listed.write_text("".join("\t".join(path if isinstance(path, tuple) else (path,)) + "\n" for path in own))
        rows[who] = {"cpu": 0, "parts": []}
    for _ in range(rounds):
        for who, row in rows.items():
            before = cpu_seconds(servers.now(who))
            got = subprocess.run(["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "60s", "-s", pathlib.Path(__file__).with_name("requests.lua"), f"http://127.0.0.1:{PORTS[who]}",
                                  "--", servers.folder / f"requests_{who}", *(each for header in HEADERS.items() for each in header)], capture_output=True, text=True, check=True)
            row["cpu"] += cpu_seconds(servers.now(who)) - before
            row["parts"].append(json.loads(got.stdout.splitlines()[-1]))
    for who, row in rows.items():
        parts = row.pop("parts")
        count = sum(part["requests"] for part in parts)
        row.update(rps=count / sum(part["wall"] for part in parts), bytes=sum(part["bytes"] for part in parts) / count, cpu=row["cpu"] / count,
                   **{name: statistics.mean(part[name] for part in parts) for name in ("p50", "p95")}, failed=["one of its requests"] * sum(part["failed"] for part in parts))
    return rows


def line(title, clients, rows):
    """One of the table that HEAD begins; the last cell compares requests a second with the better peer."""
    def cells(whose, text):
        return " | ".join(text(rows[who]) if who in rows else "" for who in whose)

    some = ("direct", "qgis", "mapserver")
    failed = "".join(f" ({NAMES[who]}: {len(r['failed'])} failed: {r['failed'][0][:200]})" for who, r in rows.items() if r["failed"])
    better = max((rows[who]["rps"] for who in ("qgis", "mapserver") if who in rows), default=None)
    print(f"| {title}{failed} | {clients} | {cells(('direct', 'ours', 'qgis', 'mapserver'), lambda r: '%.2f' % r['rps'])} | "
          f"{cells(some, lambda r: '%.1f/%.1f' % (r['p50'], r['p95']))} | {cells(some, lambda r: '%.1f' % (r['cpu'] * 1000))} | "
          f"{cells(some, lambda r: '%.0f' % (r['bytes'] / 1000))} | {'%.2f' % (rows['direct']['rps'] / better) if better else ''} |", flush=True)


def side_by_side(servers, title, paths, clients=(1, 8)):
    """Warms every server up, then one line for each number of clients."""
    slowest = max(min(run(servers, who, own[:2], 2)["times"]) for who, own in paths.items())
    for number in clients:
        line(title, number, (by_wrk if slowest < 0.4 else turns)(servers, paths, number))
