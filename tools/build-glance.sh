#!/bin/sh
# Install a release of Glance for the laboratory, with an empty data base: build-glance.sh VERSION
# It goes to build/glance/VERSION, made with Debian's Python, for Debian's uWSGI and mod_wsgi load it.
# About 30 seconds and 260 MB; quick when it is already there.
set -eu

version=$1
python=/usr/bin/python3
place=build/glance/$version

# What a release needs to run with a Python newer than itself: measured, by trying. And the last
# keystonemiddleware with identity_uri, which Glance asks before 33: 13 came out with that.
case $version in
    20.*) pins="SQLAlchemy==1.3.24 oslo.db==8.6.0 alembic==1.4.3 oslo.service<3
        keystonemiddleware<13" ;;
    25.*) pins="SQLAlchemy==1.4.54 oslo.db==12.3.2 alembic==1.8.1 oslo.service<4 oslo.utils<8
        keystonemiddleware<13" ;;
    *) pins="" ;;
esac

[ "$(cat "$place/.built" 2>/dev/null)" != "made with: $pins" ] || exit 0

echo "Installing Glance $version: half a minute."
rm -rf "$place"
tools/make-venv.sh "$place" "$python"
# shellcheck disable=SC2086 # a list of words
"$place/bin/python" -m pip --disable-pip-version-check install --quiet "glance==$version" $pins

cat >"$place/database.conf" <<END
[database]
connection = sqlite:///$(pwd)/$place/glance.db
END
"$place/bin/python" tools/glance_manage.py --config-file "$place/database.conf" db_sync \
    >"$place/db_sync.log" 2>&1 || { tail -n 20 "$place/db_sync.log" >&2; exit 1; }
echo "made with: $pins" >"$place/.built"
