#!/usr/bin/env bash
# Makes the two hashed locks from pyproject.toml. Needs uv on the machine that makes them only.
#
#   tools/lock.sh            keeps what is pinned, as far as pyproject.toml allows
#   tools/lock.sh --upgrade  takes the newest of everything
#
# requirements.lock       what the product needs, and what installs it (hatchling, editables)
# requirements-test.lock  the same pins, and what the tests and Dask need
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build="$work/build.in"
printf 'hatchling\neditables\n' >"$build"

compile() { # OUTPUT ARGUMENT...
    local output=$1
    shift
    uv pip compile pyproject.toml "$build" --quiet --universal --python-version 3.11 \
        --fork-strategy fewest --only-binary :all: --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
        --output-file "$output" "$@"
}

# The larger set is resolved first and holds the smaller: the same pins in both.
compile requirements-test.lock --extra test --extra dask "$@"
grep -E '^[a-z0-9]' requirements-test.lock | sed 's/ \\$//' >"$work/constraints.txt"
rm -f requirements.lock
compile requirements.lock --constraint "$work/constraints.txt"

if grep -n '://' requirements.lock requirements-test.lock; then
    echo "an address has come into a lock" >&2
    exit 1
fi
wc -l requirements.lock requirements-test.lock
