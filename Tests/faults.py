#!/usr/bin/env python3
"""What becomes of referrals when something breaks: a disk that fails or fills up, a process that is killed, a machine
told to stop in the midst of work. Posters post all the while; afterwards every referral that was answered 201 has to be
there once, the file whole, its ledger too, and the service ready again by itself. Faults are injected into system calls
by strace. A run prints its seed. --short: a few rounds, for every run of the tests; --rounds N for as long as you like."""
import argparse
import contextlib
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import service  # noqa: E402  (the folder above has to be on the path first)

# What a poster may be told while a fault lasts; anything else is a fault of the service.
BORNE = {201, 503}
# Loops of the service, which has one for each core.
LOOPS = os.cpu_count() or 1
# Calls on sockets that a post and a look take, however they fail.
FEWEST_CALLS = 3
HEAD = ["fault", "rounds", "posted", "answered 201", "answered 503", "no answer", "verdict"]


class Posters:
    """Threads that post referrals one after another, each under its own reference and key, and remember the answers. What
    got no answer is sent again under the same key, as a script should."""

    def __init__(self, port, token, count, seed):
        self.port, self.token = port, token
        self.random = random.Random(seed)
        self.name = "F%016x" % self.random.getrandbits(64)
        self.lock = threading.Lock()
        self.acknowledged, self.refused, self.unknown, self.wrong = set(), set(), set(), []
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self.post_on, args=(number,), daemon=True) for number in range(count)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        for thread in self.threads:
            thread.join(30)

    def post_on(self, number):
        connection = None
        for turn in range(1_000_000):
            if self.ending.is_set():
                return
            reference = "%s-%d-%d" % (self.name, number, turn)
            connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            if not self.post(connection, reference):
                connection.close()
                connection = None
                time.sleep(0.01)

    def post(self, connection, reference):
        try:
            connection.request(*self.request(reference))
            reply = service.Reply(connection.getresponse())
        except (OSError, http.client.HTTPException):
            with self.lock:
                self.unknown.add(reference)
            return False
        with self.lock:
            if reply.status == 201:
                self.acknowledged.add(reference)
            elif reply.status == 503:
                self.refused.add(reference)
                if reply.fields.get("content-type") != "application/problem+json" or "retry-after" not in reply.fields:
                    self.wrong.append("a 503 that is no problem document with Retry-After")
            else:
                self.wrong.append("%d: %s" % (reply.status, reply.body[:200]))
        if reply.status == 503:
            time.sleep(0.01)
        return True

    def again(self, reference):
        """The answer to one post, or to the same once more."""
        return service.call(self.port, *self.request(reference))

    def request(self, reference):
        """Method, target, body and fields of a post."""
        body = json.dumps(service.referral(reference, person={
            "givenName": "Robin", "familyName": reference.replace("-", " "), "birthDate": "1990-02-17"}))
        return "POST", "/v1/referrals", body, {
            "Authorization": "Bearer " + self.token, "Content-Type": "application/json", "Idempotency-Key": reference}

    def wait_for(self, more, seconds=20):
        """Waits until so many more were answered 201."""
        wanted = len(self.acknowledged) + more
        service.wait_until(lambda: len(self.acknowledged) >= wanted, "%d more referrals" % more, seconds)


