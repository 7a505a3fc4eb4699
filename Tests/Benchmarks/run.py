#!/usr/bin/env python3
"""How fast Thuispunt answers, next to what it can not outrun: nginx that answers fixed bytes, and SQLite alone in C.
Rounds are interleaved (A B A B), each with a fresh copy of one database; the table holds medians and ratios of one run,
because those of two runs can not be compared. Needs wrk, nginx and a C compiler; installs them from Debian if it may."""
import argparse
import collections
import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import service  # noqa: E402  (the folder above has to be on the path first)

MATCHES, DWELLINGS, REFERRALS = "/v1/matches?limit=25", "/v1/dwellings?limit=25", "/v1/referrals?limit=25"


# One token asks for everything here. The limits are on, because they are part of what is measured, but never reached.
ROOMY = ("--token-burst", "1000000000", "--token-rate", "1000000")


class Workload(collections.namedtuple("Workload", "title target connections role known depth posts rivals")):
    """One row of requests. `known`: with the ETag of the last answer. `rivals`: contender to the least ratio of the
    service's rate to its rate, None where there is no such aim."""


def work(title, target, connections=64, role=None, known=False, depth=1, posts=False, **rivals):
    return Workload(title, target, connections, role, known, depth, posts, rivals)


WORKLOADS = {
    "W1": work("health check", "/healthz", nginx=0.85, nginx_unlogged=None),
    "W1p": work("health check, 16 deep", "/healthz", depth=16, nginx=2, nginx_unlogged=None),
    "W2": work("poll 25 matches, each person in the ledger", MATCHES, role="landlord", sqlite_matches=None,
               sqlite_matches_ledger=None),
    "W2n": work("poll 25 dwellings: nobody in them", DWELLINGS, role="landlord", sqlite_dwellings=0.65),
    "W2c": work("poll 25 matches, 304", MATCHES, role="landlord", known=True, sqlite_token=None),
    "W2l": work("list 25 referrals, each person in the ledger", REFERRALS, role="coordinator", sqlite_referrals=None,
                sqlite_referrals_ledger=None),
    "W3x1": work("post a referral", "/v1/referrals", 1, "referrer", posts=True, sqlite_post=None),
    "W3x16": work("post a referral", "/v1/referrals", 16, "referrer", posts=True, sqlite_post=None,
                  sqlite_post_16=None),
    "W3x64": work("post a referral", "/v1/referrals", 64, "referrer", posts=True, sqlite_post=4, sqlite_post_64=None),
}
# SQLite alone: its statements, how many rounds share a commit, and whose token asks.
LIMITS = {
    "sqlite_token": (["token"], 0, "landlord"),
    "sqlite_matches": (["token", "matches"], 0, "landlord"),
    "sqlite_matches_ledger": (["token", "matches", "matches-ledger"], 64, "landlord"),
    "sqlite_dwellings": (["token", "dwellings"], 0, "landlord"),
    "sqlite_referrals": (["token", "referrals"], 0, "coordinator"),
    "sqlite_referrals_ledger": (["token", "referrals", "referrals-ledger"], 64, "coordinator"),
    "sqlite_post": (["token", "post"], 1, "referrer"),
    "sqlite_post_16": (["token", "post"], 16, "referrer"),
    "sqlite_post_64": (["token", "post"], 64, "referrer"),
}
NGINX = """
daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/nginx.error;
events {{ worker_connections 1024; }}
http {{
  access_log {log};
  keepalive_requests 1000000000;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port} reuseport;
    location = /healthz {{ default_type application/json; return 200 '{{"status":"ok"}}'; }}
  }}
}}
"""
HEAD = ["workload", "who", "rate/s", "from – to", "service ÷ it", "aim", "p50 ms", "p99 ms", "CPU µs each", "peak MiB",
        "other cores"]


