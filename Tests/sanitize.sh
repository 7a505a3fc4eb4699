#!/usr/bin/env bash
# Runs tests under a sanitizer of the compiler, in a build folder of its own; the first report of it fails the run.
#
#   Tests/sanitize.sh thread|address [FILTER]    FILTER as for `swift test`; without one, the rooms that have threads
#                                                or read a peer's bytes
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/prepare.sh
source deploy/prepare.sh

readonly ROOMS='^(Lock|HTTPWire|HTTPServer|JSON|Storage|API)Tests\.'

sanitizer="${1:-}"
[[ "$sanitizer" == thread || "$sanitizer" == address ]] || die "say which: Tests/sanitize.sh thread|address [FILTER]"
need_swift
need_sqlite
# swift-backtrace would hold up a report. Leaks are not looked for: what the runtime keeps to the end looks like one.
export SWIFT_BACKTRACE=enable=no
export TSAN_OPTIONS="${TSAN_OPTIONS:-halt_on_error=1}" ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=0}"
options=(--sanitize "$sanitizer" --scratch-path ".build/$sanitizer")
say "building the tests for the $sanitizer sanitizer"
build --build-tests "${options[@]}"
swift test --skip-build --disable-xctest --no-parallel "${options[@]}" --filter "${2:-$ROOMS}" 2>&1 |
    grep --line-buffered -v '^◇'
