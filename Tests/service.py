"""A running Thuispunt in a folder of its own, for the checks that look at it from outside: builds it, makes a database
with the demo region, starts and stops it, and reads from /proc what it uses. Knows nothing of what is measured or
attacked."""
import contextlib
import http.client
import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
# Less than this is the noise of any machine.
QUIET_CORES = 0.15
TICKS = os.sysconf("SC_CLK_TCK")
# As Ctrl-C does: whoever is ended takes the servers it started and its folder along.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


class Failure(Exception):
    """Something that must hold did not."""


def shell(function):
    """Runs a function of deploy/prepare.sh, and gives what it prints."""
    script = 'set -euo pipefail; source "$1"; %s' % function
    return subprocess.run(["bash", "-c", script, "bash", str(REPOSITORY / "deploy/prepare.sh")], cwd=REPOSITORY,
                          check=True, stdout=subprocess.PIPE, text=True).stdout


def build():
    """Builds the release executable; gives its path."""
    shell("need_swift; need_sqlite; build --configuration release --product thuispunt >&2")
    return pathlib.Path(shell("need_swift; swift build --configuration release --show-bin-path").strip()) / "thuispunt"


def provide(tool, package):
    """True when a tool can be called, after installing its Debian package if need be."""
    if not shutil.which(tool):
        with contextlib.suppress(subprocess.CalledProcessError):
            shell("install_packages %s" % package)
    return shutil.which(tool) is not None


def raise_descriptor_limit():
    """Lets this process open as many files as the system allows it."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


@contextlib.contextmanager
def scratch():
    """A folder that is gone afterwards."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="thuispunt-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port():
    """A port of 127.0.0.1 that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(is_true, what, seconds=20):
    """Waits for a condition; a `Failure` when it does not come."""
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            raise Failure("%s did not happen within %d s" % (what, seconds))
        time.sleep(0.02)


def busy_seconds():
    """CPU seconds of the whole machine, idle and waiting aside."""
    fields = [int(word) for word in pathlib.Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS


def wait_for_quiet(patience):
    """Waits until the machine does little else, but not for ever."""
    for _ in range(patience):
        before = busy_seconds()
        time.sleep(1)
        if busy_seconds() - before < QUIET_CORES:
            return


class Reply:
    """An answer: status, fields by lower-case name, body."""

    def __init__(self, response):
        self.status, self.body = response.status, response.read()
        self.fields = {name.lower(): value for name, value in response.getheaders()}

    def json(self):
        return json.loads(self.body)


def call(port, method, target, body=None, fields=None, *, host="127.0.0.1", source=None, timeout=20):
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection(host, port, timeout=timeout, source_address=source)
    try:
        connection.request(method, target, body, fields or {})
        return Reply(connection.getresponse())
    finally:
        connection.close()


class Process:
    """A server process with its children, in a session of its own so that all of them can be ended."""

    def __init__(self, command, log, **options):
        self.log_path = log
        with open(log, "ab") as output:
            self.process = subprocess.Popen([str(word) for word in command], stdout=output, stderr=subprocess.STDOUT,
                                            start_new_session=True, **options)

    @property
    def pid(self):
        return self.process.pid

    def is_running(self):
        return self.process.poll() is None

    def log(self):
        return pathlib.Path(self.log_path).read_text(errors="replace")

    def stop(self, how=signal.SIGTERM):
        """Ends it, and waits; gives the exit code."""
        for number in (how, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                return self.process.wait(20)
        raise Failure("process %d can not be ended" % self.pid)

    def _tree(self):
        children = {}
        for name in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                fields = pathlib.Path("/proc", name, "stat").read_text().rsplit(")", 1)[1].split()
                children.setdefault(int(fields[1]), []).append(int(name))
        found = [self.pid]
        for pid in found:
            found += children.get(pid, [])
        return found

    def cpu_seconds(self):
        """User and system time of the process and its children."""
        total = 0
        for pid in self._tree():
            with contextlib.suppress(OSError):
                fields = pathlib.Path("/proc", str(pid), "stat").read_text().rsplit(")", 1)[1].split()
                total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def memory_mib(self, line="VmRSS"):
        """A line of /proc/PID/status, summed over the children: VmRSS is now, VmHWM the peak."""
        total = 0
        for pid in self._tree():
            with contextlib.suppress(OSError):
                for text in pathlib.Path("/proc", str(pid), "status").read_text().splitlines():
                    if text.startswith(line + ":"):
                        total += int(text.split()[1])
        return total / 1024

    def descriptors(self):
        """How many files and sockets the process has open."""
        return len(os.listdir("/proc/%d/fd" % self.pid))


class Service(Process):
    """`thuispunt serve` on a free port of 127.0.0.1, with its access log in a file. Callers are not limited unless
    `limits` says so; `under` is a command that starts it."""

    def __init__(self, binary, database, *arguments, port=None, unix=None, limits=("--rate-limits", "off"), under=()):
        self.port = port or free_port()
        listen = "127.0.0.1:%d" % self.port + (",unix:%s" % unix if unix else "")
        super().__init__([*under, binary, "serve", "--database", database, "--listen", listen, *limits, *arguments],
                         pathlib.Path(database).parent / "serve.log")
        wait_until(lambda: self._answers() or not self.is_running(), "the start of the service")
        if not self.is_running():
            raise Failure("the service did not start: " + self.log()[-2000:])

    def _answers(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            return call(self.port, "GET", "/healthz", timeout=5).status == 200
        return False

    def call(self, method, target, token=None, body=None, **fields):
        """One request; a body that is no bytes goes as JSON. Underscores in names of fields stand for dashes."""
        fields = {name.replace("_", "-"): value for name, value in fields.items()}
        if token:
            fields["Authorization"] = "Bearer " + token
        if body is not None:
            fields.setdefault("Content-Type", "application/json")
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        return call(self.port, method, target, body, fields)


class Region:
    """A database with the demo region, and the tokens of those who work in it."""

    def __init__(self, binary, folder, referrals=60):
        self.binary, self.database = binary, pathlib.Path(folder) / "thuispunt.db"
        self.run("migrate", "up")
        self.tokens = {name.removesuffix("_TOKEN").lower(): value for name, value in self.run(
            "demo", "load", "--referrals", referrals, "--json")["values"].items()}

    def run(self, *words):
        """A command of the service on this database; what it says as JSON, if it says so."""
        done = subprocess.run([str(word) for word in (self.binary, *words, "--database", self.database)], check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        return json.loads(done.stdout) if "--json" in words else done.stdout.strip()


def referral(reference, **changes):
    """A referral as a care provider posts it; the person is made up, and has no citizen service number."""
    return {
        "opening": {"missedSignals": "The rent was late for a year, and nobody came by to ask why that was.",
                    "neededTwoYearsAgo": "Somebody to open the mail with, and who calls back."},
        "route": "shelter_exit", "municipality": "GM0153",
        "person": {"givenName": "Robin", "infix": "van der", "familyName": "Meer", "birthDate": "1990-02-17",
                   "phone": "+31612345678"},
        "screening": {"legalResidence": True, "acuteDanger": False, "lasting24hSupervision": False,
                      "ownStrengthSuffices": False, "homelessTonight": False},
        "wishes": [{"form": "independent_ambulatory", "municipalities": ["GM0153", "GM0164"],
                    "note": "Close to my sister."}],
        "supportNeeds": ["money", "day_structure"], "consents": ["intake", "matching", "share_with_landlord"],
        "externalReference": reference, **changes,
    }


def table(head, rows):
    """Rows as a Markdown table."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1)] + [[str(cell) for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
