"""deploy/examples/mirror.py as a process next to a running service, and its copy held against what its token may read.
For the checks of the examples and the soak."""
import contextlib
import json
import os
import pathlib
import signal
import sqlite3
import sys
import time

import service

EXAMPLES = service.REPOSITORY / "deploy/examples"
# Kinds of thing that the feed tells of, and their paths; their tables have the same names.
KINDS = {
    "referral": "/v1/referrals", "match": "/v1/matches", "support-request": "/v1/support-requests",
    "tenancy": "/v1/tenancies", "dwelling": "/v1/dwellings", "task": "/v1/tasks", "signal": "/v1/signals",
    "handover": "/v1/handovers", "consultation": "/v1/consultations",
}
# Marks that follow from today's date and a day in the same body (`dueOn`, `askAgainAfter`): they turn at midnight
# without anybody changing anything, so a copy may have yesterday's. And `possibleDuplicates` is worked out from other
# people's referrals whenever it is read, which the description says is told only when a new referral changes it.
NOT_COMPARED = {"overdue", "stale", "possibleDuplicates"}


def environment(port, token):
    """The variables by which an example finds the service, and nothing of a token that lies about elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("THUISPUNT_")}
    return {**kept, "THUISPUNT_URL": "http://127.0.0.1:%d" % port, "THUISPUNT_TOKEN": token, "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1"}


def unlike(one, other, place=""):
    """The first place at which two bodies differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted(set(one) | set(other)):
            if one.get(name) != other.get(name):
                return unlike(one.get(name), other.get(name), "%s/%s" % (place, name))
    return "%s: %s in the copy, %s in truth" % (place, json.dumps(one)[:200], json.dumps(other)[:200])


def compared(value):
    if isinstance(value, list):
        return [compared(item) for item in value]
    if isinstance(value, dict):
        return {name: compared(item) for name, item in value.items() if name not in NOT_COMPARED}
    return value


class Mirror:
    """A copy that follows as somebody."""

    def __init__(self, name, token, port, folder):
        self.name, self.token, self.port = name, token, port
        self.file = pathlib.Path(folder) / ("mirror-%s.db" % name)
        self.log = pathlib.Path(folder) / ("mirror-%s.log" % name)
        self.process = None

    def start(self, *arguments):
        self.process = service.Process([sys.executable, EXAMPLES / "mirror.py", *arguments, self.file], self.log,
                                       env=environment(self.port, self.token))
        return self

    def stop(self, how=signal.SIGTERM):
        return self.process.stop(how)

    def ask(self, target):
        return service.call(self.port, "GET", target, fields={"Authorization": "Bearer " + self.token})

    def query(self, statement):
        with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % self.file, uri=True, timeout=30)) as db:
            return db.execute(statement).fetchall()

    def copy(self):
        """What it has: bodies by kind and id."""
        return {(kind, name): json.loads(body) for kind, name, body in self.query("SELECT kind, id, body FROM thing")}

    def is_at_the_end(self):
        with contextlib.suppress(sqlite3.OperationalError):
            for (after,) in self.query("SELECT after FROM feed WHERE after IS NOT NULL AND NOT rereading"):
                reply = self.ask("/v1/changes?after=" + after)
                return reply.status == 200 and reply.json()["items"] == []
        return False

    def listed(self):
        """The kind and id of everything in the lists of whoever it follows as; what a role has no list of is 403."""
        found = set()
        for kind, path in KINDS.items():
            target = path + "?limit=100"
            while target:
                reply = self.ask(target)
                if reply.status == 403:
                    break
                if reply.status != 200:
                    raise service.Failure("%s: %d" % (target, reply.status))
                found |= {(kind, item["id"]) for item in reply.json()["items"]}
                link = reply.fields.get("link", "")
                target = link[1:link.index(">")] if 'rel="next"' in link else None
        return found

    def differences(self, everything):
        """What it has otherwise than what can be read, of everything that there is or ever was."""
        copy, found = self.copy(), []
        for kind, name in sorted(everything | set(copy) | self.listed()):
            reply = self.ask("%s/%s" % (KINDS[kind], name))
            here = copy.get((kind, name))
            what = "%s %s of the %s" % (kind, name, self.name)
            if reply.status not in (200, 403, 404):
                found.append("%s: answers %d" % (what, reply.status))
            elif (reply.status == 200) != (here is not None):
                found.append("%s: answers %d, and is %sin the copy" % (
                    what, reply.status, "not " if here is None else ""))
            elif here is not None and compared(here) != compared(reply.json()):
                found.append("%s: %s" % (what, unlike(compared(here), compared(reply.json()))))
        return found

    def settled(self, everything):
        """Waits for the end of the feed; what it then has otherwise than what can be read. As something may happen by
        itself in between, it has a few tries."""
        service.wait_until(self.is_at_the_end, "the end of the feed of the " + self.name, 180)
        for _ in range(5):
            found = self.differences(everything)
            if not found:
                break
            time.sleep(1)
        return found


def everything(database):
    """The kind and id of all there is in a database."""
    with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % database, uri=True, timeout=30)) as db:
        found = set()
        for kind in KINDS:
            for (name,) in db.execute("SELECT lower(hex(id)) FROM " + kind.replace("-", "_")):
                found.add((kind, "-".join((name[:8], name[8:12], name[12:16], name[16:20], name[20:]))))
        return found
