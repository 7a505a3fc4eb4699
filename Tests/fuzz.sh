#!/usr/bin/env bash
# Fuzzes what reads a peer's bytes, with libFuzzer and AddressSanitizer. Each target first runs its kept corpus and then
# goes on from there; a finding fails the run and is left in .build/fuzz/found.
#
#   Tests/fuzz.sh [SECONDS] [TARGET...]    SECONDS for each target (10; 0 runs the corpus alone), all targets if none
#   KEEP=1 Tests/fuzz.sh ...               and keeps what it learned: the corpus, made as small as its coverage allows
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/prepare.sh
source deploy/prepare.sh

readonly OUT="$PWD/.build/fuzz"
readonly MEMORY_MIB=2048
# What one input may take; with the sanitizer everything is several times slower.
readonly INPUT_SECONDS=20
# CrossModuleOptimization of Swift 6.3 ends in an assertion when it meets -enable-testing.
# shellcheck disable=SC2054 # the comma belongs to the option
readonly FLAGS=(-sanitize=fuzzer,address -enable-testing -disable-cmo -package-name thuispunt)
# The settings of Package.swift, for the targets' own files.
readonly STRICT=(-swift-version 6 -enable-upcoming-feature InternalImportsByDefault
    -enable-upcoming-feature ExistentialAny -enable-upcoming-feature NonisolatedNonsendingByDefault
    -enable-upcoming-feature MemberImportVisibility)

readonly API_ROOMS=(API UseCases Storage RegionFile SQLite CSQLite Domain Matching Migrations OpenAPI COpenAPI JSON
    HTTPWire Digest CDigest CLinux Metrics Lock Records)
readonly COMMAND_ROOMS=(Commands WebUI HTTPServer "${API_ROOMS[@]}")

# For each target the room it tests, the longest input and the rooms it is linked with.
readonly TARGETS=(
    "head HTTPWire 1024 HTTPWire"
    "chunked HTTPWire 1024 HTTPWire"
    "target HTTPWire 512 HTTPWire"
    "fields HTTPWire 1024 HTTPWire"
    "connection HTTPServer 1024 HTTPServer HTTPWire Metrics CLinux Lock"
    "json JSON 1024 JSON"
    "records Records 1024 Records"
    "texts API 512 ${API_ROOMS[*]}"
    "instance Commands 1024 ${COMMAND_ROOMS[*]}"
)

# Whether the toolchain can make a fuzzer; not every one has the runtime.
can_fuzz() {
    printf '@_cdecl("LLVMFuzzerTestOneInput") public func f(_ d: UnsafePointer<UInt8>?, _ n: Int) -> CInt { 0 }\n' \
        >"$OUT/probe.swift"
    swiftc -sanitize=fuzzer,address -parse-as-library "$OUT/probe.swift" -o "$OUT/probe" >/dev/null 2>&1
}

# instrument ROOM: compiles it and what stands below it.
instrument() {
    local flag flags=()
    for flag in "${FLAGS[@]}"; do flags+=(-Xswiftc "$flag"); done
    build -c release --scratch-path "$OUT" --target "$1" "${flags[@]}"
}

