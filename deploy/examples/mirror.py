#!/usr/bin/env python3
"""Keeps a copy of everything that a token may read, in a SQLite file, by following the change feed.

    mirror.py FILE.db            goes on for ever (for systemd)
    mirror.py --once FILE.db     until there is nothing new (for cron)

Stop it, kill it, restart it or the service: it goes on where it was, and neither loses nor doubles anything, because a
change and the position after it are stored in one transaction. Look into the copy with other programs as you like:

    sqlite3 FILE.db "SELECT id, json_extract(body, '$.status') FROM thing WHERE kind = 'referral'"

Exit code: 0 done; 2 used wrongly; 3 the service refuses, as standard error says. Python 3.8 or newer, and nothing else.

    THUISPUNT_URL         the service, such as https://thuispunt.example
    THUISPUNT_TOKEN_FILE  a file with the token, chmod 600; or the token itself in THUISPUNT_TOKEN

A file belongs to one token: with another token, begin another file."""
import argparse
import http.client
import json
import os
import pathlib
import sqlite3
import stat
import sys
import time
import urllib.error
import urllib.request

WAIT_SECONDS = 30
SCHEMA = """
CREATE TABLE IF NOT EXISTS thing (
    kind TEXT, id TEXT, body TEXT NOT NULL, seen INTEGER NOT NULL, PRIMARY KEY (kind, id));
CREATE TABLE IF NOT EXISTS feed (one INTEGER PRIMARY KEY CHECK (one = 1), after TEXT, rereading INTEGER NOT NULL);
INSERT OR IGNORE INTO feed VALUES (1, NULL, 0);
"""


def say(text):
    print("mirror: " + text, file=sys.stderr, flush=True)


def die(text):
    say(text)
    sys.exit(3)


def read_token():
    if os.environ.get("THUISPUNT_TOKEN"):
        return os.environ["THUISPUNT_TOKEN"]
    path = pathlib.Path(os.environ.get("THUISPUNT_TOKEN_FILE") or pathlib.Path.home() / ".thuispunt-token")
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            die("others can read the token; run: chmod 600 %s" % path)
        return path.read_text().strip()
    except OSError as error:
        die("there is no token in %s: %s" % (path, error.strerror))


class PositionLost(Exception):
    """The service went on from an earlier copy of its data, and does not know our position."""


class Service:
    def __init__(self, url, token):
        self.url, self.token = url, token

    def get(self, path, wait=0):
        """The text at a path, or None when it is not (or no longer) ours to see. What passes is waited for."""
        headers = {"Authorization": "Bearer " + self.token}
        if wait:
            headers["Prefer"] = "wait=%d" % wait
        pause = 0.5
        while True:
            try:
                request = urllib.request.Request(self.url + path, headers=headers)
                with urllib.request.urlopen(request, timeout=wait + 30) as answer:
                    return answer.read().decode()
            except urllib.error.HTTPError as error:
                if error.code == 404:
                    return None
                if error.code == 410:
                    raise PositionLost from error
                if error.code == 401:
                    die("the token does not hold (any more); ask the intake point for a new one")
                if error.code < 500 and error.code not in (408, 429):
                    die("%d: %s" % (error.code, error.read().decode(errors="replace")))
                reason, asked = "%d" % error.code, error.headers.get("Retry-After", "")
            except (OSError, http.client.HTTPException) as error:
                reason, asked = str(error) or type(error).__name__, ""
            pause = min(2 * pause, 60)
            seconds = int(asked) if asked.isdigit() else pause
            say("%s; once more in %d s" % (reason, seconds))
            time.sleep(seconds)


def take_page(service, db, wait):
    """Takes what changed next; tells whether there is more already."""
    after, rereading = db.execute("SELECT after, rereading FROM feed").fetchone()
    try:
        text = service.get("/v1/changes?limit=100" + ("&after=" + after if after else ""), wait)
    except PositionLost:
        # From the beginning; what does not come by the end is there no more.
        say("the service went on from an earlier copy; everything is read again")
        with db:
            db.execute("UPDATE thing SET seen = 0")
            db.execute("UPDATE feed SET after = NULL, rereading = 1")
        return True
    if text is None:
        die("%s is not the address of Thuispunt" % service.url)
    page = json.loads(text)
    changes = []
    for event in page["items"]:
        # An event of tomorrow may be about a kind of thing that we do not know yet: it is kept all the same.
        kind = event["type"].split(".")[-2]
        changes.append((kind, event["subject"], service.get(event["dataref"]) if "dataref" in event else None))
    with db:
        # Somebody else may have moved the position meanwhile, such as a second mirror on this file: then theirs counts.
        moved = db.execute("UPDATE feed SET after = ?, rereading = ? WHERE after IS ?",
                           (page["after"], rereading and page["more"], after))
        if moved.rowcount == 0:
            return True
        for kind, subject, body in changes:
            if body is None:
                db.execute("DELETE FROM thing WHERE kind = ? AND id = ?", (kind, subject))
            else:
                db.execute("REPLACE INTO thing VALUES (?, ?, ?, 1)", (kind, subject, body))
        if rereading and not page["more"]:
            db.execute("DELETE FROM thing WHERE seen = 0")
    return page["more"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=pathlib.Path, help="the copy; it is made when it is not there")
    parser.add_argument("--once", action="store_true", help="end when there is nothing new")
    wanted = parser.parse_args()
    # The copy is about people: nobody else may read it.
    os.umask(0o077)
    service = Service(os.environ.get("THUISPUNT_URL", "http://127.0.0.1:8080").rstrip("/"), read_token())
    db = sqlite3.connect(wanted.file, timeout=60)
    db.executescript(SCHEMA)
    while take_page(service, db, 0 if wanted.once else WAIT_SECONDS) or not wanted.once:
        pass


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
