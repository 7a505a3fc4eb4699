#!/usr/bin/env python3
"""Runs what stands in deploy/examples against a live service, as partners would: the script that posts a file, the
poller, the copy that follows the change feed through restarts, kills, limits and an earlier copy, and each line of the
crontab."""
import argparse
import contextlib
import datetime
import http.server
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time

import mirrors
import service

EXAMPLES = mirrors.EXAMPLES
TOOLS = {"curl": "curl", "jq": "jq", "flock": "util-linux"}


def require(holds, what):
    if not holds:
        raise service.Failure(what)


class Bench:
    """A region, its service, and the example scripts run as somebody."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, pathlib.Path(folder)
        self.region = service.Region(binary, folder, 60)
        self.tokens, self.port = self.region.tokens, service.free_port()
        self.running = None

    def start(self, **options):
        self.running = service.Service(self.binary, self.region.database, port=self.port, **options)

    def restart(self, how=signal.SIGTERM, **options):
        self.running.stop(how)
        self.start(**options)

    def run(self, role, *command, expect=0, **variables):
        """What a script prints, both ways; a `Failure` for another exit code than is expected."""
        variables = {**mirrors.environment(self.port, self.tokens.get(role, "")), **variables}
        done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, env=variables, timeout=90)
        if done.returncode != expect:
            raise service.Failure("%s: exit code %d instead of %d: %s" % (
                pathlib.Path(command[0]).name, done.returncode, expect, done.stdout[-1500:]))
        return done.stdout

    def call(self, role, method, target, body=None, **fields):
        return self.running.call(method, target, self.tokens[role], body, **fields)

    def ids(self, role, path):
        found, target = [], path + "?limit=100"
        while target:
            reply = self.call(role, "GET", target)
            found += [item["id"] for item in reply.json()["items"]]
            link = reply.fields.get("link", "")
            target = link[1:link.index(">")] if 'rel="next"' in link else None
        return found

    def offer(self):
        """A new match, offered to the allocator; its id and the referral's."""
        home = self.call("allocator", "POST", "/v1/dwellings", {
            "form": "independent", "municipality": "GM0153", "neighbourhood": "Lasonder", "rooms": 3, "rent": 50000,
            "householdMaximum": 6, "petsAllowed": True, "availableFrom": datetime.date.today().isoformat(), "address": {
                "street": "Lindenstraat", "houseNumber": "1", "postcode": "7511 AB", "city": "Enschede"}}).json()
        for referral in self.call("coordinator", "GET", "/v1/referrals?status=waiting&limit=100").json()["items"]:
            made = self.call("coordinator", "POST", "/v1/matches", {
                "referral": referral["id"], "dwelling": home["id"], "reason": "First in the queue."})
            if made.status == 201:
                return made.json()["id"], referral["id"]
        raise service.Failure("nobody can be matched")

    def change_some(self, word):
        """Some writes that several roles get to see."""
        self.call("referrer", "POST", "/v1/referrals", service.referral("EXAMPLE-" + word, person={
            "givenName": "Kim", "familyName": 5 * word.lower(), "birthDate": "19%d-03-09" % ord(word)}))
        match, referral = self.offer()
        self.call("allocator", "POST", "/v1/matches/%s/responses" % match, {"answer": "accept"})
        kept_out = {"reason": "Somebody looks for this person.", "people": []}
        reply = self.call("coordinator", "POST", "/v1/referrals/%s/restriction" % referral, kept_out)
        require(reply.status == 200, "restriction: %d %s" % (reply.status, reply.body))