class Bench:
    """A region whose service comes and goes, and the account of what was answered."""

    def __init__(self, binary, folder, seed):
        self.binary, self.folder = binary, pathlib.Path(folder)
        self.region = service.Region(binary, folder)
        self.random = random.Random(seed)
        self.port = service.free_port()
        self.acknowledged, self.refused, self.unknown = set(), set(), set()

    def start(self, *under):
        return service.Service(self.binary, self.region.database, port=self.port, under=under)

    @contextlib.contextmanager
    def posting(self, count=16):
        posters = Posters(self.port, self.region.tokens["referrer"], count, self.random.getrandbits(64))
        with posters:
            yield posters
        self.acknowledged |= posters.acknowledged
        self.refused |= posters.refused
        self.unknown |= posters.unknown
        if posters.wrong:
            raise service.Failure(posters.wrong[0])

    def strace(self, running, inject, path="-wal"):
        """Injects a fault into a running service's calls, on one of the database's files unless `path` is None, until it is
        stopped."""
        only = [] if path is None else ["-P", str(self.region.database) + path]
        tracer = service.Process(
            ["strace", "-f", "-qq", "-o", "/dev/null", "-p", running.pid, *only,
             "-e", "trace=" + inject.split(":")[0], "-e", "inject=" + inject], self.folder / "strace.log")
        time.sleep(0.3)
        if not tracer.is_running():
            raise service.Failure("strace: " + tracer.log()[-300:])
        return tracer

    def check(self):
        """The account against the file: what was answered 201 is there, and nothing twice."""
        done = subprocess.run([self.binary, "verify", "--database", self.region.database], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise service.Failure("verify: " + done.stdout.strip())
        with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % self.region.database, uri=True)) as db:
            rows = [row[0] for row in db.execute(
                "SELECT external_reference FROM referral WHERE external_reference GLOB 'F*-*-*'")]
        if len(rows) != len(set(rows)):
            raise service.Failure("a referral stands twice")
        lost = self.acknowledged - set(rows)
        if lost:
            raise service.Failure("%d referrals were answered 201 and are not there" % len(lost))
        never = set(rows) - self.acknowledged - self.unknown
        if never:
            raise service.Failure("%d referrals are there that were answered otherwise" % len(never))

    def ready(self):
        def answers():
            with contextlib.suppress(OSError, http.client.HTTPException):
                return service.call(self.port, "GET", "/readyz", timeout=5).status == 200
            return False
        service.wait_until(answers, "being ready again", 30)


def failing_calls(bench, inject, stops, path="-wal"):
    """A fault that comes and goes while the service runs."""
    running = bench.start()
    token = bench.region.tokens["allocator"]
    with bench.posting() as posters:
        posters.wait_for(20)
        tracer = bench.strace(running, inject, path)
        if stops:
            service.wait_until(lambda: posters.refused, "a refusal")
            if service.call(bench.port, "GET", "/readyz").status != 503:
                raise service.Failure("/readyz does not say that nothing can be written")
            if running.call("GET", "/v1/dwellings", token).status != 200:
                raise service.Failure("reads do not go on")
        time.sleep(0.5)
        tracer.stop(signal.SIGINT)
        bench.ready()
        posters.wait_for(20)
    if running.stop() != 0:
        raise service.Failure("the service did not end well")


def failing_sockets(bench, *injections):
    """Connections that break off, answers that can't be sent, descriptors that run out: only the connection concerned is
    lost, and who asks again under the same key is answered."""
    for inject in injections:
        running = bench.start()
        before = running.descriptors()
        with bench.posting() as posters:
            posters.wait_for(20)
            tracer = bench.strace(running, inject, path=None)
            posters.wait_for(40, 60)
            tracer.stop(signal.SIGINT)
            bench.ready()
            posters.wait_for(20)
            missing = sorted(posters.unknown - posters.acknowledged)
        for reference in missing:
            reply = posters.again(reference)
            if reply.status != 201:
                raise service.Failure("%s under its key again: %d" % (reference, reply.status))
            bench.acknowledged.add(reference)
        # Two more, as some files are opened when they are needed first.
        service.wait_until(lambda: running.descriptors() <= before + 2, "the end of every connection that was lost")
        if running.stop() != 0:
            raise service.Failure("the service did not end well")


