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
    echo "trialkg needs Python 3.11 or newer, and none was found; set PYTHON to the path of one." >&2
    exit 2
}

install() {
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check "$@" >&2
}

if ! "$venv/bin/python" -c "$suitable" 2>/dev/null; then
    python=$(find_python)
    echo "Making $venv with $("$python" --version) …" >&2
    clear=
    if [ -f "$venv/pyvenv.cfg" ]; then clear=--clear; fi
    "$python" -m venv $clear "$venv"
fi
echo "Installing what the lock files name into $venv …" >&2
set -- ${1:+-r requirements/dev.txt}
install -r requirements/runtime.txt -r requirements/build.txt "$@"
install --no-build-isolation --no-deps --editable .
