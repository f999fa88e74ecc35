#!/bin/sh
# Write the lock files anew from pyproject.toml; needs uv (https://docs.astral.sh/uv/).
# One set of exact versions serves Python 3.11 to 3.13; a version that only some of them can use has a line that says so.
set -eu
cd "$(dirname "$0")/.."

lock() {
    uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-annotate --no-emit-index-url \
        --no-emit-find-links --custom-compile-command requirements/lock.sh "$@"
}

lock pyproject.toml -o requirements/runtime.txt
lock --group build -c requirements/runtime.txt -o requirements/build.txt
lock --group dev -c requirements/runtime.txt -c requirements/build.txt -o requirements/dev.txt
lock pyproject.toml --extra spark -c requirements/runtime.txt -c requirements/dev.txt -o requirements/spark.txt
