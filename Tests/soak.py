#!/usr/bin/env python3
"""Copies that follow the change feed for long, while everybody writes at random and the service is stopped, killed and
put back to an earlier copy: whenever it is quiet each has exactly what its role can read. The copies are those of
deploy/examples/mirror.py, and are killed now and then too. A run prints its seed; --short is for every run of the
tests."""
import argparse
import contextlib
import datetime
import http.client
import json
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time

import mirrors
import service

FOLLOWERS = ["referrer", "supporter", "policymaker", "intaker", "coordinator", "allocator", "panel", "candidate"]
WRITERS = 3
# After so long everybody is quiet for a moment, and the copies are compared.
ROUND_SECONDS = 30
FORMS = ["independent_ambulatory", "shared", "clustered", "independent"]
MOVES = {
    "ask_information": {"reason": "The end of the stay is not in it."}, "give_information": {}, "start_intake": {},
    "complete_report": {}, "resume": {}, "hold": {"reason": "Away for a while."}, "lose_home": {"reason": "Evicted."},
    "admit": {"urgency": "urgent", "urgencyGround": "The place ends.", "form": "independent_ambulatory",
              "agreementWaived": "Could not be reached."},
    "withdraw": {"reason": "At their own word."}, "reject": {"advice": ["neighbourhood_team"], "reason": "No need."},
    "redirect": {"advice": ["other_region"], "reason": "Family is there."},
}
ENDS = {"withdraw", "reject", "redirect"}


class Region:
    """The service that comes and goes, who speaks to it, and the account of what was answered."""

    def __init__(self, binary, folder, seed):
        self.folder, self.seed, self.random = pathlib.Path(folder), seed, random.Random(seed)
        self.region = service.Region(binary, folder, 30)
        self.binary, self.port, self.running = binary, service.free_port(), None
        self.lock, self.ending = threading.Lock(), threading.Event()
        self.counts = {name: 0 for name in ("acknowledged", "refused", "unanswered", "restarts", "kills", "restores",
                                            "mirror kills")}
        self.kinds, self.wrong = {}, []
        self.tokens = self.region.tokens
        # Who is named when others are kept out is named by the id of a token.
        self.names = {}
        for line in subprocess.run([binary, "token", "list", "--json", "--database", self.region.database], check=True,
                                   stdout=subprocess.PIPE, text=True).stdout.splitlines():
            token = json.loads(line)
            if "revokedAt" not in token:
                self.names[token["role"]] = token["id"]
        # What shows while the glass is broken is in nobody's feed, so whoever breaks it has no copy.
        self.tokens["helper"] = self.region.run(
            "token", "issue", "--organisation", self.tokens["intake_point"], "--role", "intaker", "--label", "soak")

    def start(self):
        self.running = service.Service(self.binary, self.region.database, port=self.port)

    def restart(self):
        if self.running.stop() != 0:
            raise service.Failure("the service did not end well")
        self.start()
        self.counts["restarts"] += 1

    def kill(self):
        self.running.stop(signal.SIGKILL)
        self.start()
        self.counts["kills"] += 1

    def go_back(self):
        """Goes on from a copy that was made some time ago."""
        copy = self.folder / "earlier.db"
        self.region.run("backup", copy)
        time.sleep(self.random.uniform(0.5, 3))
        if self.running.stop() != 0:
            raise service.Failure("the service did not end well")
        self.region.run("restore", copy, "--force")
        copy.unlink()
        self.start()
        self.counts["restores"] += 1

    def count(self, name, action=None):
        with self.lock:
            self.counts[name] += 1
            if action:
                self.kinds[action] = self.kinds.get(action, 0) + 1


