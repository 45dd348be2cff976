"""``--format sarif`` keeps the standard, and says all there is to say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from inline_snapshot import snapshot

from glance_audit import __version__
from glance_audit.engine.catalogue import load
from glance_audit.engine.finding import Basis, Severity
from glance_audit.engine.rule import Rule
from glance_audit.report.outcome import Outcome
from glance_audit.report.result import AuditReport
from glance_audit.report.sarif import message, to_sarif, write
from glance_audit.report.sarif_rule import rule_of
from tests.report.reports import (
    CLEAN,
    CROSS_CHECKED,
    FOLLOWER,
    HOSTILE,
    INCOMPLETE,
    KNOWN,
    MIXED,
    MIXED_CLEAN,
    SHARED,
    SUPPRESSED,
    TARGET,
    WHOLE_FILE,
    report,
    written,
)

SCHEMA = Path(__file__).with_name("sarif-2.1.0") / "sarif-schema-2.1.0.json"
VALIDATOR = jsonschema.Draft4Validator(
    json.loads(SCHEMA.read_text("utf-8")), format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER
)


def check(_deployment: object) -> Iterator[Any]:
    """One line with `code`.

    ## What it does

    Looks for `x`.

    ## Why it matters

    It breaks.

    ## Bad

    ```
    x
    ```
    """
    yield from ()


RULES = (
    Rule("GA201", "sendcl-shared-vhost", Severity.ERROR, Basis.MEASURED, "all", check),
    Rule("GA999", "of-no-finding", Severity.ERROR, Basis.MEASURED, "all", check),
)


def run_of(made: AuditReport, status: int = 1) -> dict[str, Any]:
    log = to_sarif(made, Outcome(0.25, status), RULES)
    VALIDATOR.validate(log)
    (run,) = log["runs"]
    return dict(run)


@pytest.mark.parametrize(
    "made",
    [MIXED, MIXED_CLEAN, CLEAN, INCOMPLETE, CROSS_CHECKED, report(HOSTILE)],
    ids=["mixed", "clean", "bare", "incomplete", "cross-checked", "hostile"],
)
def test_what_is_written_fits_the_schema_of_oasis(made: AuditReport) -> None:
    text = written(write, made)
    VALIDATOR.validate(json.loads(text))

    assert text.isascii()


def test_every_rule_of_the_catalogue_fits_the_schema() -> None:
    for rule in load():
        one = SHARED._replace(code=rule.code, slug=rule.slug, url=rule.url)
        VALIDATOR.validate(to_sarif(report(one), Outcome(0), [rule]))
        assert rule_of(one, rule)["shortDescription"]["text"].endswith(".")


def test_a_clean_report_has_an_empty_list_of_results() -> None:
    run = run_of(MIXED_CLEAN, status=0)

    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []
    assert run["invocations"] == [
        {"executionSuccessful": True, "exitCode": 0, "toolExecutionNotifications": []}
    ]


def test_a_log_begins_with_the_standard_and_the_tool() -> None:
    log = to_sarif(MIXED, Outcome(0.25, 1), RULES)
    (run,) = log.pop("runs")
    driver = run["tool"]["driver"]

    assert log == snapshot(
        {
            "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            "version": "2.1.0",
        }
    )
    assert list(run) == snapshot(
        ["tool", "invocations", "originalUriBaseIds", "columnKind", "results", "properties"]
    )
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["properties"]["target"]["httpd_version"] == snapshot(
        {"min": "2.4.71", "max": "2.4.71", "source": "dpkg (apache2-bin)"}
    )
    assert {key: value for key, value in driver.items() if key != "rules"} == snapshot(
        {
            "name": "glance-audit",
            "version": __version__,
            "semanticVersion": __version__,
            "informationUri": "https://glance-audit.readthedocs.io/en/latest/",
            "notifications": [
                {
                    "id": "incomplete",
                    "shortDescription": {"text": "Something could not be audited."},
                },
                {"id": "note", "shortDescription": {"text": "A fact that a reader must know."}},
                {
                    "id": "cross-check",
                    "shortDescription": {
                        "text": "The second reader of Apache's files sees something else."
                    },
                },
            ],
        }
    )


def test_a_rule_with_findings_brings_its_page() -> None:
    rules = run_of(MIXED)["tool"]["driver"]["rules"]

    assert [rule["id"] for rule in rules] == ["GA201", "GA208", "GA301", "GA911"]
    assert rules[0] == snapshot(
        {
            "id": "GA201",
            "name": "sendcl-shared-vhost",
            "shortDescription": {
                "text": "One line with code.",
                "markdown": "One line with `code`.",
            },
            "fullDescription": {"text": "Looks for x.", "markdown": "Looks for `x`."},
            "help": {
                "text": """\
Looks for x.

It breaks.

https://glance-audit.readthedocs.io/en/latest/rules/GA201/\
""",
                "markdown": """\
One line with `code`.

## What it does

Looks for `x`.

## Why it matters

It breaks.

## Bad

