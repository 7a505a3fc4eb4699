"""What schemathesis has to be told of this service: how lines of JSON are written and read, keys that are not used twice, and
for which reasons a request that fits the description may still be refused. Loaded by schemathesis; see schemathesis.py."""
import json
import re
import uuid

import schemathesis

LINES = "application/x-ndjson"

# A schema can not say these; each is a code of `errors[]`, which texts, and why.
BEYOND_A_SCHEMA = [
    ("unknown", "", "names something that is not there, or not in the caller's scope"),
    ("range", "future|past|ahead|today|before", "the day is held against today"),
    ("range", "than were present", "one number is held against another"),
    ("blank", "", "a text of white space and of what only joins characters shows nothing"),
    ("unknown-field", "Only a resident panel", "a member that is for one role"),
    ("eleven-test", "", "the citizen service number has a checksum"),
    ("identifying", "", "a question without a person holds nothing by which somebody is known"),
    ("duplicate", "stands", "one element of each kind, by a member of it"),
    ("format", "cursor this list gave", "a cursor is opaque: one that was made up is none"),
    ("conflict", "", "two members or parameters that exclude each other"),
    ("follows", "", "comes of something else that is done, and is not asked for"),
    ("enum", "consent|can give", "a word that is not for this role, or not beside another member"),
    ("trial", "", "depends on the run that is offered from"),
    ("required", "^(?!This field is required)", "is needed from this role, or beside another member"),
]
# 2xx and 3xx aside. 412: a version that fits the schema is rarely the one that is there.
OTHERWISE_FINE = {401, 403, 404, 409, 410, 412, 429}


@schemathesis.serializer(LINES)
def write_lines(_context, value):
    return {"data": value.encode() if isinstance(value, str) else json.dumps(value).encode()}


@schemathesis.deserializer(LINES)
def read_lines(_context, response):
    """The first line, which is what the schema describes; where there is none nothing can be wrong with it."""
    lines = [json.loads(line) for line in response.content.splitlines() if line]
    return lines[0] if lines else {"line": 1, "outcome": "created"}


@schemathesis.hook
def before_call(_context, case, _kwargs):
    """A valid key is one that was not used for another request; generated ones are often alike. Nobody waits for long."""
    headers = case.headers or {}
    if is_positive(case) and "Idempotency-Key" in headers:
        headers["Idempotency-Key"] = str(uuid.uuid4())
    if "Prefer" in headers:
        headers["Prefer"] = re.sub("[0-9]+", "1", headers["Prefer"])


def is_positive(case):
    return bool(case.meta) and case.meta.generation.mode.is_positive


def is_beyond_a_schema(fault):
    return any(fault["code"] == code and re.search(text, fault["text"]) for code, text, _ in BEYOND_A_SCHEMA)


@schemathesis.check
def what_fits_is_taken(_context, response, case):
    """In place of schemathesis's positive_data_acceptance, which knows statuses only: a 400 to what fits the description is
    a finding unless every fault that it names is one that no schema can say."""
    status = response.status_code
    if not is_positive(case) or status < 400 or status in OTHERWISE_FINE:
        return
    # Where schemathesis (4.32) has no text for the pattern of a field it puts 0, which is no entity tag.
    if "0" in ((case.headers or {}).get(name) for name in ("If-Match", "If-None-Match")):
        return
    faults = response.json().get("errors", []) if status == 400 else []
    assert faults and all(map(is_beyond_a_schema, faults)), "refused, though it fits: %d %s" % (status, faults)
