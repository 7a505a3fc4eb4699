#!/usr/bin/env python3
"""What thousands who wait for news cost, and how soon those whom a change concerns hear of it. Fails when somebody is not
woken, when somebody is whom it does not concern, or when all of it takes more memory than is promised."""
import argparse
import json
import pathlib
import re
import selectors
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import service  # noqa: E402  (the folder above has to be on the path first)

CONCERNED = 100
LIMIT_MIB = 150
WAIT_SECONDS = 60


class Waiter:
    """One connection that asks for news with `Prefer: wait`."""

    def __init__(self, port, token, after):
        self.token, self.after = token, after
        self.socket = socket.create_connection(("127.0.0.1", port))

    def ask(self):
        self.socket.sendall((
            "GET /v1/changes?limit=100&after=%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
            "Prefer: wait=%d\r\n\r\n" % (self.after, self.token, WAIT_SECONDS)).encode())

    def answer(self):
        """Reads an answer; says whether it has news, and goes on after it."""
        text = b""
        while True:
            text += self.socket.recv(65536)
            head, found, body = text.partition(b"\r\n\r\n")
            if found and len(body) >= int(re.search(rb"(?i)content-length: (\d+)", head).group(1)):
                break
        page = json.loads(body)
        self.after = page["after"]
        return bool(page["items"])


def position(running, token):
    """The end of the feed of a token."""
    after = None
    while True:
        page = running.call("GET", "/v1/changes?limit=100" + ("&after=" + after if after else ""), token).json()
        after = page["after"]
        if not page["more"]:
            return after


def waiting(running):
    """How many wait, as the service counts them."""
    page = running.call("GET", "/metrics").body.decode()
    return int(re.search(r"(?m)^thuispunt_waiting_requests (\d+)", page).group(1))


def woken(waiters, change):
    """Makes a change; gives the milliseconds from before it was asked for until each waiter had its answer, and how long
    the change itself took."""
    with selectors.DefaultSelector() as selector:
        for waiter in waiters:
            selector.register(waiter.socket, selectors.EVENT_READ, waiter)
        started = time.monotonic()
        change()
        took = time.monotonic() - started
        heard, deadline = {}, started + 20
        while len(heard) < len(waiters) and time.monotonic() < deadline:
            for key, _ in selector.select(1):
                heard[key.data] = (time.monotonic() - started) * 1000
                selector.unregister(key.fileobj)
    return heard, took * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--waiters", type=int, default=10_000, help="how many wait (10000)")
    parser.add_argument("--rounds", type=int, default=20, help="changes that concern %d of them (20)" % CONCERNED)
    parser.add_argument("--patience", type=int, default=20, help="seconds to wait for a quiet machine (20)")
    parser.add_argument("--binary", help="an executable that is there already, instead of a build")
    options = parser.parse_args()
    service.raise_descriptor_limit()
    binary = options.binary or service.build()
    faults = []
    with service.scratch() as folder:
        region = service.Region(binary, folder)
        service.wait_for_quiet(options.patience)
        running = service.Service(binary, region.database, "--clockwork-seconds", "0")
        try:
            landlord, referrer = region.tokens["allocator"], region.tokens["referrer"]
            ends = {token: position(running, token) for token in (landlord, referrer)}
            before = running.memory_mib()
            concerned = [Waiter(running.port, landlord, ends[landlord]) for _ in range(min(CONCERNED, options.waiters))]
            others = [Waiter(running.port, referrer, ends[referrer]) for _ in range(options.waiters - len(concerned))]
            for waiter in concerned + others:
                waiter.ask()
            service.wait_until(lambda: waiting(running) == options.waiters, "the wait of all", 30)
            # The first answers of the loops have grown their buffers by now.
            memory = running.memory_mib()

            def dwelling(number):
                reply = running.call("POST", "/v1/dwellings", landlord, {
                    "externalReference": "W-%d" % number, "form": "independent", "municipality": "GM0153",
                    "neighbourhood": "Pathmos", "address": {"street": "Thomas de Keyserstraat", "houseNumber": str(number + 1),
                                                            "postcode": "7545 CD", "city": "Enschede"},
                    "rooms": 2, "rent": 61_000, "serviceCost": 3_000, "householdMaximum": 2, "petsAllowed": False,
                    "availableFrom": "2030-01-01"})
                assert reply.status == 201, reply.body

            latencies, changes = [], []
            for number in range(options.rounds):
                heard, took = woken(concerned, lambda: dwelling(number))
                latencies += heard.values()
                changes.append(took)
                faults += ["a waiter was not woken"] * (len(concerned) - len(heard))
                faults += ["woken without news" for waiter in heard if not waiter.answer()]
                for waiter in heard:
                    waiter.ask()
                service.wait_until(lambda: waiting(running) == options.waiters, "the wait of all", 30)
            with selectors.DefaultSelector() as selector:
                for waiter in others:
                    selector.register(waiter.socket, selectors.EVENT_READ)
                faults += ["somebody was woken whom it did not concern"] * len(selector.select(0))

            def posted():
                reply = running.call("POST", "/v1/referrals", referrer, service.referral("W-all"))
                assert reply.status == 201, reply.body

            heard, took = woken(others, posted)
            faults += ["a waiter was not woken"] * (len(others) - len(heard))
            peak = running.memory_mib("VmHWM")
            if memory > LIMIT_MIB:
                faults.append("%.0f MiB while %d wait" % (memory, options.waiters))
        finally:
            code = running.stop()
    if code != 0:
        faults.append("the service ended with %d" % code)
    latencies.sort()
    print(service.table(
        ["waiters", "MiB before", "while they wait", "peak", "KiB each", "change ms p50", "woken ms p50", "p99", "max",
         "all others ms"],
        [[options.waiters, "%.0f" % before, "%.0f" % memory, "%.0f" % peak,
          "%.1f" % ((memory - before) * 1024 / options.waiters), "%.1f" % sorted(changes)[len(changes) // 2],
          "%.1f" % latencies[len(latencies) // 2], "%.1f" % latencies[len(latencies) * 99 // 100],
          "%.1f" % latencies[-1], "%.0f" % max(heard.values(), default=0)]]))
    for fault in faults[:10]:
        print("FAILED: " + fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
