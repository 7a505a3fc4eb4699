#!/usr/bin/env python3
"""Mixed load for long: everybody who works in a region posts, reads, searches, corrects, reports and waits at once, in a
random order with a printed seed. Meanwhile memory, open files and the write-ahead log are looked at; at the end they have
to be what they were after the first quarter, every answer one that was to be expected, and the file whole with
every referral that was answered 201. --short is for every run of the tests."""

import argparse
import collections
import json
import pathlib
import random
import statistics
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import service  # noqa: E402  (the folder above has to be on the path first)

ACTORS = 8
# What a log comes to between two times that it is brought back to its beginning, twice that and some more; and the most it may
# ever be (Storage/EngineLimits), as it is while something else keeps the disk busy.
LOG_MIB, LARGEST_LOG_MIB = 160, 1024
# What may be added to memory and open files after the first quarter: caches of connections that come and go.
MEMORY_GROWTH, DESCRIPTOR_GROWTH = 1.25, 24
KINDS = ["post", "read", "correct", "search", "batch", "wait", "look"]
READS = [
    ("coordinator", "/v1/referrals?limit=25"), ("coordinator", "/v1/referrals?status=waiting&sort=queue&limit=25"),
    ("coordinator", "/v1/referrals?clock=breached&limit=25"), ("coordinator", "/v1/tasks?limit=25"),
    ("coordinator", "/v1/changes?limit=100"), ("coordinator", "/v1/reports/missed-signals"),
    ("coordinator", "/v1/forecasts/promise"), ("intaker", "/v1/referrals?sort=-receivedAt&limit=25"),
    ("referrer", "/v1/referrals?limit=25"), ("supporter", "/v1/referrals?limit=25"), ("supporter", "/v1/support-requests"),
    ("allocator", "/v1/matches?limit=25"), ("allocator", "/v1/dwellings?limit=25"), ("allocator", "/v1/changes?limit=25"),
    ("policymaker", "/v1/reports/missed-signals"), ("auditor", "/v1/disclosures?limit=25"),
]


def somebody(dice):
    """A made-up person whom nobody is like."""
    return service.referral("")["person"] | {
        "familyName": "".join(dice.choices("abcdefghijklmnoprstuvwz", k=7)),
        "birthDate": "%d-%02d-%02d" % (dice.randint(1950, 2005), dice.randint(1, 12), dice.randint(1, 28))}


class Load:
    """The actors, and what they were answered."""

    def __init__(self, served, tokens, seed):
        self.served, self.tokens, self.seed = served, tokens, seed
        self.ends = threading.Event()
        self.lock = threading.Lock()
        self.answers = collections.Counter()
        self.stored, self.unexpected = {}, []

    def note(self, what, reply, expected):
        with self.lock:
            self.answers[what] += 1
            if reply.status not in expected:
                self.unexpected.append("%s: %d %s" % (what, reply.status, reply.body[:200]))

    def ask(self, dice, number, count):
        """One thing that somebody does."""
        kind = dice.random()
        if kind < 0.35:
            reference = "endurance-%d-%d-%d" % (self.seed, number, count)
            reply = self.served.call("POST", "/v1/referrals", self.tokens["referrer"],
                                     service.referral(reference, person=somebody(dice)), Idempotency_Key=reference)
            self.note("post", reply, {201})
            if reply.status == 201:
                with self.lock:
                    self.stored[reference] = reply.json()["id"]
        elif kind < 0.5:
            with self.lock:
                stored = list(self.stored.values())[-500:]
            if not stored:
                return
            at = "/v1/referrals/" + dice.choice(stored)
            reply = self.served.call("GET", at, self.tokens["referrer"])
            self.note("read", reply, {200})
            if reply.status == 200 and dice.random() < 0.3:
                changed = self.served.call("PATCH", at, self.tokens["referrer"],
                                           json.dumps({"person": {"phone": "+3161%07d" % dice.randrange(10**7)}}).encode(),
                                           If_Match=reply.fields["etag"], Content_Type="application/merge-patch+json")
                self.note("correct", changed, {200, 412})
        elif kind < 0.55:
            reply = self.served.call("POST", "/v1/referrals/_search", self.tokens["coordinator"],
                                     {"familyName": dice.choice(["Meer", "Jansen", "abc"])})
            self.note("search", reply, {200})
        elif kind < 0.57:
            names = ["endurance-%d-%d-%d-%d" % (self.seed, number, count, line) for line in range(20)]
            lines = b"".join(json.dumps(service.referral(name, person=somebody(dice))).encode() + b"\n" for name in names)
            reply = self.served.call("POST", "/v1/referrals/batch", self.tokens["referrer"], lines,
                                     Content_Type="application/x-ndjson")
            self.note("batch", reply, {200})
            outcomes = [json.loads(line) for line in reply.body.splitlines()]
            with self.lock:
                self.stored |= {one["externalReference"]: one["referral"] for one in outcomes if one["outcome"] == "created"}
                if len(outcomes) != len(names) or any(one["outcome"] != "created" for one in outcomes):
                    self.unexpected.append("batch: %s" % reply.body[:300])
        elif kind < 0.6:
            reply = self.served.call("GET", "/v1/matches?limit=25", self.tokens["allocator"], Prefer="wait=1")
            self.note("wait", reply, {200})
        else:
            role, target = dice.choice(READS)
            self.note("look", self.served.call("GET", target, self.tokens[role]), {200})

    def act(self, number):
        dice = random.Random("%d %d" % (self.seed, number))
        count = 0
        while not self.ends.is_set():
            count += 1
            try:
                self.ask(dice, number, count)
            except Exception as fault:  # Whatever it is, an actor that stops would make the rest look well.
                with self.lock:
                    self.unexpected.append("no answer: %r" % fault)