```
x
```
""",
            },
            "helpUri": "https://example.org/rules/GA201/",
            "defaultConfiguration": {"level": "error"},
            "properties": {
                "tags": ["openstack", "glance", "request-buffering"],
                "precision": "very-high",
                "problem.severity": "error",
            },
        }
    )


def test_a_rule_that_is_not_in_the_catalogue_is_named() -> None:
    own = WHOLE_FILE._replace(code="XX911", url="")
    assert rule_of(own, None) == snapshot(
        {
            "id": "XX911",
            "name": "template-not-rendered",
            "shortDescription": {"text": "template not rendered"},
            "fullDescription": {"text": "template not rendered"},
            "help": {"text": "A rule of your own: glance-audit explain XX911 --rules-dir DIR"},
            "defaultConfiguration": {"level": "note"},
            "properties": {
                "tags": ["openstack", "glance"],
                "precision": "very-high",
                "problem.severity": "recommendation",
            },
        }
    )


def test_a_result_has_its_places_and_its_identity() -> None:
    results = run_of(MIXED._replace(findings=(SHARED,)))["results"]

    assert results == snapshot(
        [
            {
                "ruleId": "GA201",
                "ruleIndex": 0,
                "level": "error",
                "message": {
                    "text": """\
proxy-sendcl, set for <VirtualHost *:80>, also reaches Glance at /image: Apache writes every chunked image upload to disk before Glance sees its first byte.
help: remove the line; if another service needs it, set it in that service's own <Location>\
"""
                },
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {
                                "uri": "deploy/etc/sites-available/image.conf",
                                "uriBaseId": "%SRCROOT%",
                            },
                            "region": {
                                "startLine": 3,
                                "startColumn": 5,
                                "endLine": 3,
                                "endColumn": 26,
                                "snippet": {"text": "SetEnv proxy-sendcl 1"},
                            },
                        }
                    }
                ],
                "relatedLocations": [
                    {
                        "id": 1,
                        "physicalLocation": {
                            "artifactLocation": {
                                "uri": "deploy/etc/sites-available/image.conf",
                                "uriBaseId": "%SRCROOT%",
                            },
                            "region": {
                                "startLine": 17,
                                "startColumn": 5,
                                "endLine": 17,
                                "endColumn": 89,
                                "snippet": {
                                    "text": 'ProxyPass "/image" "http://127.0.0.1:60999" retry=0 connectiontimeout=60 timeout=600'
                                },
                            },
                        },
                        "message": {"text": "the Glance route it buffers: /image"},
                    },
                    {
                        "id": 2,
                        "physicalLocation": {
                            "artifactLocation": {
                                "uri": "deploy/etc/sites-available/image.conf",
                                "uriBaseId": "%SRCROOT%",
                            },
                            "region": {
                                "startLine": 4,
                                "startColumn": 5,
                                "endLine": 4,
                                "endColumn": 52,
                                "snippet": {
                                    "text": 'ProxyPass "/placement" "http://127.0.0.1:8000/"'
                                },
                            },
                        },
                        "message": {"text": "shares the scope: /placement"},
                    },
                    {
                        "id": 3,
                        "physicalLocation": {
                            "artifactLocation": {
                                "uri": "deploy/etc/sites-enabled/image.conf",
                                "uriBaseId": "%SRCROOT%",
                            },
                            "region": {
                                "startLine": 3,
                                "startColumn": 5,
                                "endLine": 3,
                                "endColumn": 26,
                                "snippet": {"text": "SetEnv proxy-sendcl 1"},
                            },
                        },
                        "message": {"text": "the link that the server opens"},
                    },
                    {
                        "id": 4,
                        "physicalLocation": {
                            "artifactLocation": {
                                "uri": "deploy/etc/apache2.conf",
                                "uriBaseId": "%SRCROOT%",
                            },
                            "region": {"startLine": 225},
                        },
                        "message": {"text": "included from here"},
                    },
                ],
                "partialFingerprints": {"glanceAudit/v1": "00112233445566778899aabbccddeeff"},
                "properties": {"confidence": "high", "basis": "measured", "causedBy": None},
            }
        ]
    )


def test_a_finding_about_a_whole_file_has_no_region() -> None:
    (result,) = run_of(MIXED._replace(findings=(WHOLE_FILE,)))["results"]

    assert result["level"] == "note"
    assert result["locations"] == snapshot(
        [
            {
                "physicalLocation": {
                    "artifactLocation": {
                        "uri": "deploy/etc/sites-available/image.conf",
                        "uriBaseId": "%SRCROOT%",
                    }
                }
            }
        ]
    )


def test_a_follower_names_the_finding_that_leads() -> None:
    results = run_of(MIXED)["results"]
    (follower,) = (one for one in results if one["ruleId"] == "GA301")
    (leader,) = (one for one in results if one["ruleId"] == "GA201")

    assert follower["properties"]["causedBy"] == FOLLOWER.caused_by
    assert leader["partialFingerprints"] == {"glanceAudit/v1": FOLLOWER.caused_by}


