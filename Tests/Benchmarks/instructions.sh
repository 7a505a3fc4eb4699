#!/usr/bin/env bash
# Machine instructions of one request, counted by valgrind's callgrind: the difference of a run with twice as many
# requests, so that the start is left out. A busy machine does not change these figures. With its functions, the
# costliest first; REQUESTS=2000 FUNCTIONS=15 set how many, BINARY another executable.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
# shellcheck source=deploy/prepare.sh
source deploy/prepare.sh

readonly REQUESTS="${REQUESTS:-2000}" FUNCTIONS="${FUNCTIONS:-15}"
readonly START_SECONDS=120 STOP_SECONDS=120
# name, requests sent at once, status, role, path
readonly WORKLOADS=(
    "W1 1 200 - /healthz"
    "W1p 16 200 - /healthz"
    "W2 1 200 allocator /v1/matches?limit=25"
    "W2c 1 304 allocator /v1/matches?limit=25"
)

if ! command -v valgrind >/dev/null && ! install_packages valgrind; then
    die "SKIPPED, because valgrind is missing and could not be installed; nothing was counted"
fi
need_swift
need_sqlite
if [[ -n "${BINARY:-}" ]]; then
    thuispunt="$BINARY"
else
    build --configuration release --product thuispunt
    thuispunt="$(swift build --configuration release --show-bin-path)/thuispunt"
fi
folder="$(mktemp -d)"
readonly folder thuispunt
# Valgrind gives up at debug information newer than itself; the names of the functions stay.
strip="$(command -v llvm-objcopy || command -v objcopy)" || die "SKIPPED, because neither llvm-objcopy nor objcopy is here"
"$strip" --strip-debug "$thuispunt" "$folder/thuispunt"
server=""
trap '[[ -z "$server" ]] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT

"$thuispunt" migrate up --database "$folder/seed.db" >/dev/null 2>&1
"$thuispunt" demo load --referrals 300 --database "$folder/seed.db" >/dev/null 2>&1
# shellcheck source=/dev/null
source "$folder/demo-tokens.env"
ask=(python3 Tests/Benchmarks/ask.py)

# Waits until the file, of valgrind or of the service, holds a text.
wait_for() {
    local file="$1" text="$2" tries
    for ((tries = 10 * START_SECONDS; tries > 0; tries--)); do
        grep -q "$text" "$file" 2>/dev/null && return
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    die "the service does not run under valgrind; it says: $(tail -n 3 "$file")"
}

# count COUNT DEPTH STATUS ROLE TARGET: runs the service for so many requests; leaves callgrind's file in $folder/out.
count() {
    local requests="$1" depth="$2" status="$3" role="$4" target="$5" fields=() port token tries
    rm -f "$folder"/out "$folder"/run.db* "$folder/log"
    cp "$folder/seed.db" "$folder/run.db"
    valgrind --tool=callgrind --callgrind-out-file="$folder/out" "$folder/thuispunt" serve --threads 1 \
        --token-burst 1000000000 --token-rate 1000000 --database "$folder/run.db" --listen 127.0.0.1:0 >/dev/null 2>"$folder/log" &
    server=$!
    wait_for "$folder/log" 'serving .* on '
    port="$(sed -nE 's/.*serving .* on 127\.0\.0\.1:([0-9]+).*/\1/p' "$folder/log")"
    if [[ "$role" != - ]]; then
        token="${role^^}_TOKEN"
        fields=("Authorization: Bearer ${!token}")
        # Asked for in every run, so that it falls out of the difference.
        [[ "$status" != 304 ]] || fields+=("If-None-Match: $("${ask[@]}" "$port" etag "$target" "${fields[@]}")")
    fi
    "${ask[@]}" "$port" "$requests" "$depth" "$status" "$target" "${fields[@]}"
    kill -TERM "$server"
    for ((tries = 10 * STOP_SECONDS; tries > 0; tries--)); do
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    wait "$server" || die "the service did not end well under valgrind; it says: $(tail -n 3 "$folder/log")"
    server=""
}

# functions FILE: "instructions<TAB>function" of each function itself, by its name for people.
functions() {
    callgrind_annotate --threshold=100 "$1" | sed -nE 's/^ *([0-9][0-9,]*) \([ 0-9.]+%\) +(.*)$/\1\t\2/p' |
        sed -E 's/\t[^ :]*:/\t/; s| \[.*/| [|; :again; s/^([0-9]+),/\1/; t again' |
        swift demangle --compact --simplified
}

say "| workload | depth | instructions each |" "| --- | ---: | ---: |"
for workload in "${WORKLOADS[@]}"; do
    read -r name depth status role target <<<"$workload"
    for times in 1 2; do
        count "$((times * REQUESTS))" "$depth" "$status" "$role" "$target"
        functions "$folder/out" >"$folder/$name.$times"
    done
    awk -F '\t' -v each="$REQUESTS" 'FNR == NR { spent[$2] -= $1; next } { spent[$2] += $1 }
        END { for (name in spent) printf "%.1f\t%s\n", spent[name] / each, name }' \
        "$folder/$name.1" "$folder/$name.2" | sort -g -r >"$folder/$name.each"
    awk -F '\t' -v head="| $name | $depth |" '$2 ~ /PROGRAM TOTALS/ { printf "%s %d |\n", head, $1 }' "$folder/$name.each"
done
for workload in "${WORKLOADS[@]}"; do
    read -r name _ <<<"$workload"
    say "" "$name, instructions each by function, itself alone:" ""
    { grep -v 'PROGRAM TOTALS' "$folder/$name.each" || true; } | awk -v most="$FUNCTIONS" 'NR <= most'
done