def posting(bench):
    script = EXAMPLES / "post-referrals.sh"
    # A curl that tells with what it was called.
    tools = bench.folder / "tools"
    tools.mkdir()
    (tools / "curl").write_text('#!/bin/sh\nprintf "%%s\\n" "$@" >>"%s"\nexec %s "$@"\n' % (
        bench.folder / "words", shutil.which("curl")))
    (tools / "curl").chmod(0o700)
    path = "%s:%s" % (tools, os.environ["PATH"])
    before = len(bench.ids("referrer", "/v1/referrals"))
    said = bench.run("referrer", script, EXAMPLES / "referrals.csv", PATH=path)
    require(said == "2 created, 0 there already, 0 refused\n", said)
    said = bench.run("referrer", script, EXAMPLES / "referrals.csv")
    require(said == "0 created, 2 there already, 0 refused\n", said)
    require(len(bench.ids("referrer", "/v1/referrals")) == before + 2, "posting twice made something new")
    words = (bench.folder / "words").read_text()
    require("/v1/referrals/batch" in words, "the curl of this test was not called")
    require(bench.tokens["referrer"] not in words, "the token is a word of a command")

    faulty = bench.folder / "faulty.csv"
    faulty.write_text((EXAMPLES / "referrals.csv").read_text().replace("1001", "2001").replace(
        "1002", "2002").replace("1985-11-30", "1985-13-30").replace("GM0164,Kim", "GM9999,Kim"))
    said = bench.run("referrer", script, faulty, expect=1)
    require("line 3: " in said and "/person/birthDate Must be a day" in said, said)
    require(said.endswith("1 created, 0 there already, 1 refused\n"), said)

    secret = bench.folder / "token"
    secret.write_text(bench.tokens["referrer"] + "\n")
    secret.chmod(0o644)
    said = bench.run("", script, faulty, expect=3, THUISPUNT_TOKEN_FILE=str(secret))
    require("chmod 600" in said, said)
    secret.chmod(0o600)
    bench.run("", script, EXAMPLES / "referrals.csv", THUISPUNT_TOKEN_FILE=str(secret))
    said = bench.run("", script, faulty, expect=3, THUISPUNT_TOKEN="thp_wrong")
    require("401" in said, said)
    said = bench.run("allocator", script, faulty, expect=3)
    require("403" in said, said)
    bench.run("referrer", script, expect=2)
    # A service that comes up while the script tries.
    bench.running.stop()
    late = service.Process([script, EXAMPLES / "referrals.csv"], bench.folder / "late.log",
                           env=mirrors.environment(bench.port, bench.tokens["referrer"]))
    time.sleep(0.3)
    bench.start()
    require(late.process.wait(60) == 0 and "2 there already" in late.log(), late.log())


class Answers(http.server.BaseHTTPRequestHandler):
    """What a service may say at its worst, one after another: too much is asked, then a store that fails at the second
    row, then an answer that breaks off."""
    left = []

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        status, fields, body = self.left.pop(0)
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def posting_to_the_worst(bench):
    created, failed = b'{"line":2,"outcome":"created"}\n', (
        b'{"line":3,"outcome":"refused","problem":{"status":503,"detail":"The disk is full."}}\n')
    Answers.left = [(429, {"Retry-After": "1", "Content-Length": "0"}, b""), (200, {}, created + failed),
                    (200, {"Content-Length": "900"}, created)]
    with http.server.HTTPServer(("127.0.0.1", 0), Answers) as stub:
        threading.Thread(target=stub.serve_forever, daemon=True).start()
        url = "http://127.0.0.1:%d" % stub.server_port
        for words in ("line 3: The disk is full.", "did not come to its end"):
            said = bench.run("referrer", EXAMPLES / "post-referrals.sh", EXAMPLES / "referrals.csv", expect=3,
                             THUISPUNT_URL=url)
            require(words in said and said.endswith("run again\n"), said)
        stub.shutdown()
    require(not Answers.left, "what was too much was not tried again")


def polling(bench):
    script, state = EXAMPLES / "poll-matches.sh", bench.folder / "offers.state"
    there = {match["id"] for match in bench.call(
        "allocator", "GET", "/v1/matches?status=offered&limit=100").json()["items"]}
    said = bench.run("allocator", script, state)
    require({line.split("\t")[0] for line in said.splitlines()} == there and there, said)
    log = bench.folder / "loop.log"
    loop = service.Process([script, "--loop", state], log,
                           env=mirrors.environment(bench.port, bench.tokens["allocator"]))
    try:
        time.sleep(1)
        first, referral = bench.offer()
        service.wait_until(lambda: first in loop.log(), "the first offer at the poller")
        # An answer changes the list, and is no offer; neither is a restart.
        bench.call("allocator", "POST", "/v1/matches/%s/responses" % first, {"answer": "accept"})
        bench.restart()
        second, _ = bench.offer()
        service.wait_until(lambda: second in loop.log(), "the second offer at the poller", 60)
        lines = [line for line in loop.log().splitlines() if "\t" in line]
        require([line.split("\t")[0] for line in lines] == [first, second], loop.log())
        require(all(len(line.split("\t")) == 4 for line in lines), loop.log())
    finally:
        loop.stop()
    said = bench.run("", script, state, expect=3, THUISPUNT_TOKEN="thp_wrong")
    require("does not hold" in said, said)