def failing_at_each(bench, call, error):
    """The first call on a socket fails, the second, and so on, until a post and a look find none that does."""
    for count in range(1, 200):
        running = bench.start()
        tracer = bench.strace(running, "%s:error=%s:when=%d" % (call, error, count), path=None)
        posters = Posters(bench.port, bench.region.tokens["referrer"], 0, bench.random.getrandbits(64))
        reference, lost = posters.name + "-0-0", 0
        while True:
            try:
                reply = posters.again(reference)
                look = running.call("GET", "/v1/dwellings", bench.region.tokens["allocator"])
                break
            except (OSError, http.client.HTTPException):
                # Strace counts the calls of each for itself.
                lost += 1
                if lost > LOOPS:
                    raise service.Failure("call %d of %s: more than one connection of each loop was lost" % (count, call)) from None
        tracer.stop(signal.SIGINT)
        if (reply.status, look.status) != (201, 200):
            raise service.Failure("call %d of %s: %d, %d" % (count, call, reply.status, look.status))
        bench.acknowledged.add(reference)
        if running.stop() != 0:
            raise service.Failure("the service did not end well")
        bench.check()
        if not lost and count > FEWEST_CALLS:
            return
    raise service.Failure("%s is called without end" % call)


def killed_at_sync(bench):
    """Killed at the n-th sync; the first few are the start's own."""
    count = bench.random.randint(10, 60)
    running = bench.start("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync",
                          "-e", "inject=fdatasync:signal=KILL:when=%d" % count)
    with bench.posting():
        service.wait_until(lambda: not running.is_running(), "the kill at sync %d" % count, 60)
    running.stop(signal.SIGKILL)


def killed(bench, posters=64):
    """Killed at any moment."""
    running = bench.start()
    with bench.posting(posters) as crowd:
        crowd.wait_for(bench.random.randint(1, 300))
        time.sleep(bench.random.random() / 20)
        running.stop(signal.SIGKILL)


def stopped(bench):
    """Told to stop under load: every answer that was begun is given."""
    running = bench.start()
    with bench.posting() as posters:
        posters.wait_for(bench.random.randint(20, 200))
        if running.stop() != 0:
            raise service.Failure("the exit code is not 0")


