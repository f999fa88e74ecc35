#!/bin/sh
# Install trialkg into .venv, build the example trials into out/, and answer a question.
# Needs Python 3.11 or newer with pip and venv. VENV and OUT name other folders.
set -eu
cd "$(dirname "$0")/.."
out=${OUT:-out}
requirements/install.sh
PATH="${VENV:-.venv}/bin:$PATH"

show() {
    echo
    echo "\$ $*"
    "$@"
}

show kg build examples/trials -o "$out"
echo
echo "Which drugs are under test in trials that require HER2-negative disease?"
show kg query drugs-tested-in-marker-state -p state=her2-negative -g "$out"
