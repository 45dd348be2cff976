#!/bin/sh
# Install the servers that the oracle tests ask, Debian's Apache and uWSGI, what it takes to compile
# what they are asked with and uWSGI as pip builds it, the browser that the HTML report opens in, the
# shells that complete the command line, and what draws its manual page. What else is wanted is named:
# install-servers.sh [PACKAGE...]
# Quick when they are already there. Nothing is left running that was not running before.
set -eu

packages="apache2 apache2-dev libapache2-mod-proxy-uwsgi libapache2-mod-wsgi-py3
          uwsgi uwsgi-plugin-python3 gcc libc6-dev libxml2-dev python3-dev chromium
          fish groff-base openssl zsh $*"

installed() {
    [ "$(dpkg-query -W -f '${Status}' "$1" 2>/dev/null)" = "install ok installed" ]
}

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    echo "Not a Debian-family system: tests that ask the real servers are skipped." >&2
    exit 0
fi

missing=""
for package in $packages; do
    installed "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
    echo "Tests that ask the real servers are skipped until root has installed:$missing" >&2
    exit 0
fi

# Debian starts a service that it has just installed; only those that were there before may run.
started=""
for service in apache2 uwsgi; do
    installed "$service" || started="$started $service"
done

export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # a list of words
if ! { apt-get -q update && apt-get -q install -y --no-install-recommends $missing; }; then
    echo "Could not install$missing: tests that ask the real servers are skipped." >&2
    [ -z "${CI:-}" ] || exit 1
fi

for service in $started; do
    if [ -d /run/systemd/system ]; then
        systemctl disable --now "$service" || true
    else
        service "$service" stop >/dev/null 2>&1 || true
    fi
done
