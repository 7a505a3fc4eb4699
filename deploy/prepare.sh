# shellcheck shell=bash
# What a machine needs before Thuispunt can be built, for deploy/run.sh and Tests/run.sh to source.
# Each problem ends the script with one line that says what to do; it knows nothing of the service itself.
# shellcheck disable=SC2034 # its constants are used by the scripts that source it

# A release and a debug build with the tests take about 2 GiB together; a first start needs less.
readonly BUILD_SPACE_KIB=1572864
# Room for the demo region, its write-ahead log and the backup before a migration.
readonly DATABASE_SPACE_KIB=131072
# async, typed throws and the upcoming features of Package.swift came together in this version.
readonly SWIFT_MINIMUM=6.2

say() { printf '%s\n' "$@"; }

# Ends the script: 3 is "could not", as in the service's own exit codes.
die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 3
}

# True when version $1 is at least version $2.
version_at_least() {
    [[ "$(printf '%s\n%s\n' "$2" "$1" | sort --version-sort | head -n 1)" == "$2" ]]
}

need_swift() {
    local folder version=""
    for folder in "" /opt/swift/usr/bin "$HOME/.local/share/swiftly/bin"; do
        [[ -z "$folder" || -x "$folder/swift" ]] || continue
        version="$(PATH="${folder:+$folder:}$PATH" swift --version 2>/dev/null |
            sed -nE 's/.*Swift version ([0-9]+(\.[0-9]+)+).*/\1/p' | head -n 1)" || true
        if [[ -n "$version" ]] && version_at_least "$version" "$SWIFT_MINIMUM"; then
            export PATH="${folder:+$folder:}$PATH"
            return
        fi
    done
    [[ -z "$version" ]] || die "Swift $version is too old; install Swift $SWIFT_MINIMUM or newer (https://swift.org/install)"
    die "no Swift toolchain found; install Swift $SWIFT_MINIMUM or newer (https://swift.org/install)"
}

# Installs Debian packages, without questions; fails when that is not possible here. The lock keeps two clones apart.
install_packages() {
    command -v apt-get >/dev/null || return 1
    local root=()
    if ((EUID != 0)); then
        sudo -n true 2>/dev/null || return 1
        root=(sudo -n)
    fi
    local install=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2
        --no-install-recommends -o DPkg::Lock::Timeout=300 "$@")
    (
        flock --timeout 600 9 || exit 1
        "${install[@]}" || { "${root[@]}" apt-get update --quiet=2 && "${install[@]}"; }
    ) >/dev/null 2>&1 9</var/lib/dpkg
}

has_sqlite() {
    [[ -e /usr/include/sqlite3.h ]] || printf '#include <sqlite3.h>\n' | clang -E -x c - >/dev/null 2>&1
}

need_sqlite() {
    has_sqlite && return
    say "installing libsqlite3-dev"
    install_packages libsqlite3-dev && has_sqlite && return
    die "the SQLite headers are missing; run: sudo apt-get install libsqlite3-dev"
}

# need_folder FOLDER KIB: it exists (made when missing), may be written, and has so much room.
need_folder() {
    local folder="$1" needed="$2" free
    mkdir -p -- "$folder" 2>/dev/null || die "may not create $folder; check who owns the folder above it"
    [[ -w "$folder" && -x "$folder" ]] || die "may not write in $folder; run: sudo chown -R $(id -un) '$folder'"
    free="$(df -Pk -- "$folder" | awk 'NR == 2 { print $4 }')"
    ((free >= needed)) || die "the disk of $folder has $((free / 1024)) MiB free, $((needed / 1024)) MiB needed; make room"
}

# build ARGUMENT...: swift build, silent but for errors.
build() {
    swift build --quiet "$@" || die "the build failed; the errors stand above"
}
