#!/bin/sh
# Install trialkg into .venv, build the example trials into out/, and answer a question. Needs Python 3.11+ with pip and venv.
set -eu
cd "$(dirname "$0")/.."
requirements/install.sh
PATH="${VENV:-.venv}/bin:$PATH"

kg build examples/trials -o out
echo
echo "Which drugs are tested in trials that require HER2-low disease?"
echo '$ kg query drugs-tested-in-marker-state -p state=her2-low -g out'
kg query drugs-tested-in-marker-state -p state=her2-low -g out