# link NAME MODULE...: the target NAME from its file in Tests/Fuzz and the modules' object files.
link() {
    local name="$1" module objects=() maps=() libraries=()
    shift
    for module; do
        objects+=("$OUT/release/$module.build"/*.o)
        [[ "$module" == C[A-Z]* ]] && maps+=(-Xcc "-fmodule-map-file=$(module_map "$module")")
        [[ "$module" == CSQLite ]] && libraries+=(-lsqlite3)
    done
    swiftc "${FLAGS[@]}" -use-ld=lld "${STRICT[@]}" -O -parse-as-library -module-name "Fuzz_$name" \
        -I "$OUT/release/Modules" "${maps[@]}" Tests/Fuzz/Harness.swift Tests/Fuzz/"${name^}"*.swift \
        "${objects[@]}" "${libraries[@]}" -o "$OUT/$name"
}

module_map() {
    local own="Sources/$1/include/module.modulemap"
    if [[ -e "$own" ]]; then printf '%s' "$own"; else printf '%s' "$OUT/release/$1.build/module.modulemap"; fi
}

# run NAME LENGTH: the corpus, then SECONDS of search; one line of figures, or the end of the log.
run() {
    local name="$1" log="$OUT/$1.log" corpus="Tests/Fuzz/corpus/$1" learned="$OUT/learned/$1" search=(-runs=0)
    mkdir -p "$learned" "$OUT/found" "$corpus"
    ((seconds == 0)) || search=("-max_total_time=$seconds")
    # swift-backtrace would outlive the fuzzer and hold its pipe.
    if SWIFT_BACKTRACE=enable=no "$OUT/$name" "$learned" "$corpus" "${search[@]}" "-max_len=$2" \
        "-dict=Tests/Fuzz/$(dictionary "$name").dict" "-timeout=$INPUT_SECONDS" "-rss_limit_mb=$MEMORY_MIB" \
        -print_final_stats=1 "-artifact_prefix=$OUT/found/$name-" >"$log" 2>&1; then
        say "fuzz $name: ok, $(figures "$log")"
    else
        say "fuzz $name: BROKEN; the input is in $OUT/found" \
            "$(grep -aE 'broken:|ERROR|SUMMARY|Test unit' "$log" | cut -c -400)"
        return 1
    fi
}

# Executions, coverage and time from a log.
figures() {
    local runs seconds_run
    runs="$(sed -nE 's/^stat::number_of_executed_units: *//p' "$1")"
    seconds_run="$(sed -nE 's/^Done [0-9]+ runs in ([0-9]+) second.*/\1/p' "$1")"
    printf '%s runs, %s, %s s' "$runs" "$(grep -aoE 'cov: [0-9]+ ft: [0-9]+' "$1" | tail -n 1)" "$seconds_run"
}

dictionary() {
    case "$1" in
        json | texts | instance) printf '%s' "$1" ;;
        *) printf 'http' ;;
    esac
}

# keep NAME LENGTH: the kept corpus and what was learned, as few and as short inputs as cover the same.
keep() {
    local corpus="Tests/Fuzz/corpus/$1" small="$OUT/small/$1"
    rm -rf -- "$small"
    mkdir -p "$small"
    SWIFT_BACKTRACE=enable=no "$OUT/$1" -merge=1 -use_counters=0 "-max_len=$2" "-rss_limit_mb=$MEMORY_MIB" \
        "$small" "$corpus" "$OUT/learned/$1" >"$OUT/$1.merge.log" 2>&1 || return 1
    # What once broke something stays, whatever it covers.
    find "$corpus" -name 'found-*' -exec cp -t "$small" -- {} +
    rm -rf -- "$corpus"
    cp -r -- "$small" "$corpus"
    say "fuzz $1: $(find "$corpus" -type f | wc -l) inputs kept"
}

seconds=10
if [[ "${1:-}" =~ ^[0-9]+$ ]]; then
    seconds="$1"
    shift
fi
wanted=" $* "
mkdir -p "$OUT"
need_swift
need_sqlite
if ! can_fuzz; then
    say "fuzz: SKIPPED, because this Swift toolchain has no libFuzzer runtime"
    exit 0
fi
failed=0
declare -A instrumented=()
for row in "${TARGETS[@]}"; do
    read -r name room length modules <<<"$row"
    [[ "$wanted" == "  " || "$wanted" == *" $name "* ]] || continue
    [[ -n "${instrumented[$room]:-}" ]] || instrument "$room"
    instrumented[$room]=yes
    # shellcheck disable=SC2086 # a list of words
    link "$name" $modules
    run "$name" "$length" || failed=1
    [[ -z "${KEEP:-}" ]] || keep "$name" "$length"
done
exit "$failed"
