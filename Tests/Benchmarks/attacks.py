#!/usr/bin/env python3
"""What the service bears: slow, idle, babbling, greedy and endless clients, each beside 64 normal ones. Fails when the
service ends, refuses the normal clients, leaks descriptors or memory, goes beyond the memory it may use, or answers an
attacker other than it should. How long the normal clients waited stands in the table and decides nothing, because that
depends on the machine. --short: fewer sockets and seconds, for every run of the tests."""
import argparse
import collections
import json
import os
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import service  # noqa: E402  (the folder above has to be on the path first)
from attackers import Attack, under  # noqa: E402

# All the memory the service may use, whatever is done to it.
MEMORY_LIMIT_MIB = 150
# What a second attack of the same kind may add, to what malloc keeps from the first for the next.
MEMORY_KEPT_MIB = 8
# Descriptors beyond those of before: the prober's own connection, and SQLite's.
DESCRIPTORS_KEPT = 4
NORMAL_CLIENTS = 64
TARGET = "/v1/dwellings?limit=25"


class Kind(collections.namedtuple("Kind", "title once sockets short_sockets pause answers holds")):
    """An attack: `answers` are those an attacker may get, `holds` whether its sockets stay open all the time."""


KINDS = {
    "slowloris": Kind("a byte of a head every few seconds", Attack.crawl, 2000, 200, 0, {"408"}, True),
    "idle": Kind("asks once and stays", Attack.idle, 10000, 1000, 0, {"200"}, True),
    "noise": Kind("random bytes, requests with bytes changed", Attack.babble, 64, 16, 0.01, None, False),
    "slow-readers": Kind("asks for 200 KB again and again, reads nothing", Attack.read_nothing, 64, 32, 0, set(), True),
    "large-heads": Kind("a head of 100 MB", Attack.swell_head, 16, 8, 0.2, {"431"}, False),
    "large-bodies": Kind("a chunked body of 1 GB", Attack.swell_body, 16, 8, 0.2, {"413"}, False),
}
# The service's own faults; what a babbler may deserve is left to the service.
FAULTS = {"500", "502", "504", "no HTTP"}
HEAD = ["attack", "sockets", "p50 ms", "p99 ms", "max ms", "p50 before", "p99 before", "max before", "p99 ratio",
        "MiB before", "peak", "after", "after two", "B each", "descriptors before", "during", "after", "verdict"]


class Normal:
    """The normal clients: wrk if it is there, else one after another without figures."""

    def __init__(self, port, token, seconds):
        self.port, self.token, self.seconds = port, token, seconds

    def figures(self):
        if not service.provide("wrk", "wrk"):
            for _ in range(50):
                reply = service.call(self.port, "GET", TARGET, fields={"Authorization": "Bearer " + self.token})
                if reply.status != 200:
                    raise service.Failure("a normal client was answered %d" % reply.status)
            return None
        done = subprocess.run(
            ["wrk", "-t1", "-c%d" % NORMAL_CLIENTS, "-d%ds" % self.seconds, "--timeout", "20s", "-s",
             str(HERE / "load.lua"), "http://127.0.0.1:%d" % self.port],
            env=os.environ | {"TARGET": TARGET, "TOKEN": self.token}, stdout=subprocess.PIPE, text=True,
            stderr=subprocess.STDOUT, timeout=self.seconds + 60)
        found = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
        figures = json.loads(found[0].removeprefix("RESULT ")) if found else {"requests": 0, "errors": 0}
        if figures["errors"] or not figures["requests"]:
            raise service.Failure("%(errors)d of %(requests)d normal requests failed" % figures)
        return figures


def faults(kind, counts, running, before, after, later, peak):
    """What did not hold, in words."""
    found = []
    if not running.is_running():
        found.append("the service ended")
    answers = {name for name in counts if name.isdigit() or name == "no HTTP"}
    if answers & FAULTS or (kind.answers is not None and not answers <= kind.answers):
        found.append("attackers were answered %s" % ", ".join(sorted(answers)))
    if not kind.holds and not answers:
        found.append("no attacker was answered")
    if peak > MEMORY_LIMIT_MIB:
        found.append("more than %d MiB were used" % MEMORY_LIMIT_MIB)
    if later["memory"] > after["memory"] + MEMORY_KEPT_MIB:
        found.append("a second attack takes more memory")
    if later["descriptors"] > before["descriptors"] + DESCRIPTORS_KEPT:
        found.append("descriptors were not given back")
    return found


def settle(running, descriptors, seconds=30):
    """Waits until no more than so many descriptors are open; gives what the service uses then."""
    deadline = time.monotonic() + seconds
    while running.descriptors() > descriptors and time.monotonic() < deadline:
        time.sleep(0.05)
    return {"memory": running.memory_mib(), "descriptors": running.descriptors()}