def backed_up(bench):
    """Copied under load; the copy is whole and can be restored."""
    running = bench.start()
    copy, place = bench.folder / "copy.db", bench.folder / "restored.db"
    with bench.posting() as posters:
        posters.wait_for(50)
        before = set(posters.acknowledged)
        bench.region.run("backup", copy)
        posters.wait_for(20)
    subprocess.run([bench.binary, "restore", copy, "--database", place], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    with contextlib.closing(sqlite3.connect(place)) as db:
        there = {row[0] for row in db.execute("SELECT external_reference FROM referral")}
    for path in (copy, place):
        path.unlink()
    if before - there:
        raise service.Failure("the copy lacks referrals from before it")
    if running.stop() != 0:
        raise service.Failure("the service did not end well")


def filled_up(bench):
    """A disk of a few MiB that is full, and has room again."""
    mount = bench.folder / "small"
    mount.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", mount], stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise Skipped("no file system can be mounted here: " + done.stderr.strip())
    home, bench.region.database = bench.region.database, mount / "thuispunt.db"
    ballast = mount / "ballast"
    try:
        shutil.copy(home, bench.region.database)
        running = bench.start()
        with bench.posting() as posters:
            posters.wait_for(10)
            with contextlib.suppress(OSError), open(ballast, "wb", buffering=0) as file:
                while True:
                    file.write(bytes(4096))
            service.wait_until(lambda: posters.refused, "a refusal", 60)
            time.sleep(0.5)
            ballast.unlink()
            bench.ready()
            posters.wait_for(10)
        if running.stop() != 0:
            raise service.Failure("the service did not end well")
        bench.check()
        shutil.copy(bench.region.database, home)
    finally:
        bench.region.database = home
        subprocess.run(["umount", "-l", mount], check=False)


class Skipped(Exception):
    """A fault that can not be made on this machine."""


def with_strace(run):
    def tried(bench):
        if not service.provide("strace", "strace"):
            raise Skipped("strace is not installed and Debian could not give it")
        run(bench)
    return tried


FAULTS = {
    "fdatasync EIO": with_strace(lambda bench: failing_calls(bench, "fdatasync:error=EIO", True)),
    "pwrite64 EIO": with_strace(lambda bench: failing_calls(bench, "pwrite64:error=EIO", True)),
    "pwrite64 ENOSPC": with_strace(lambda bench: failing_calls(bench, "pwrite64:error=ENOSPC", True)),
    "fdatasync EIO now and then": with_strace(
        lambda bench: failing_calls(bench, "fdatasync:error=EIO:when=2+3", False)),
    "pwrite64 EINTR": with_strace(lambda bench: failing_calls(bench, "pwrite64:error=EINTR:when=1+2", False)),
    "database fdatasync EIO": with_strace(
        lambda bench: failing_calls(bench, "fdatasync:error=EIO", False, path="")),
    "sockets EINTR": with_strace(lambda bench: failing_sockets(
        bench, *("%s:error=EINTR:when=1+2" % call for call in ("recvfrom", "sendto", "sendmsg", "accept4", "epoll_wait")))),
    "sockets reset": with_strace(lambda bench: failing_sockets(
        bench, "recvfrom:error=ECONNRESET:when=5+11", "sendto,sendmsg:error=EPIPE:when=5+11")),
    "no descriptors": with_strace(lambda bench: failing_sockets(
        bench, "recvfrom:error=ECONNRESET:when=5+11", "accept4:error=EMFILE:when=1+2", "accept4:error=ECONNABORTED:when=1+2")),
    "recvfrom ECONNRESET at each": with_strace(lambda bench: failing_at_each(bench, "recvfrom", "ECONNRESET")),
    "sendto ECONNRESET at each": with_strace(lambda bench: failing_at_each(bench, "sendto,sendmsg", "ECONNRESET")),
    "accept4 ENFILE at each": with_strace(lambda bench: failing_at_each(bench, "accept4", "ENFILE")),
    "full disk": filled_up,
    "kill at a sync": with_strace(killed_at_sync),
    "kill -9 under 64 posters": killed,
    "SIGTERM under load": stopped,
    "backup under load": backed_up,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=pathlib.Path, help="an executable that is there already")
    parser.add_argument("--only", help="faults by name, parted by commas")
    parser.add_argument("--rounds", type=int, default=20, help="rounds of each fault (20)")
    parser.add_argument("--short", action="store_true", help="one round of each, three of the kills")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    wanted = parser.parse_args()
    chosen = wanted.only.split(",") if wanted.only else list(FAULTS)
    unknown = [name for name in chosen if name not in FAULTS]
    if unknown:
        parser.error("there is no fault %s; there are: %s" % (unknown[0], ", ".join(FAULTS)))
    binary = wanted.binary or service.build()
    service.raise_descriptor_limit()
    print("seed %d" % wanted.seed)
    rows, failed = [], False
    for name in chosen:
        rounds = (3 if "kill" in name else 1) if wanted.short else wanted.rounds
        verdict, done = "right", 0
        with service.scratch() as folder:
            bench = Bench(binary, folder, "%d %s" % (wanted.seed, name))
            try:
                for _ in range(rounds):
                    FAULTS[name](bench)
                    # The service has to come back by itself on what it left behind.
                    running = bench.start()
                    bench.ready()
                    running.stop()
                    bench.check()
                    done += 1
            except Skipped as skipped:
                verdict = "SKIPPED, because %s" % skipped
            except (service.Failure, OSError, subprocess.CalledProcessError) as failure:
                verdict, failed = "WRONG: %s" % failure, True
                subprocess.run(["pkill", "-9", "-f", str(folder)], check=False)
            rows.append([name, done, len(bench.acknowledged | bench.refused | bench.unknown), len(bench.acknowledged),
                         len(bench.refused), len(bench.unknown), verdict])
    print(service.table(HEAD, rows))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
