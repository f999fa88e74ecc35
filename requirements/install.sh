#!/bin/sh
# Make a virtual environment with trialkg in it, at the exact versions of the lock files.
# usage: requirements/install.sh [--dev]
# The environment is .venv, or what VENV names; PYTHON names another interpreter than the first suitable one found.
set -eu
cd "$(dirname "$0")/.."
venv=${VENV:-.venv}
suitable='import sys; sys.exit(sys.version_info < (3, 11))'

find_python() {
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
        if "$candidate" -c "$suitable" 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "trialkg needs Python 3.11 or newer; none was found. Set PYTHON to one." >&2
    exit 2
}

set -- "${1:-}" -r requirements/runtime.txt -r requirements/build.txt
if [ "$1" = --dev ]; then
    set -- "$@" -r requirements/dev.txt
fi
shift

if ! "$venv/bin/python" -c "$suitable" 2>/dev/null; then
    python=$(find_python)
    echo "Making $venv with $("$python" --version) …" >&2
    "$python" -m venv --clear "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@" >&2
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable . >&2
