#!/usr/bin/env bash
# Builds Thuispunt and serves it with the demo region, on a machine that has only a Swift toolchain. Run again: the
# data stays. Ctrl-C lets requests in progress finish. Further arguments go to `thuispunt serve`.
#
#   PORT=8081 deploy/run.sh                          another port
#   THUISPUNT_LISTEN=unix:/run/thuispunt.sock …      another address (ADDRESS:PORT, [ADDRESS]:PORT or unix:PATH)
#   THUISPUNT_DATABASE=/srv/thuispunt.db …           another database; the demo tokens stand next to it
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/prepare.sh
source deploy/prepare.sh

listen="${THUISPUNT_LISTEN:-127.0.0.1:${PORT:-8080}}"
database="${THUISPUNT_DATABASE:-var/thuispunt.db}"
folder="$(dirname -- "$database")"
tokens="$folder/demo-tokens.env"

# What a role looks at first; a role without a row asks who it is.
declare -A first_look=(
    [referrer]=referrals [intaker]=referrals [coordinator]=referrals
    [allocator]=matches [panel]=matches [candidate]=matches [supporter]=matches
    [policymaker]=referrals [admin]=organisations
)

# Sets origin (what a browser or curl asks) and curl_options from the listen address. Where only this machine comes,
# the demo may be asked for as much as one likes.
read_address() {
    curl_options=""
    if [[ "$listen" == unix:* ]]; then
        origin="http://localhost"
        export THUISPUNT_RATE_LIMITS="${THUISPUNT_RATE_LIMITS:-off}"
        curl_options=" --unix-socket '${listen#unix:}'"
        return
    fi
    local host="${listen%:*}" port="${listen##*:}"
    if [[ "$listen" != *?:* || ! "$port" =~ ^[0-9]{1,5}$ ]] || ((10#$port < 1 || 10#$port > 65535)); then
        die "'$listen' is no address to listen on; write ADDRESS:PORT, with a port from 1 to 65535"
    fi
    case "$host" in
        0.0.0.0) host=127.0.0.1 ;;
        "[::]") host="[::1]" ;;
    esac
    if [[ "$listen" == 127.0.0.1:* || "$listen" == "[::1]:"* ]]; then
        export THUISPUNT_RATE_LIMITS="${THUISPUNT_RATE_LIMITS:-off}"
    fi
    origin="http://$host:$port"
    local bare="${host#[}"
    if (exec 3<>"/dev/tcp/${bare%]}/$port") 2>/dev/null; then
        die "port $port is taken; stop what listens there, or choose another: PORT=$((10#$port % 65535 + 1)) deploy/run.sh"
    fi
}

need_database() {
    need_folder "$folder" "$DATABASE_SPACE_KIB"
    [[ ! -e "$database" || (-f "$database" && -r "$database" && -w "$database") ]] ||
        die "may not read and write $database; run: sudo chown $(id -un) '$database'"
}

show_calls() {
    say "" "Page: $origin/" ""
    if [[ ! -r "$tokens" ]]; then
        say "No demo tokens in $tokens; make one with: $thuispunt token issue --help"
        return
    fi
    local name token role
    while IFS='=' read -r name token; do
        [[ "$name" == *_TOKEN && -n "$token" ]] || continue
        role="${name%_TOKEN}"
        role="${role,,}"
        say "# $role"
        say "curl -sS$curl_options -H 'Authorization: Bearer $token' $origin/v1/${first_look[$role]:-me}"
    done <"$tokens"
    say ""
}

read_address
need_swift
need_sqlite
need_folder .build "$BUILD_SPACE_KIB"
need_database

say "building (the first time takes some minutes)"
build --configuration release --product thuispunt
thuispunt="$(swift build --configuration release --show-bin-path)/thuispunt"

"$thuispunt" migrate up --database "$database"
# Settings that somebody applied stay as they are.
if "$thuispunt" region show --database "$database" 2>&1 >/dev/null | grep -q '^version 0,'; then
    "$thuispunt" region apply deploy/regions/twente.json --database "$database"
fi
"$thuispunt" demo load --database "$database"
show_calls
exec "$thuispunt" serve --database "$database" --listen "$listen" "$@"