def attempt(kind, region, options):
    """One attack on a fresh service; the cells of its row and what did not hold."""
    sockets = kind.short_sockets if options.short else kind.sockets
    service.wait_for_quiet(0 if options.short else options.patience)
    running = service.Service(region.binary, region.database)
    try:
        enough = running.descriptors() + DESCRIPTORS_KEPT
        normal = Normal(running.port, region.tokens["allocator"], options.seconds)
        # The first one warms up.
        calm = [normal.figures() for _ in range(1 if options.short else 2)][1:]
        before = settle(running, enough)
        enough = before["descriptors"] + DESCRIPTORS_KEPT
        with under(kind.once, running.port, region.tokens["referrer"], sockets, options.seed, kind.pause) as counts:
            begun, started = settle(running, 0, 0), time.monotonic()
            attacked = normal.figures()
            while time.monotonic() < started + options.attack_seconds and running.is_running():
                time.sleep(0.1)
            during = settle(running, before["descriptors"] + sockets, 5)
            # Nobody may be refused at the end either.
            ready = service.call(running.port, "GET", "/readyz").status
        settle(running, enough)
        calm += [] if options.short else [normal.figures()]
        after = settle(running, enough)
        with under(kind.once, running.port, region.tokens["referrer"], sockets, options.seed + 1, kind.pause):
            time.sleep(options.seconds)
        later, peak = settle(running, enough), running.memory_mib("VmHWM")
        found = faults(kind, counts, running, before, after, later, peak)
        if kind.holds and during["descriptors"] < before["descriptors"] + 0.9 * sockets:
            found.append("only %d sockets were held" % (during["descriptors"] - before["descriptors"]))
        if ready != 200:
            found.append("/readyz was answered %d" % ready)
    finally:
        code = running.stop()
    if code != 0:
        found.append("the service ended with %d" % code)
    print("  %s" % ", ".join("%s: %d" % item for item in sorted(counts.items())), file=sys.stderr)
    memory = ["%.0f" % mib for mib in (before["memory"], peak, after["memory"], later["memory"])]
    each = "%.0f" % ((begun["memory"] - before["memory"]) * (1 << 20) / sockets) if kind.holds else "–"
    open_files = [state["descriptors"] for state in (before, during, later)]
    return [sockets, *waits(calm, attacked), *memory, each, *open_files], found


def waits(calm, attacked):
    """How long the normal clients waited under the attack, without it, and the ratio of the two p99."""
    names = ("p50", "p99", "max")
    if not calm or not attacked:
        return ["–"] * 7
    quiet = [sum(figures[name] for figures in calm) / len(calm) for name in names]
    return ["%.2f" % wait for wait in [attacked[name] for name in names] + quiet + [attacked["p99"] / quiet[1]]]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default=",".join(KINDS), help="attacks with commas (default: all)")
    parser.add_argument("--short", action="store_true", help="fewer sockets and seconds")
    parser.add_argument("--seconds", type=int, help="length of one measurement of the normal clients (5, short 1)")
    parser.add_argument("--attack-seconds", type=int, help="length of an attack (30, short 2)")
    parser.add_argument("--patience", type=int, default=20, help="seconds to wait for a quiet machine each time (20)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the random bytes")
    parser.add_argument("--binary", help="an executable that is there already, instead of a build")
    options = parser.parse_args()
    options.seconds = options.seconds or (1 if options.short else 5)
    options.attack_seconds = options.attack_seconds or (2 if options.short else 30)
    unknown = set(options.only.split(",")) - set(KINDS)
    if unknown:
        parser.error("there is no %s; there are %s" % (", ".join(unknown), ", ".join(KINDS)))
    service.raise_descriptor_limit()
    binary = pathlib.Path(options.binary).resolve() if options.binary else service.build()
    print("seed %d" % options.seed, file=sys.stderr)
    rows, failed = [], []
    with service.scratch() as folder:
        region = service.Region(binary, folder)
        for name in options.only.split(","):
            kind = KINDS[name]
            print("%s: %s" % (name, kind.title), file=sys.stderr)
            try:
                found_cells, found = attempt(kind, region, options)
            except service.Failure as failure:
                found_cells, found = ["–"] * (len(HEAD) - 2), [str(failure)]
            rows.append([name, *found_cells, "; ".join(found) or "held"])
            failed += ["%s: %s" % (name, fault) for fault in found]
    print(service.table(HEAD, rows))
    if not service.provide("wrk", "wrk"):
        print("\nwaiting times: SKIPPED, because wrk is missing and could not be installed")
    if failed:
        sys.exit("FAILED: " + "\nFAILED: ".join(failed))


if __name__ == "__main__":
    main()
