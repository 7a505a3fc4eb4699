#!/usr/bin/env python3
"""Requests made by schemathesis from the description of the API, sent with a token of each role to a service with the demo
region, and the answers held against the description: no 5xx, nothing that is not described, no body or field that does not
fit, what fits is taken and what does not fit is refused. `--short` has each operation tried by one role that may; otherwise
every role tries all of them, in all phases, stateful sequences too. Prints what was sent per role and fails on a finding."""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys

import service

ROLES = ["referrer", "supporter", "policymaker", "intaker", "coordinator", "allocator", "panel", "candidate", "auditor",
         "admin"]
# Where ids come from that are really there, and the paths that take them.
LISTS = ["referrals", "dwellings", "matches", "support-requests", "tenancies", "tasks", "signals", "handovers",
         "consultations", "match-runs", "organisations"]
PARTS = {"clockId": "clocks", "consentId": "consents"}
CONFIGURATION = """
hooks = "{hooks}"
[auth.openapi]
bearerAuth = {{ bearer = "{token}" }}
[checks]
# Replaced by what_fits_is_taken of schemathesis_hooks.py, which says why.
positive_data_acceptance.enabled = false
# A change without If-Match is answered 428 (RFC 6585), which schemathesis does not count as a refusal of the field.
missing_required_header.expected-statuses = [400, 401, 403, 404, 406, 415, 428]
[phases.coverage]
# QUERY is left out: a method that no resource here knows is answered 501 (RFC 9110, section 15.6.2), not 405.
unexpected-methods = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "TRACE"]
[[operations]]
# A batch of lines is text, and every text is a batch: a line that is wrong is its own outcome.
include-operation-id = "createReferrals"
checks.negative_data_rejection.enabled = false
"""


def issue_token(region, server, role):
    """A token of a role, beside the one that the demo region has of it; a candidate's is for the same referral."""
    known = server.call("GET", "/v1/me", region.tokens[role]).json()
    words = ["--organisation", known["organisation"]["id"], "--role", role, "--label", "schemathesis"]
    return region.run("token", "issue", *words, *(["--referral", known["referral"]] if "referral" in known else []))


def known_ids(server, token):
    """What this token's lists show: ids by the variable and the beginning of the paths that take them."""
    found = collections.defaultdict(list)
    for name in LISTS:
        answer = server.call("GET", "/v1/%s?limit=3" % name, token)
        if answer.status == 200:
            found["id", "/v1/" + name] += [item["id"] for item in answer.json()["items"]]
    for variable, part in PARTS.items():
        for referral in found["id", "/v1/referrals"]:
            answer = server.call("GET", "/v1/referrals/%s/%s" % (referral, part), token)
            if answer.status == 200:
                found[variable, "/v1/referrals/{id}/" + part] += [item["id"] for item in answer.json()["items"]]
    return {place: ids for place, ids in found.items() if ids}


def configuration(token, ids):
    """The whole of schemathesis.toml for a token."""
    text = CONFIGURATION.format(hooks=pathlib.Path(__file__).with_name("schemathesis_hooks.py"), token=token)
    for number, ((variable, path), values) in enumerate(ids.items()):
        text += '[dictionaries.known%d]\nvalues = %s\n' % (number, json.dumps(values))
        text += '[[operations]]\ninclude-path-regex = %s\n' % json.dumps("^" + path.replace("{id}", "[^/]+") + "/")
        text += 'parameters."path.%s" = { dictionary = "known%d", probability = 0.8 }\n' % (variable, number)
    return text


def operations(description):
    """Id and roles of every operation; what needs no token is for everybody."""
    return [(operation["operationId"], operation.get("x-roles", ROLES))
            for path in description["paths"].values() for method, operation in path.items() if method != "parameters"]


def shares(description):
    """Each operation for one of the roles that may, so that all have some."""
    shared = collections.defaultdict(list)
    for name, roles in operations(description):
        shared[min(roles, key=lambda role: len(shared[role]))].append(name)
    return shared


def run(server, folder, role, token, names, arguments):
    """One run; its report and what it said."""
    folder = folder / role
    folder.mkdir()
    (folder / "schemathesis.toml").write_text(configuration(token, known_ids(server, token)))
    phases = "examples,coverage,fuzzing" if arguments.short else "examples,coverage,fuzzing,stateful"
    command = ["schemathesis", "--config-file", "schemathesis.toml", "run", "http://127.0.0.1:%d/v1/openapi.json" % server.port,
               "--phases", phases, "--max-examples", str(arguments.cases), "--seed", str(arguments.seed),
               "--continue-on-failure", "--no-color", "--generation-database", "none", "--warnings", "off",
               "--report", "json", "--report-json-path", "report.json"]
    command += [word for name in names for word in ("--include-operation-id", name)]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    report = folder / "report.json"
    return json.loads(report.read_text()) if report.exists() else None, done


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=pathlib.Path, help="the executable (default: built for release)")
    parser.add_argument("--short", action="store_true", help="each operation by one role, for Tests/run.sh")
    parser.add_argument("--cases", type=int, help="cases of an operation in a phase (default 4 when short, else 50)")
    parser.add_argument("--seed", type=int, default=1, help="repeats a run (default 1)")
    parser.add_argument("--roles", default=",".join(ROLES), help="some roles only")
    arguments = parser.parse_args()
    arguments.cases = arguments.cases or (4 if arguments.short else 50)
    if not shutil.which("schemathesis"):
        print("schemathesis: SKIPPED, because it is not installed (PyPI: schemathesis)")
        return
    binary = arguments.binary or service.build()
    with service.scratch() as folder:
        region = service.Region(binary, folder, 20)
        server = service.Service(binary, region.database)
        try:
            shared = shares(server.call("GET", "/v1/openapi.json").json()) if arguments.short else {}
            roles = arguments.roles.split(",")
            tokens = {role: issue_token(region, server, role) for role in roles}
            with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
                runs = {role: pool.submit(run, server, folder, role, tokens[role], shared.get(role, []), arguments)
                        for role in roles}
            results = {role: future.result() for role, future in runs.items()}
            if not server.is_running():
                raise service.Failure("the service ended: " + server.log()[-2000:])
        finally:
            server.stop()
    rows, failed = [], []
    for role, (report, done) in results.items():
        found = report["test_cases"]["unique_failures"] + len(report["errors"]) if report else "-"
        rows.append([role] + ([report["operations"]["tested"], report["test_cases"]["generated"], found]
                              if report else ["-", "-", "-"]))
        if done.returncode:
            failed.append(role)
            print("==== %s\n%s" % (role, done.stdout))
    print(service.table(["role", "operations", "requests", "findings"], rows))
    if failed:
        raise service.Failure("findings or errors as " + ", ".join(failed))


if __name__ == "__main__":
    try:
        main()
    except service.Failure as failure:
        sys.exit("schemathesis: %s" % failure)
