"""``--format github``, whole, and as the runner takes it."""

from __future__ import annotations

import re

from inline_snapshot import snapshot

from glance_audit.report.github import command, write
from tests.report.reports import (
    HOSTILE,
    KNOWN,
    MARKUP,
    MIXED,
    MIXED_CLEAN,
    SHARED,
    location,
    report,
    written,
)

# As actions/runner takes a line apart.
COMMAND = re.compile(r"::(?P<name>[a-z]+) (?P<properties>[^:]*)::(?P<message>.*)\Z")


def taken(line: str) -> tuple[str, dict[str, str], str]:
    match = COMMAND.match(line)
    assert match is not None
    properties = dict(one.split("=", 1) for one in match["properties"].split(","))
    return (
        match["name"],
        {key: _meant(value, ":,") for key, value in properties.items()},
        _meant(match["message"]),
    )


def _meant(text: str, more: str = "") -> str:
    for character in f"{more}\n\r%":
        text = text.replace(f"%{ord(character):02X}", character)
    return text


def test_a_whole_report() -> None:
    assert written(write, MIXED) == snapshot("""\
::warning file=deploy/etc/glance-uwsgi.ini,line=13,endLine=13,col=1,endColumn=20,title=GA301 short-timeout-with-buffering::uploads to /image are buffered with timers below 300 s%0Ahelp: stop the spooling, and raise the timers%0Asee: https://example.org/rules/GA301/
::notice file=deploy/etc/sites-available/image.conf,title=GA911 template-not-rendered::the file is a template%0Ahelp: render it%0Asee: https://example.org/rules/GA911/
::error file=deploy/etc/sites-available/image.conf,line=3,endLine=3,col=5,endColumn=26,title=GA201 sendcl-shared-vhost::proxy-sendcl, set for <VirtualHost *:80>, also reaches Glance at /image: Apache writes every chunked image upload to disk before Glance sees its first byte%0Ahelp: remove the line; if another service needs it, set it in that service's own <Location>%0Asee: https://example.org/rules/GA201/
::error file=deploy/etc/ports.conf,title=glance-audit%3A could not be audited::permission denied
""")


def test_a_clean_report_has_no_line() -> None:
    assert written(write, MIXED_CLEAN) == ""


def test_the_columns_are_left_out_of_what_has_several_lines() -> None:
    made = report(SHARED._replace(location=location(3, "    SetEnv \\", "  proxy-sendcl 1")))
    _, properties, _ = taken(written(write, made).rstrip("\n"))

    assert properties == {
        "file": "sites-available/image.conf",
        "line": "3",
        "endLine": "4",
        "title": "GA201 sendcl-shared-vhost",
    }


def test_hostile_text_is_one_command_and_arrives_as_it_was() -> None:
    where = HOSTILE.location._replace(real_file="a,line=7::error::b%2C:c.conf")
    (line,) = written(write, report(HOSTILE._replace(location=where))).splitlines()
    name, properties, message = taken(line)

    assert name == "error"
    assert list(properties) == ["file", "line", "endLine", "col", "endColumn", "title"]
    assert properties["file"] == "a,line=7::error::b%2C:c.conf"
    assert message.startswith(MARKUP)
    assert f"\nhelp: write {MARKUP}" in message


def test_a_line_end_cannot_begin_another_command() -> None:
    assert command("error", {"file": "a\n::warning::b"}, "t\r", ["x\n::stop-commands::y"]) == (
        "::error file=a\\x0a%3A%3Awarning%3A%3Ab,title=t\\x0d::x\\x0a::stop-commands::y"
    )


def test_what_is_in_the_baseline_is_a_notice() -> None:
    name, properties, _ = taken(written(write, report(KNOWN)).rstrip("\n"))

    assert (name, properties["title"]) == ("notice", "GA201 sendcl-shared-vhost (known)")
