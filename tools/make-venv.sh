#!/bin/sh
# Make a virtual environment: make-venv.sh DIRECTORY [PYTHON]
set -eu

directory=$1
python=${2:-python3}

if [ -x "$directory/bin/python" ] && "$directory/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
    echo "$python is older than Python 3.10: set PYTHON=/path/to/a/newer/python3" >&2
    exit 1
fi

# Debian ships the module without what it needs; python3-venv brings the rest.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        apt-get -q update
        DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends python3-venv
    else
        echo "$python cannot make virtual environments: install Debian's python3-venv" >&2
        exit 1
    fi
fi

"$python" -m venv "$directory"