class Bench:
    """One run: the executable, the database that every round starts from, and the folder it all happens in."""

    def __init__(self, options, folder):
        self.options, self.folder, self.runs = options, folder, 0
        self.binary = pathlib.Path(options.binary).resolve() if options.binary else service.build()
        self.limit = folder / "sqlite_limit"
        subprocess.run(["cc", "-O2", "-o", self.limit, HERE / "sqlite_limit.c", "-lsqlite3"], check=True)
        person = service.referral("")["person"] | {"familyName": "@name@", "birthDate": "@day@"}
        (folder / "body.json").write_text(json.dumps(service.referral("@@", person=person)))
        seed = folder / "seed"
        seed.mkdir()
        self.region = service.Region(self.binary, seed, options.referrals)
        self.tokens = dict(self.region.tokens)
        self.offer_homes(seed)

    def offer_homes(self, seed):
        """A landlord with 25 live matches whose candidates have accepted, so that it sees who they are."""
        made = self.region.run("organisation", "add", "--kind", "housing_corporation", "--name", "Woonstichting Maat",
                               "--json")
        self.tokens["landlord"] = self.region.run(
            "token", "issue", "--organisation", made["id"], "--role", "allocator", "--label", "benchmark")
        running = service.Service(self.binary, seed / "thuispunt.db")

        def post(target, role, body):
            reply = running.call("POST", target, self.tokens[role], body)
            return reply.json()["id"] if reply.status == 201 else None

        coordinator, offered, page = self.tokens["coordinator"], 0, "/v1/referrals?status=waiting&limit=100"
        while page and offered < 25:
            reply = running.call("GET", page, coordinator)
            for candidate in reply.json()["items"]:
                if offered == 25:
                    break
                home = post("/v1/dwellings", "landlord", {
                    "form": "independent_ambulatory", "municipality": "GM0153", "neighbourhood": "Lasonder",
                    "address": {"street": "Lindenstraat", "houseNumber": str(offered + 1), "postcode": "7511 AB",
                                "city": "Enschede"},
                    "rooms": 2, "rent": 62500, "serviceCost": 4500, "householdMaximum": 4, "petsAllowed": True,
                    "availableFrom": "2030-01-01", "externalReference": "home-%d" % offered})
                match = post("/v1/matches", "coordinator", {
                    "referral": candidate["id"], "dwelling": home, "reason": "First in the queue for this place."})
                # A candidate without consent to share can not be matched; that dwelling stays free.
                offered += match is not None and post("/v1/matches/%s/responses" % match, "coordinator", {
                    "answer": "accept", "onBehalfOf": "candidate"}) is not None
            link = reply.fields.get("link", "")
            page = link[link.index("<") + 1:link.index(">")] if "<" in link else None
        running.stop()
        if offered < 25:
            raise service.Failure("only %d of 25 matches could be offered; take more --referrals" % offered)

    @contextlib.contextmanager
    def fresh(self):
        """A folder with a copy of the database, gone afterwards."""
        place = self.folder / "round"
        shutil.copytree(self.folder / "seed", place)
        try:
            yield place
        finally:
            shutil.rmtree(place)

    def check(self, running, workload):
        """Asks once and holds the answer against what it should be; gives its ETag."""
        if workload.posts:
            body = (self.folder / "body.json").read_text().replace("@@", "checked").replace("@name@", "Maatman").replace(
                "@day@", "1990-02-17").encode()
            replies = [running.call("POST", workload.target, self.tokens[workload.role], body, Idempotency_Key="checked")
                       for _ in range(2)]
            right = [r.status for r in replies] == [201, 201] and replies[0].body == replies[1].body
        else:
            token = self.tokens.get(workload.role)
            reply = running.call("GET", workload.target, token)
            right = reply.status == 200 and (
                len(reply.json()["items"]) == 25 if token else reply.body == b'{"status":"ok"}')
            if workload.target == MATCHES:
                right = right and all("familyName" in m["candidate"] for m in reply.json()["items"])
            if right and workload.known:
                etag = reply.fields["etag"]
                right = running.call("GET", workload.target, token, If_None_Match=etag).status == 304
                return etag if right else self.wrong(workload)
        return None if right else self.wrong(workload)

    def wrong(self, workload):
        raise service.Failure("the answer to %s is not as it should be" % workload.target)

    def drive(self, port, workload, seconds, etag):
        """wrk for some seconds; its figures."""
        self.runs += 1
        given = {"TARGET": workload.target, "DEPTH": str(workload.depth), "RUN": str(self.runs), "ETAG": etag,
                 "TOKEN": self.tokens.get(workload.role), "BODY": workload.posts and str(self.folder / "body.json")}
        threads = min(workload.connections, self.options.wrk_threads)
        done = subprocess.run(
            ["wrk", "-t%d" % threads, "-c%d" % workload.connections, "-d%ds" % seconds, "--timeout", "10s", "-s",
             str(HERE / "load.lua"), "http://127.0.0.1:%d" % port],
            env=os.environ | {name: value for name, value in given.items() if value}, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=seconds + 60)
        for line in done.stdout.splitlines():
            if line.startswith("RESULT "):
                return json.loads(line.removeprefix("RESULT "))
        raise service.Failure("wrk gave no result: " + done.stdout)

    def measure_server(self, server, workload, etag=None):
        self.drive(server.port, workload, 1, etag)
        # CPU counts from here; wrk's own is that of this process's children.
        busy, own, before = service.busy_seconds(), sum(os.times()[2:4]), server.cpu_seconds()
        found = self.drive(server.port, workload, self.options.seconds, etag)
        used = server.cpu_seconds() - before
        other = service.busy_seconds() - busy - used - (sum(os.times()[2:4]) - own)
        if found["errors"]:
            raise service.Failure("%d errors at %s" % (found["errors"], workload.target))
        return found | {"cpu": used, "memory": server.memory_mib("VmHWM"), "other": other / found["seconds"]}

    def measure(self, who, workload):
        service.wait_for_quiet(self.options.patience)
        with self.fresh() as place:
            if who in LIMITS:
                return self.measure_sqlite(who, place)
            if who == "service":
                server = service.Service(self.binary, place / "thuispunt.db", *self.options.serve.split(),
                                         limits=ROOMY)
            else:
                server = self.start_nginx(place, "off" if who == "nginx_unlogged" else
                                          "%s/access.log combined buffer=64k flush=50ms" % place)
            try:
                etag = self.check(server, workload) if who == "service" else None
                return self.measure_server(server, workload, etag)
            finally:
                server.stop()

    def start_nginx(self, place, log):
        port = service.free_port()
        (place / "nginx.conf").write_text(NGINX.format(folder=place, port=port, log=log))
        server = service.Process(["nginx", "-e", place / "nginx.error", "-c", place / "nginx.conf"], place / "nginx.log")
        server.port = port

        def answers():
            with contextlib.suppress(OSError):
                return service.call(port, "GET", "/healthz").body == b'{"status":"ok"}'

        service.wait_until(answers, "the start of nginx")
        return server

    def measure_sqlite(self, who, place):
        names, per_commit, role = LIMITS[who]
        statements = place / "statements.sql"
        statements.write_text("".join((HERE / "limits" / (name + ".sql")).read_text() for name in names))
        digest = hashlib.sha256(self.tokens[role].encode()).hexdigest()
        found = subprocess.run(
            ["sqlite3", place / "thuispunt.db", "SELECT hex(id), hex(organisation_id) FROM access_token "
             "WHERE hash = x'%s'" % digest], check=True, stdout=subprocess.PIPE, text=True).stdout.strip().split("|")
        busy = service.busy_seconds()
        done = subprocess.run(
            [self.limit, place / "thuispunt.db", str(self.options.seconds), str(per_commit), statements,
             "hash=" + digest, "token=" + found[0], "organisation=" + found[1]],
            check=True, stdout=subprocess.PIPE, text=True)
        figures = json.loads(done.stdout)
        each = figures["seconds"] / figures["requests"] * 1e3
        other = (service.busy_seconds() - busy - figures["cpu"]) / figures["seconds"]
        return figures | {"p50": each, "p99": None, "other": other}