def look(served, database):
    """Memory in MiB, open files, the log in MiB."""
    log = pathlib.Path(str(database) + "-wal")
    return served.memory_mib(), served.descriptors(), log.stat().st_size / 2**20 if log.exists() else 0


def run(binary, seconds, seed):
    with service.scratch() as folder:
        region = service.Region(binary, folder, 300)
        served = service.Service(binary, region.database)
        load = Load(served, region.tokens, seed)
        actors = [threading.Thread(target=load.act, args=(number,)) for number in range(ACTORS)]
        looks, began = [], time.monotonic()
        try:
            for actor in actors:
                actor.start()
            while time.monotonic() - began < seconds and served.is_running():
                looks.append(look(served, region.database))
                time.sleep(min(5, seconds / 20))
        finally:
            load.ends.set()
            for actor in actors:
                actor.join()
        after = time.monotonic() - began
        code = served.stop()
        faults = ["nobody did: %s" % kind for kind in KINDS if not load.answers[kind]] + load.unexpected[:5]
        if code:
            faults.append("it ended with %d: %s" % (code, served.log()[-500:]))
        quarter = max(1, len(looks) // 4)
        rows = [["", "after a quarter", "at the end", "most"]]
        for place, (name, most) in enumerate([("memory, MiB", MEMORY_GROWTH), ("open files", None), ("log, MiB", None)]):
            early = statistics.median(one[place] for one in looks[quarter - 1:2 * quarter])
            late = statistics.median(one[place] for one in looks[-quarter:])
            rows.append([name, "%.0f" % early, "%.0f" % late, "%.0f" % max(one[place] for one in looks)])
            allowed = early * most if most else early + DESCRIPTOR_GROWTH if name == "open files" else LOG_MIB
            if late > allowed:
                faults.append("%s: %.1f after a quarter, %.1f at the end" % (name, early, late))
        if max(one[2] for one in looks) > LARGEST_LOG_MIB:
            faults.append("the log came to %.0f MiB" % max(one[2] for one in looks))
        faults += verify(region, load)
        print(service.table(rows[0], rows[1:]))
        print("%.0f requests a second: %s" % (load.answers.total() / after, dict(load.answers)))
        return faults


def verify(region, load):
    """What is wrong with the file after all that."""
    region.run("verify")
    region.run("ledger", "verify")
    lines = region.run("export", "referrals", "-").splitlines()
    found = collections.Counter(json.loads(line).get("externalReference") for line in lines)
    return ["%s is there %d times" % (one, found[one]) for one in load.stored if found[one] != 1][:5]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", help="an executable that is there already")
    parser.add_argument("--seconds", type=float, default=1800, help="how long (1800)")
    parser.add_argument("--short", action="store_true", help="some seconds of it")
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.randrange(10**6)
    print("seed %d" % seed)
    faults = run(arguments.binary or service.build(), 20 if arguments.short else arguments.seconds, seed)
    for fault in faults:
        print("WRONG: " + fault)
    print("failed" if faults else "all right")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
