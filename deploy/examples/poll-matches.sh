#!/usr/bin/env bash
# For a housing corporation: prints each new offer once, a line of words that tabs part: match, dwelling, municipality,
# the last day to answer.
#
#   poll-matches.sh STATE-FILE          asks once; waits at most 30 seconds for news (for cron)
#   poll-matches.sh --loop STATE-FILE   goes on for ever (for systemd)
#
# Asking costs next to nothing while nothing changes: the last ETag is sent along, and the service holds its answer
# until there is news. The state file has that ETag, and the offers that were printed. Lose it, and they are printed
# once more.
# Exit code: 0 asked; 2 used wrongly; 3 it could not be done. Needs curl and jq.
#
#   THUISPUNT_URL         the service, such as https://thuispunt.example
#   THUISPUNT_TOKEN_FILE  a file with the token, chmod 600; or the token itself in THUISPUNT_TOKEN
set -euo pipefail

die() {
    echo "poll-matches: $2" >&2
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

loop=false
[[ "${1:-}" != --loop ]] || { loop=true; shift; }
(($# == 1)) || die 2 "use: poll-matches.sh [--loop] STATE-FILE"
state="$1"
while $loop; do "$0" "$state" || sleep 30; done

url="${THUISPUNT_URL:-http://127.0.0.1:8080}"
config="$(with_token)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
touch "$state"

# The newest hundred offers that wait for an answer. Whatever passes by itself (429, 503, no connection) is tried again,
# and Retry-After is heeded.
status="$(curl --silent --show-error --config <(echo "$config") --retry 5 --retry-connrefused --max-time 60 \
    --header 'Prefer: wait=30' --header "If-None-Match: $(head -n 1 "$state")" \
    --dump-header "$work/head" --output "$work/body" --write-out '%{http_code}' \
    "$url/v1/matches?status=offered&limit=100")" || die 3 "no answer; the next time better"
case "$status" in
    200) ;;
    304) exit 0 ;;
    401) die 3 "the token does not hold (any more); ask the intake point for a new one" ;;
    *) die 3 "$status: $(jq -r '.detail // .title' "$work/body" 2>/dev/null || echo 'no answer of Thuispunt')" ;;
esac
# Printed first and then remembered: whatever happens in between, no offer goes unseen.
jq -r --rawfile printed "$state" '.items[] | select(.id as $id | $printed | contains($id) | not)
    | [.id, .dwelling.id, .dwelling.municipality, .answerDueOn] | @tsv' "$work/body"
{
    sed -n 's/^[Ee][Tt][Aa][Gg]: //p' "$work/head" | tail -n 1 | tr -d '\r'
    jq -r '.items[].id' "$work/body"
} >"$state.new"
mv "$state.new" "$state"
