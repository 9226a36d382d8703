# SPDX-License-Identifier: GPL-2.0-or-later
"""world - shims without containerd, with a runtime that does what it is told: for tests."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from ttrpc import Client, Failure, Listener, any_of, message, parse, text

HERE = os.path.dirname(os.path.abspath(__file__))
SHIM = os.environ.get("SHIM", HERE + "/../../build/containerd-shim-tare-v2")
RUNTIME = HERE + "/fake-runtime"
RUNC = "containerd.runc.v1.Options"
STOPPED, RUNNING, CREATED = 3, 2, 1
PROCESS = any_of("types.containerd.io/opencontainers/runtime-spec/1/Process",
                 b'{"args":["true"],"cwd":"/"}')


def tmpfs_has_ids():
    major, minor = os.uname().release.split(".")[:2]
    return os.path.isdir("/run/shim") and (int(major), int(minor.split("-")[0])) >= (6, 3)


class World:
    """A folder with bundles, a socket for events, and the shims that were started."""

    def __init__(self, listen=True):
        # Files of few file systems can have other ids.
        self.folder = tempfile.mkdtemp(prefix="shim-", dir="/run/shim" if tmpfs_has_ids() else "/tmp")
        self.address = self.folder + "/c.sock"
        self.shim = SHIM
        self.events = Listener(self.address + ".ttrpc")
        if listen:
            self.events.start()

    def bundle(self, name, moment="", annotations=None, namespaces=("pid",)):
        path = f"{self.folder}/{name}"
        os.makedirs(path + "/rootfs")
        spec = {"ociVersion": "1.0.2", "annotations": annotations or {},
                "linux": {"namespaces": [{"type": kind} for kind in namespaces]}}
        with open(path + "/config.json", "w") as file:
            json.dump(spec, file)
        with open(path + "/moment", "w") as file:
            file.write(moment)
        os.mkfifo(path + "/log")
        return path

    def helper(self, name, *action, stdin=b"", env=None, check=True):
        args = [self.shim, "-namespace", "ns", "-address", self.address, "-id", name,
                "-publish-binary", "/bin/false", *action]
        where = f"{self.folder}/{name}"
        done = subprocess.run(args, input=stdin, cwd=where if os.path.isdir(where) else "/",
                              capture_output=True, timeout=20,
                              env={**os.environ, **(env or {})})
        if check and done.returncode:
            raise AssertionError(done.stderr.decode())
        return done

    def start(self, name):
        reply = self.helper(name, "start", stdin=self.params(name)).stdout
        return text(parse(reply), 2).replace("unix://", "")

    def params(self, name):
        return message(_1=name, _2="ns", _9=self.folder + "/s",
                       _5=self.address + ".ttrpc")

    def remove(self):
        shutil.rmtree(self.folder)


def options(value=None):
    return any_of(RUNC, value if value is not None else message(_6=RUNTIME))


def create(client, world, name, value=None, mounts=()):
    return client.call("Create", message(_1=name, _2=f"{world.folder}/{name}",
                                         _3=[message(_1=kind, _2=source, _3=target, _4=words)
                                             for kind, source, target, words in mounts],
                                         _10=value or options()))


class Skip(Exception):
    """This machine has not what the test needs."""


def equal(got, wanted):
    if got != wanted:
        raise AssertionError(f"{got!r} is not {wanted!r}")


def refused(code, part, function, *arguments, **named):
    try:
        function(*arguments, **named)
    except Failure as failure:
        equal(failure.code, code)
        if part not in failure.text:
            raise AssertionError(f"{failure.text!r} does not say {part!r}") from None
        return
    raise AssertionError(f"not refused: {part}")


def gone(path):
    for _ in range(200):
        if not os.path.exists(path):
            return
        time.sleep(0.05)
    raise AssertionError(f"{path} is still there")


def end(world, who, name="c"):
    open(f"{world.folder}/{name}/end-{who}", "w").close()


def one(world, moment="", version=2):
    world.bundle("c", moment)
    path = world.start("c")
    return path, Client(path, version)


def finish(client, path, name="c"):
    answer = client.call("Delete", message(_1=name))
    client.call("Shutdown", message(_1=name))
    gone(path)
    return answer


def main(tests, unheard=()):
    """Each of TESTS (name, function) in a world of its own; those in UNHEARD begin without a
    listener for events. A word on the command line chooses."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    tests = [test for test in tests if wanted in test[0]]
    failures = 0
    print(f"1..{len(tests)}")
    for number, (name, test) in enumerate(tests, 1):
        world = World(listen=test not in unheard)
        try:
            test(world)
            print(f"ok {number} {name}", flush=True)
        except Skip as reason:
            print(f"ok {number} {name} # SKIP {reason}", flush=True)
        except Exception as problem:  # whatever it is, it is this test's failure
            failures += 1
            print(f"not ok {number} {name}\n# {type(problem).__name__}: {problem}", flush=True)
        world.remove()
    return 1 if failures else 0