def test_what_is_suppressed_is_there_and_says_why() -> None:
    results = run_of(MIXED)["results"]
    said = {one["ruleId"]: one.get("suppressions") for one in results}

    assert said == {
        "GA201": None,
        "GA208": [{"kind": "inSource", "justification": SUPPRESSED.suppressed}],
        "GA301": None,
        "GA911": None,
    }
    (result,) = (one for one in results if one["ruleId"] == "GA208")
    assert result["message"] == {"text": "spooled."}


def test_an_incomplete_audit_did_not_succeed_and_says_what_is_missing() -> None:
    made = MIXED._replace(cross_check=CROSS_CHECKED.cross_check, findings=())
    (invocation,) = run_of(made, status=3)["invocations"]

    assert invocation == snapshot(
        {
            "executionSuccessful": False,
            "exitCode": 3,
            "toolExecutionNotifications": [
                {
                    "descriptor": {"id": "incomplete", "index": 0},
                    "level": "error",
                    "message": {"text": "permission denied"},
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": {
                                    "uri": "deploy/etc/ports.conf",
                                    "uriBaseId": "%SRCROOT%",
                                }
                            }
                        }
                    ],
                },
                {
                    "descriptor": {"id": "note", "index": 1},
                    "level": "note",
                    "message": {"text": "uploads are spooled in /tmp, whose size is unknown"},
                },
                {
                    "descriptor": {"id": "cross-check", "index": 2},
                    "level": "warning",
                    "message": {"text": "the second reader sees 'SetEnv x'; known: it cuts at #"},
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": {
                                    "uri": "deploy/etc/sites-available/image.conf",
                                    "uriBaseId": "%SRCROOT%",
                                },
                                "region": {
                                    "startLine": 3,
                                    "startColumn": 5,
                                    "endLine": 3,
                                    "endColumn": 26,
                                    "snippet": {"text": "SetEnv proxy-sendcl 1"},
                                },
                            }
                        }
                    ],
                },
                {
                    "descriptor": {"id": "cross-check", "index": 2},
                    "level": "warning",
                    "message": {
                        "text": "the second reader does not see this directive; the cause is not known"
                    },
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": {
                                    "uri": "deploy/etc/sites-available/image.conf",
                                    "uriBaseId": "%SRCROOT%",
                                },
                                "region": {
                                    "startLine": 17,
                                    "startColumn": 5,
                                    "endLine": 17,
                                    "endColumn": 89,
                                    "snippet": {
                                        "text": 'ProxyPass "/image" "http://127.0.0.1:60999" retry=0 connectiontimeout=60 timeout=600'
                                    },
                                },
                            }
                        }
                    ],
                },
            ],
        }
    )


def test_indexes_lead_to_what_they_name() -> None:
    run = run_of(MIXED)
    driver = run["tool"]["driver"]
    told = run["invocations"][0]["toolExecutionNotifications"]

    assert all(driver["rules"][one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])
    assert len(told) == 2
    for one in told:
        descriptor = one["descriptor"]
        assert driver["notifications"][descriptor["index"]]["id"] == descriptor["id"]


def test_files_outside_the_current_directory_have_a_base_or_an_address() -> None:
    where = SHARED.location._replace(real_file="sites available/caf\u00e9:%.conf")
    other = where._replace(real_file="/etc/glance/a b.ini")
    made = MIXED._replace(
        target=TARGET._replace(base="/etc/apache 2", cwd="/work"),
        findings=(SHARED._replace(location=where), SHARED._replace(location=other)),
    )
    run = run_of(made)
    found = [one["locations"][0]["physicalLocation"]["artifactLocation"] for one in run["results"]]

    assert run["originalUriBaseIds"] == snapshot(
        {
            "%SRCROOT%": {"description": {"text": "The directory the audit ran in."}},
            "AUDITED": {
                "uri": "file:///etc/apache%202/",
                "description": {"text": "What was audited."},
            },
        }
    )
    assert found == snapshot(
        [
            {"uri": "sites%20available/caf%C3%A9%3A%25.conf", "uriBaseId": "AUDITED"},
            {"uri": "file:///etc/glance/a%20b.ini"},
        ]
    )


def test_files_of_the_current_directory_need_no_address_of_the_machine() -> None:
    assert run_of(MIXED)["originalUriBaseIds"] == {
        "%SRCROOT%": {"description": {"text": "The directory the audit ran in."}}
    }
    assert "/work" not in written(write, MIXED)


def test_text_of_the_files_makes_no_link() -> None:
    assert message("see [here](http://e.example) and ${V}") == {
        "text": "see [here] (http://e.example) and ${V}"
    }


def test_the_time_of_an_audit_is_left_out() -> None:
    assert written(write, MIXED, Outcome(1.5)) == written(write, MIXED, Outcome(0.5))


def test_beside_a_baseline_every_result_has_its_state() -> None:
    def states(made: AuditReport) -> list[str | None]:
        return [one.get("baselineState") for one in run_of(made)["results"]]

    assert states(report(KNOWN, FOLLOWER)) == ["new", "unchanged"]
    assert states(report(SHARED, FOLLOWER)) == [None, None]
