# SPDX-License-Identifier: GPL-2.0-or-later
"""Takes the examples out of a document and runs them as they are written. Only the port of the service is another one, and `./run ...`
and `./test`, which install and build, are left out."""
import os
import pathlib
import re
import signal
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["STADTGDI_BUILD"])
DATA = ROOT.parent / "shared/data"
LEFT_OUT = re.compile(r"^\./(run|test)\b")


def blocks(path, *languages):
    """Texts of the document's code blocks of these languages ("" for none given)."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", (ROOT / path).read_text(encoding="utf-8"), re.M | re.S)
    return [text for language, text in found if language in languages]


def commands(path, *languages):
    """Lines of its shell blocks that are run; those that go on (\\) are one."""
    text = "".join(blocks(path, *languages)).replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not LEFT_OUT.match(line)]


class Ran:
    def __init__(self, line, code, out, err):
        self.line, self.code, self.out, self.err = line, code, out, err

    def __repr__(self):
        return f"{self.line!r} ended with {self.code}: {self.err[-1500:]}"


class Shell:
    """One shell in a folder, as a reader has it open: what one line exports, the next one sees. `serve` goes on in the background."""

    def __init__(self, folder, port, environment):
        self.folder, self.port, self.environment = folder, port, environment

    def run(self, lines):
        script = ["set -o pipefail"]
        notes = self.folder / ".ran"
        notes.mkdir(exist_ok=True)
        for i, line in enumerate(lines):
            line = line.replace("127.0.0.1:8080", f"127.0.0.1:{self.port}")
            if re.search(r"\bstadtgdi serve\b", line):
                if "--listen" not in line:
                    line = line.replace("stadtgdi serve", f"stadtgdi serve --listen 127.0.0.1:{self.port}")
                script.append(f"{{ {line}\n}} >{notes}/{i}.out 2>{notes}/{i}.err &\n"
                              f"for _ in $(seq 600); do curl -sf http://127.0.0.1:{self.port}/readyz >/dev/null && break; sleep 0.1; done\n"
                              f"curl -sf http://127.0.0.1:{self.port}/readyz >/dev/null; echo $? >{notes}/{i}.code")
            else:
                script.append(f"{{ {line}\n}} >{notes}/{i}.out 2>{notes}/{i}.err </dev/null; echo $? >{notes}/{i}.code")
        shell = subprocess.Popen(["bash", "-c", "\n".join(script)], cwd=self.folder, env={**os.environ, **self.environment}, start_new_session=True)
        try:
            shell.wait(timeout=540)
        finally:
            try:
                os.killpg(shell.pid, signal.SIGTERM)   # a service that goes on, or what hangs
            except ProcessLookupError:
                pass
            shell.wait()
        read = lambda i, what: (notes / f"{i}.{what}").read_text(encoding="utf-8")
        return [Ran(line, int(read(i, "code")), read(i, "out"), read(i, "err")) for i, line in enumerate(lines)]


def project_folder(folder):
    """A folder that looks as the project's own where the examples look at it, with the data beside it."""
    project = folder / "project"
    (project / "build").mkdir(parents=True)
    (project / "build/release").symlink_to(BUILD)
    (folder / "shared").symlink_to(ROOT.parent / "shared")
    return project
