# SPDX-License-Identifier: GPL-2.0-or-later
"""Starts the command and its service for tests; knows nothing of their inside."""
import http.client
import os
import signal
import socket
import subprocess
import tempfile
import time

COMMAND = os.environ["STADTGDI"]
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}


def stadtgdi(*arguments, **options):
    """Runs the command to its end."""
    return subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=300, env={**ENVIRONMENT, **options})


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def eventually(condition, seconds=60):
    """Waits until the condition holds; its last value."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    return condition()


class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = body

    @property
    def text(self):
        return self.body.decode("utf-8")


class Service:
    """`stadtgdi serve`, ended by stop()."""

    def __init__(self, *arguments, environment=None, **options):
        """The options are those of Popen."""
        self.port = free_port()
        self.log = tempfile.TemporaryFile("w+", encoding="utf-8")   # not a pipe: nobody reads it while the service runs
        self.process = subprocess.Popen([COMMAND, "serve", *map(str, arguments), "--listen", f"127.0.0.1:{self.port}"], stderr=self.log,
                                        env={**ENVIRONMENT, **(environment or {})}, **options)

    def get(self, target, headers=None, method="GET", body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, target, body, headers or {})
            response = connection.getresponse()
            return Answer(response, response.read())
        finally:
            connection.close()

    def is_ready(self):
        try:
            return self.get("/readyz").status == 200
        except OSError:
            return False

    def wait_until_ready(self):
        if not eventually(lambda: self.is_ready() or self.process.poll() is not None) or self.process.poll() is not None:
            raise AssertionError("not ready: " + self.stop())
        return self

    def logged(self):
        """What was written to stderr so far. A line is written after its answer was sent."""
        with open(f"/proc/self/fd/{self.log.fileno()}", encoding="utf-8") as log:
            return log.read()

    def worker(self):
        """Process id of the worker."""
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as children:
            return int(children.read().split()[0])

    def stop(self, number=signal.SIGINT):
        """What was written to stderr."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        if self.log.closed:
            return ""
        self.log.seek(0)
        with self.log:
            return self.log.read()