class Writer(threading.Thread):
    """Somebody who does something at random, again and again, in one role or another. What is refused is as good: the
    feed has to be right whatever comes."""

    def __init__(self, region, number, seed):
        super().__init__(daemon=True)
        self.region, self.number, self.random = region, number, random.Random(seed)
        self.turn = 0
        self.connection = None
        self.story = region.tokens["candidate_referral"]

    def run(self):
        actions, weights = zip(*((getattr(self, name), weight) for name, weight in ACTIONS.items()))
        while not self.region.ending.is_set():
            self.turn += 1
            try:
                self.random.choices(actions, weights)[0]()
            except (OSError, http.client.HTTPException):
                self.connection = None
                self.region.count("unanswered")
                time.sleep(0.1)
            except Exception as error:  # pylint: disable=broad-except
                self.region.wrong.append("%s: %s" % (type(error).__name__, error))
                return
            time.sleep(self.random.uniform(0, 0.04))

    # What they ask with

    def call(self, role, method, target, body=None, **fields):
        self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.region.port, timeout=30)
        head = {"Authorization": "Bearer " + self.region.tokens[role], "Content-Type": "application/json",
                "If-Match": "*", **fields}
        self.connection.request(method, target, None if body is None else json.dumps(body), head)
        reply = service.Reply(self.connection.getresponse())
        if method != "GET":
            done = reply.status in (200, 201)
            name = target.split("?")[0].split("/")
            self.region.count("acknowledged" if done else "refused",
                              "%s %s" % (method, name[-1] if len(name) != 4 else name[2]) if done else None)
        if reply.status >= 500 and reply.status != 503:
            self.region.wrong.append("%s %s: %d %s" % (method, target, reply.status, reply.body[:300]))
        return reply

    def one_of(self, role, path, query=""):
        """Something of a list that the role can read, rather a new one than an old one."""
        items = self.list(role, "%s?limit=%d%s" % (path, self.random.choice([10, 100]), query))
        return self.random.choice(items) if items else None

    def list(self, role, target):
        reply = self.call(role, "GET", target)
        return reply.json()["items"] if reply.status == 200 else []

    def referral(self, query=""):
        """A referral to do something with; often the one of whom the candidate's copy tells."""
        if not query and self.random.random() < 0.2:
            return "/v1/referrals/" + self.story
        found = self.one_of("coordinator", "/v1/referrals", query)
        return "/v1/referrals/" + (found["id"] if found else self.story)

    def role(self, *roles):
        return self.random.choice(roles)

    @staticmethod
    def day(days):
        return (datetime.date.today() + datetime.timedelta(days=days)).isoformat()

    # What they do

    def post(self):
        reference = "SOAK-%d-%d" % (self.number, self.random.getrandbits(48))
        draft = service.referral(reference, person={
            "givenName": "Robin", "familyName": reference.replace("-", " "), "birthDate": "1990-02-17"})
        self.call(self.role("referrer", "intaker"), "POST", "/v1/referrals", draft)

    def move(self):
        path = self.referral()
        role = self.role("intaker", "coordinator", "coordinator", "referrer")
        moves = self.call(role, "GET", path + "/transitions")
        moves = [move["move"] for move in moves.json()["moves"]] if moves.status == 200 else []
        moves = [move for move in moves if move in MOVES and (
            move not in ENDS or (self.random.random() < 0.05 and not path.endswith(self.story)))]
        if moves:
            move = self.random.choice(moves)
            more = {"until": self.day(40)} if move == "hold" else {}
            if move == "complete_report":
                self.report(path)
            self.call(role, "POST", path + "/transitions", {"move": move, **MOVES[move], **more})

    def report(self, path=None):
        self.call("intaker", "POST", (path or self.referral()) + "/intake", {
            "summary": "Wants a home near family.", "conditions": [{"condition": "income", "level": 3}],
            "skills": [{"skill": "money", "level": 2}], "risks": [], "supportNeeds": ["money"],
            "advisedForm": "independent_ambulatory", "incomePerMonth": 180000, "personalPlanReceived": False,
            "clientSupportOffered": True})

    def wish(self):
        path = self.referral()
        role = "candidate" if path.endswith(self.story) else self.role("intaker", "referrer")
        self.call(role, "POST", path + "/wishes", {
            "wishes": [{"form": self.random.choice(FORMS), "municipalities": ["GM0153"],
                        "note": "Turn %d" % self.turn}]})

    def patch(self):
        self.call(self.role("referrer", "intaker"), "PATCH", self.referral(), {
            "household": {"adults": self.random.randint(1, 2), "children": self.random.randint(0, 2), "pets": False}},
            **{"Content-Type": "application/merge-patch+json"})

    def consent(self):
        path, role = self.referral(), self.role("candidate", "intaker")
        if self.random.random() < 0.6:
            self.call(role, "POST", path + "/consents", {
                "purpose": self.random.choice(["intake", "matching", "share_with_landlord"])})
        else:
            given = self.list(role, path + "/consents")
            if given:
                self.call(role, "POST", "%s/consents/%s/withdrawals" % (path, self.random.choice(given)["id"]), {})

    def offer_dwelling(self):
        panel = self.random.random() < 0.2
        organisation = {"organisation": self.region.tokens["panel_organisation"]} if panel else {}
        self.call("coordinator" if panel else "allocator", "POST", "/v1/dwellings", {
            "form": self.random.choice(FORMS), "municipality": self.random.choice(["GM0153", "GM0164"]),
            "neighbourhood": "Lasonder", "rooms": 3, "rent": 62500, "serviceCost": 4500, "householdMaximum": 4,
            "petsAllowed": False, "availableFrom": self.day(14), "address": {
                "street": "Lindenstraat", "houseNumber": str(self.turn), "postcode": "7511 AB", "city": "Enschede"},
            **organisation})

    def change_dwelling(self):
        home = self.one_of("coordinator", "/v1/dwellings")
        if home:
            change = self.random.choice([{"rooms": self.random.randint(1, 5)}, {"remarks": "Turn %d." % self.turn},
                                         {"status": "withdrawn"}, {"status": "free"}, {"rent": 50000 + self.turn}])
            self.call(self.role("allocator", "coordinator"), "PATCH", "/v1/dwellings/" + home["id"], change,
                      **{"Content-Type": "application/merge-patch+json"})

    def propose(self):
        home = self.one_of("coordinator", "/v1/dwellings", "&status=free")
        path = self.referral(self.random.choice(["", "&status=waiting"]))
        if home:
            self.call("coordinator", "POST", "/v1/matches", {
                "referral": path.rsplit("/", 1)[1], "dwelling": home["id"], "reason": "First in the queue.",
                "offer": self.random.random() < 0.9})

    def run_matches(self):
        self.call("coordinator", "POST", "/v1/match-runs", {"dry": self.random.random() < 0.3})

    def answer_match(self):
        role = self.role("allocator", "coordinator", "candidate", "panel")
        match = self.one_of(role, "/v1/matches", self.random.choice(["", "&status=offered", "&status=offered"]))
        if not match:
            return
        path = "/v1/matches/" + match["id"]
        if role == "coordinator" and self.random.random() < 0.4:
            if match["status"] == "proposed":
                self.call(role, "POST", path + "/offers", {})
            elif "declinedBy" in match:
                self.call(role, "POST", path + "/reviews", {
                    "outcome": self.random.choice(["uphold", "ask_again", "override"]), "reason": "As talked about."})
            return
        answer = {"answer": "accept"} if self.random.random() < 0.65 else {
            "answer": "decline", "note": "Turn %d." % self.turn,
            "reason": "dwelling_unsuitable" if role in ("allocator", "panel") else "wants_to_wait"}
        if role == "panel" and answer["answer"] == "accept":
            answer["vote"] = {"present": 5, "inFavour": 4}
        if role == "coordinator":
            answer = {**answer, "onBehalfOf": "candidate"} if self.random.random() < 0.9 else {"answer": "withdraw"}
        self.call(role, "POST", path + "/responses", answer)

    def ask_support(self):
        path = self.referral(self.random.choice(["", "&status=waiting", "&status=accepted"]))
        self.call("coordinator", "POST", path + "/support-requests", {
            "provider": self.region.tokens["supporter_organisation"], "hoursPerWeek": self.random.randint(1, 8),
            "needs": ["money"], "wantedFrom": self.day(7), "agreedWithCandidate": True})

    def answer_support(self):
        request = self.one_of("supporter", "/v1/support-requests", "&status=asked")
        if request:
            answer = {"answer": "accept", "startsOn": self.day(7),
                      "contact": {"name": "Noor Smit", "phone": "+31610000000"}}
            if self.random.random() < 0.3:
                answer = {"answer": "decline", "reason": "no_capacity"}
            self.call("supporter", "POST", "/v1/support-requests/%s/responses" % request["id"], answer)

    def move_in(self):
        match = self.one_of("allocator", "/v1/matches", "&status=accepted")
        if match:
            self.call("allocator", "POST", "/v1/tenancies", {"match": match["id"], "startsOn": self.day(14)})

    def restrict(self):
        path = self.referral()
        if self.random.random() < 0.5:
            people = self.random.choice([["coordinator"], ["coordinator", "referrer"], ["coordinator", "allocator"],
                                         ["intaker", "supporter"], []])
            self.call(self.role("coordinator", "intaker"), "POST", path + "/restriction", {
                "reason": "Somebody looks for this person.",
                "people": [self.region.names[name] for name in people]})
        else:
            role = self.role("coordinator", "intaker")
            if self.random.random() < 0.3:
                role = "helper"
                self.call(role, "POST", path + "/emergency-access", {"reason": "Somebody is in danger."})
            self.call(role, "POST", path + "/restriction", {"reason": "The threat is over.", "ended": True})

    def signal(self):
        role = self.role("supporter", "referrer", "coordinator", "candidate", "allocator")
        draft = {"kind": self.random.choice(["crisis", "lost_contact", "damage"]), "note": "Turn %d." % self.turn}
        if role == "allocator":
            home = self.one_of(role, "/v1/tenancies")
            if not home:
                return
            draft = {**draft, "kind": "nuisance", "tenancy": home["id"]}
        else:
            draft["referral"] = self.referral().rsplit("/", 1)[1]
        self.call(role, "POST", "/v1/signals", draft)

    def answer_signal(self):
        role = self.role("supporter", "coordinator")
        found = self.one_of(role, "/v1/signals")
        if found:
            self.call(role, "POST", "/v1/signals/%s/responses" % found["id"], {
                "outcome": self.random.choice(["helped", "not_reached", "unfounded"]), "note": "Called."})

    def do_task(self):
        role = self.role("coordinator", "intaker", "supporter", "allocator", "referrer")
        task = self.one_of(role, "/v1/tasks", "&status=open")
        if task:
            self.call(role, "POST", "/v1/tasks/%s/completions" % task["id"], {"note": "Done."})

    def consult(self):
        role = self.role("referrer", "supporter")
        asked = self.one_of("intaker", "/v1/consultations")
        if asked and self.random.random() < 0.5:
            self.call("intaker", "POST", "/v1/consultations/%s/responses" % asked["id"], {"text": "Call the team."})
        else:
            self.call(role, "POST", "/v1/consultations", {
                "opening": {"declined": True}, "route": "clinic_exit", "municipality": "GM0153",
                "question": "Where could somebody of forty go from a clinic?"})

    def hand_over(self):
        given = self.one_of("coordinator", "/v1/handovers")
        if given and self.random.random() < 0.6:
            answer = self.random.choice([{"answer": "withdraw"}, {"answer": "decline", "reason": "no_capacity"}])
            self.call("coordinator", "POST", "/v1/handovers/%s/responses" % given["id"], answer)
        else:
            self.call("coordinator", "POST", "/v1/handovers", {
                "referral": self.referral().rsplit("/", 1)[1], "to": {"name": "Regio Zuid"}, "reason": "Family.",
                "consentGivenOn": self.day(0), "parts": [
                    {"part": "origin", "ground": "municipal_task"}, {"part": "identity", "ground": "municipal_task"},
                    {"part": "care", "ground": "consent"}, {"part": "contact", "ground": "consent"}]})

    def link(self):
        for_whom = self.one_of("coordinator", "/v1/referrals")
        alike = for_whom and for_whom.get("possibleDuplicates")
        if alike:
            self.call("coordinator", "POST", "/v1/referrals/%s/links" % for_whom["id"], {
                "referral": self.random.choice(alike)["id"], "note": "Turn %d." % self.turn,
                "outcome": self.random.choice(["same_person", "different_people", "undecided"])})

    def forget(self):
        path = self.referral("&status=withdrawn,rejected,redirected,closed")
        asked = self.call("intaker", "POST", path + "/erasure-requests", {})
        if asked.status == 201 and not path.endswith(self.story):
            self.call("coordinator", "POST", "%s/erasure-requests/%s/decisions" % (path, asked.json()["id"]), {
                "outcome": self.random.choice(["granted", "granted", "refused"]), "note": "Turn %d." % self.turn})


