#!/usr/bin/env bash
# Posts a file of referrals, a row each, and prints the rows that were refused, with the reasons.
#
#   post-referrals.sh FILE.csv
#
# Safe to run again, also after a break: a row whose externalReference was posted before is left as it is.
# Exit code: 0 every row is there; 1 some rows were refused: mend them, run again; 2 used wrongly; 3 it could not be
# done or not to the end: run again later. Needs curl and jq.
#
#   THUISPUNT_URL         the service, such as https://thuispunt.example
#   THUISPUNT_TOKEN_FILE  a file with the token, chmod 600; or the token itself in THUISPUNT_TOKEN
set -euo pipefail

die() {
    echo "post-referrals: $2" >&2
    exit "$1"
}

# The token goes to curl through a pipe, so that it is in no list of processes.
with_token() {
    if [[ -z "${THUISPUNT_TOKEN:-}" ]]; then
        local file="${THUISPUNT_TOKEN_FILE:-$HOME/.thuispunt-token}"
        [[ -r "$file" ]] || die 3 "there is no token in $file"
        [[ "$(stat -c %a "$file")" == [46]00 ]] || die 3 "others can read the token; run: chmod 600 $file"
        THUISPUNT_TOKEN="$(<"$file")"
    fi
    printf 'header = "Authorization: Bearer %s"\n' "$THUISPUNT_TOKEN"
}

(($# == 1)) || die 2 "use: post-referrals.sh FILE.csv"
[[ -r "$1" ]] || die 2 "can not read $1"
url="${THUISPUNT_URL:-http://127.0.0.1:8080}"
config="$(with_token)"
answer="$(mktemp)"
trap 'rm -f "$answer"' EXIT

# Whatever passes by itself (429, 503, no connection) is tried again, and Retry-After is heeded.
status="$(curl --silent --show-error --config <(echo "$config") --retry 5 --retry-connrefused --retry-max-time 600 \
    --header 'Content-Type: text/csv' --data-binary "@$1" --output "$answer" --write-out '%{http_code}' \
    "$url/v1/referrals/batch")" || die 3 "the answer did not come to its end; run again"
[[ "$status" == 200 ]] ||
    die 3 "$status: $(jq -r '.detail // .title' "$answer" 2>/dev/null || echo 'no answer of Thuispunt')"

# An outcome a line: created, existing or refused.
jq -r 'select(.outcome == "refused") | "line \(.line): " +
    (.problem | if .errors then [.errors[] | "\(.pointer) \(.text)"] | join("; ") else .detail end)' "$answer"
count() { jq -n --arg outcome "$1" '[inputs | select(.outcome == $outcome)] | length' "$answer"; }
echo "$(count created) created, $(count existing) there already, $(count refused) refused"
# The store may fail halfway: then the last outcome says so, and nothing from that row on was stored.
jq -en '[inputs | .problem.status // 0 | select(. >= 500)] == []' "$answer" >/dev/null ||
    die 3 "not done to the end; run again"
[[ "$(count refused)" == 0 ]] || exit 1
