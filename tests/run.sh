#!/bin/sh
# Install trialkg and its development tools into .venv and run the tests; arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
requirements/install.sh --dev
exec "${VENV:-.venv}/bin/python" -m pytest -n auto "$@"