# What is done how often.
ACTIONS = {
    "post": 6, "move": 30, "wish": 6, "patch": 5, "consent": 5, "offer_dwelling": 6, "change_dwelling": 5,
    "propose": 12, "run_matches": 1, "answer_match": 22, "ask_support": 8, "answer_support": 8, "move_in": 6,
    "restrict": 8, "signal": 5, "answer_signal": 3, "do_task": 5, "consult": 3, "hand_over": 3,
    "link": 2, "forget": 2,
}


def disturb(region, copies, seconds):
    """Stops and kills the service and the copies at random moments. The return to an earlier copy comes first, as it
    has everything read again, which mends what was missed before."""
    region.go_back()
    deeds, order = [region.restart, region.kill, lambda: kill_one(region, copies)], []
    ending = time.monotonic() + seconds
    while time.monotonic() < ending:
        order = order or region.random.sample(deeds, len(deeds))
        time.sleep(region.random.uniform(0.5, 2 if seconds < 20 else 8))
        order.pop()()
        ended = [copy for copy in copies if not copy.process.is_running()]
        if ended:
            raise service.Failure("the copy of the %s ended by itself: %s" % (
                ended[0].name, ended[0].log.read_text()[-500:]))


def kill_one(region, copies):
    copy = region.random.choice(copies)
    copy.stop(signal.SIGKILL)
    copy.start()
    region.counts["mirror kills"] += 1


