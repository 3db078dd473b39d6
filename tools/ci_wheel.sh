#!/usr/bin/env bash
# Builds the wheel, installs it with the lock in an empty environment, and with nothing else of
# this repository makes a dossier of a study that lies in another folder.
#
#   tools/ci_wheel.sh [AMBITO]    default: the first Ambito of the study
set -euo pipefail
cd "$(dirname "$0")/.."
repository=$PWD
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
study="$place/uno studio così"
installer=(-m pip --disable-pip-version-check --no-input)

.venv/bin/python "${installer[@]}" wheel --no-deps --no-build-isolation --no-index \
    --wheel-dir "$place/dist" .
python3 -m venv "$place/venv"
"$place/venv/bin/python" "${installer[@]}" install --require-hashes --no-deps --no-compile \
    --only-binary :all: --progress-bar off --quiet -r requirements.lock
"$place/venv/bin/python" "${installer[@]}" install --no-deps --no-index "$place"/dist/*.whl

# A study is its file, its tables, its own words and its data: no notebooks, no code.
mkdir -p "$study/data/raw"
cp -R study.toml studio "$study/"
cp -R data/raw/territorio "$study/data/raw/"
[ ! -d testi ] || cp -R testi "$study/"
ambito=${1:-$(sed -n 2p "$study/studio/ambiti.csv" | cut -d, -f1)}

cd "$place"
where=$("$place/venv/bin/python" -P -c 'import bgest_analysis; print(bgest_analysis.__file__)')
case $where in "$repository"/*) echo "the wheel is not what runs: $where" >&2; exit 1 ;; esac
"$place/venv/bin/bgest" run --study "$study" --ambito "$ambito"

for file in index.html run.json "it/$ambito/dossier.html" "it/$ambito/dossier.docx"; do
    [ -s "$study/reports/$file" ] || { echo "not made: reports/$file" >&2; exit 1; }
done
[ -z "$(cd "$study" && find . -name '*.ipynb' -not -path './reports/*')" ]
du -ah "$study/reports" | tail -n 40