def mirroring(bench):
    copies = [mirrors.Mirror(role, bench.tokens[role], bench.port, bench.folder)
              for role in ("referrer", "coordinator", "intaker", "allocator")]

    def compare(when):
        ever = mirrors.everything(bench.region.database)
        for copy in copies:
            found = copy.settled(ever)
            require(not found, "%s: %s" % (when, found[:3]))
            require(copy.copy(), "the %s's copy is empty" % copy.name)
    try:
        for copy in copies:
            copy.start()
        compare("at first")
        bench.change_some("A")
        compare("after changes")
        bench.restart()
        copies[1].stop(signal.SIGKILL)
        bench.change_some("B")
        bench.restart(signal.SIGKILL)
        copies[1].start()
        compare("after a kill")
        bench.region.run("backup", bench.folder / "earlier.db")
        bench.change_some("C")
        compare("after a backup")
        bench.running.stop()
        bench.region.run("restore", bench.folder / "earlier.db", "--force")
        # As slow as a service may be with a partner that asks too much.
        bench.start(limits=("--token-burst", "40", "--token-rate", "80"))
        for copy in copies:
            service.wait_until(lambda log=copy.log: "read again" in log.read_text(), "reading from the beginning", 60)
        service.wait_until(lambda: "429; once more" in copies[1].log.read_text(), "a limit", 60)
        bench.restart()
        bench.change_some("D")
        compare("after an earlier copy")
        for copy in copies:
            require(copy.process.is_running(), copy.log.read_text()[-500:])
    finally:
        for copy in copies:
            copy.stop()
    # Two on one file, until there is nothing new, and one whose token does not hold.
    bench.change_some("E")
    two = [copies[0].start("--once").process, copies[0].start("--once").process]
    require([process.process.wait(60) for process in two] == [0, 0], copies[0].log.read_text()[-500:])
    require(copies[0].settled(mirrors.everything(bench.region.database)) == [], "two on one file")
    said = bench.run("", EXAMPLES / "mirror.py", copies[0].file, expect=3, THUISPUNT_TOKEN="thp_wrong")
    require("does not hold" in said, said)
    said = bench.run("referrer", EXAMPLES / "mirror.py", copies[0].file, expect=3,
                     THUISPUNT_URL="http://127.0.0.1:%d/elsewhere" % bench.port)
    require("not the address" in said, said)
    require(copies[0].file.stat().st_mode & 0o077 == 0, "others can read the copy")


def crontab(bench):
    variables, commands = {}, []
    for line in (EXAMPLES / "crontab").read_text().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if "=" in line.split()[0]:
            variables.update([line.split("=", 1)])
            continue
        *_, command = line.split(None, 5)
        require(len(line.split(None, 5)) == 6 and "%" not in command, line)
        commands.append(command)
    require(len(commands) == 3, str(commands))
    data = bench.folder / "data"
    data.mkdir()
    secret = data / "token"
    secret.touch(0o600)
    shutil.copy(EXAMPLES / "referrals.csv", data)
    there = {"EXAMPLES": str(EXAMPLES), "DATA": str(data), "THUISPUNT_URL": "http://127.0.0.1:%d" % bench.port,
             "THUISPUNT_TOKEN_FILE": str(secret)}
    require(set(variables) == {*there, "MAILTO"}, str(variables))
    for role, command in zip(("referrer", "allocator", "allocator"), commands):
        secret.write_text(bench.tokens[role])
        said = bench.run("", "/bin/sh", "-c", command, **there)
        if role == "referrer":
            require("2 there already, 0 refused" in said, said)
    require(len((data / "offers.state").read_text().splitlines()) > 1, "no offers were remembered")
    copy = mirrors.Mirror("allocator", bench.tokens["allocator"], bench.port, data)
    copy.file = data / "mirror.db"
    require(copy.settled(mirrors.everything(bench.region.database)) == [], "the copy of the crontab")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=pathlib.Path, help="the executable (default: built for release)")
    binary = (parser.parse_args().binary or service.build()).resolve()
    lacking = [tool for tool, package in TOOLS.items() if not service.provide(tool, package)]
    with service.scratch() as folder:
        bench = Bench(binary, folder)
        bench.start()
        try:
            for check in (posting, posting_to_the_worst, polling, mirroring, crontab):
                if lacking and check is not mirroring:
                    print("%s: SKIPPED, because there is no %s and Debian could not give it" % (
                        check.__name__, ", ".join(lacking)))
                    continue
                began = time.monotonic()
                check(bench)
                print("%s: right, %.1f s" % (check.__name__, time.monotonic() - began))
        finally:
            with contextlib.suppress(service.Failure):
                bench.running.stop()


if __name__ == "__main__":
    try:
        main()
    except service.Failure as failure:
        sys.exit("examples: %s" % failure)