def a_round(region, copies, number, seconds):
    """Writes and disturbances for a while, then quiet, and each copy is held against what can be read."""
    writers = [Writer(region, who, "%d %d %d" % (region.seed, number, who)) for who in range(WRITERS)]
    region.ending.clear()
    for writer in writers:
        writer.start()
    try:
        disturb(region, copies, seconds)
    finally:
        region.ending.set()
        for writer in writers:
            writer.join(60)
    if region.wrong:
        raise service.Failure("%d strange answers; the first: %s" % (len(region.wrong), region.wrong[0]))
    # What was asked to be forgotten is gone, by another process.
    region.region.run("retention", "apply", "--yes")
    region.region.run("verify")
    ever = mirrors.everything(region.region.database)
    found = [difference for copy in copies for difference in copy.settled(ever)]
    if found:
        raise service.Failure("round %d: %d differences:\n%s" % (number + 1, len(found), "\n".join(found[:40])))


def soak(binary, folder, seed, seconds):
    region = Region(binary, folder, seed)
    copies = [mirrors.Mirror(role, region.tokens[role], region.port, folder) for role in FOLLOWERS]
    rounds = max(1, round(seconds / ROUND_SECONDS))
    try:
        region.start()
        for copy in copies:
            copy.start()
        try:
            for number in range(rounds):
                a_round(region, copies, number, seconds / rounds)
        finally:
            report(region, copies)
        for copy in copies:
            copy.stop()
        if region.running.stop() != 0:
            raise service.Failure("the service did not end well")
    finally:
        for process in [copy.process for copy in copies] + [region.running]:
            if process and process.is_running():
                process.stop(signal.SIGKILL)


def report(region, copies):
    print("writes and disturbances: " + ", ".join("%s %d" % item for item in region.counts.items()))
    print("acknowledged: " + ", ".join("%s %d" % item for item in sorted(region.kinds.items())))
    with contextlib.closing(mirrors.sqlite3.connect(region.region.database)) as db:
        last, = db.execute("SELECT sequence FROM feed_position").fetchone()
    print("events written: %d" % last)
    rows = []
    for copy in copies:
        log = copy.log.read_text()
        rows.append([copy.name, len(copy.copy()), log.count("read again"), log.count("once more in")])
    print(service.table(["copy of", "things", "read again from the beginning", "waited for the service"], rows))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=pathlib.Path, help="an executable that is there already")
    parser.add_argument("--seconds", type=int, default=300, help="how long (300)")
    parser.add_argument("--short", action="store_true", help="some seconds of it")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    wanted = parser.parse_args()
    binary = (wanted.binary or service.build()).resolve()
    print("seed %d" % wanted.seed, flush=True)
    with service.scratch() as folder:
        soak(binary, folder, wanted.seed, 8 if wanted.short else wanted.seconds)


if __name__ == "__main__":
    try:
        main()
    except service.Failure as failure:
        sys.exit("soak: %s" % failure)