def row(name, workload, who, runs, reference):
    """One line of the table."""
    rates = [r["requests"] / r["seconds"] for r in runs]

    # wrk mends its latencies for one request at a time, which makes nothing of those that are pipelined.
    def median(of):
        values = [of(r) for r in runs]
        return None if None in values else statistics.median(values)

    def text(value, form):
        return "–" if value is None else form % value

    ratio = reference / statistics.median(rates)
    aim = workload.rivals.get(who)
    return [
        name, who.replace("_", " "), "%.0f" % statistics.median(rates), "%.0f – %.0f" % (min(rates), max(rates)),
        "" if who == "service" else "%.2f" % ratio,
        "" if aim is None else "≥ %g %s" % (aim, "met" if ratio >= aim else "**missed**"),
        text(None if workload.depth > 1 else median(lambda r: r["p50"]), "%.2f"),
        text(None if workload.depth > 1 else median(lambda r: r["p99"]), "%.2f"),
        text(median(lambda r: r["cpu"] / r["requests"] * 1e6), "%.1f"), text(median(lambda r: r["memory"]), "%.0f"),
        text(median(lambda r: r["other"]), "%.2f"),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default=",".join(WORKLOADS), help="workloads with commas (default: all)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="length of one measurement (5)")
    parser.add_argument("--referrals", type=int, default=20000, help="size of the demo region (20000)")
    parser.add_argument("--wrk-threads", type=int, default=1, help="wrk's own threads (1)")
    parser.add_argument("--patience", type=int, default=20, help="seconds to wait for a quiet machine each time (20)")
    parser.add_argument("--binary", help="an executable that is there already, instead of a build")
    parser.add_argument("--serve", default="", help="further arguments of `thuispunt serve`")
    options = parser.parse_args()
    unknown = set(options.only.split(",")) - set(WORKLOADS)
    if unknown:
        parser.error("there is no %s; there are %s" % (", ".join(unknown), ", ".join(WORKLOADS)))
    for tool, package in [("wrk", "wrk"), ("nginx", "nginx-light"), ("sqlite3", "sqlite3"), ("cc", "gcc libc6-dev")]:
        if not service.provide(tool, package):
            sys.exit("SKIPPED, because %s is missing and could not be installed; nothing was measured" % tool)
    rows = []
    with service.scratch() as folder:
        bench = Bench(options, folder)
        for name in options.only.split(","):
            workload = WORKLOADS[name]
            runs = {who: [] for who in ["service", *workload.rivals]}
            for number in range(options.rounds):
                for who, found in runs.items():
                    print("%s: round %d of %s" % (name, number + 1, who), file=sys.stderr)
                    found.append(bench.measure(who, workload))
            reference = statistics.median(r["requests"] / r["seconds"] for r in runs["service"])
            rows += [row(name, workload, who, found, reference) for who, found in runs.items()]
    print(service.table(HEAD, rows))
    print()
    for name in options.only.split(","):
        work = WORKLOADS[name]
        print("- %s: %s, %d connection%s" % (name, work.title, work.connections, "s"[:work.connections > 1]))


if __name__ == "__main__":
    main()
