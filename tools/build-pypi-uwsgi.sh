#!/bin/sh
# Build uWSGI as pip builds it into a virtual environment, for the oracle tests: it reads YAML with
# a reader of its own and no JSON. Quick when it is already there. build-pypi-uwsgi.sh VENV
set -eu

version=2.0.31 # the newest
venv=$1
place=$venv/pypi-uwsgi

if [ "$("$place/bin/uwsgi" --version 2>/dev/null)" = "$version" ]; then
    exit 0
fi

if ! command -v gcc >/dev/null; then
    echo "No gcc: tests that ask uWSGI from PyPI are skipped." >&2
    exit 0
fi

# The same whatever libraries this machine has.
export UWSGI_PROFILE_OVERRIDE="json=false;xml=libxml2"
PIP_CONSTRAINT=$(dirname "$0")/constraints.txt # for the setuptools that builds it
export PIP_CONSTRAINT
echo "Building uWSGI $version: a minute or two."
if ! "$venv/bin/python" -m pip --disable-pip-version-check install --quiet --no-deps --use-pep517 \
    --no-binary uwsgi --ignore-installed --prefix "$place" "uwsgi==$version"; then
    echo "Could not build uWSGI $version: tests that ask it are skipped." >&2
    [ -z "${CI:-}" ] || exit 1
fi
