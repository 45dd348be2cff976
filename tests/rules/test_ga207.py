from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    AuditTree,
    Content,
    codes,
    finding,
    findings,
    judged,
    notes,
    where,
)

CONF = "etc/apache2/apache2.conf"
ONLY = ("GA207",)
HTTP = 'ProxyPass "/image" "http://127.0.0.1:60999"'
SET = "SetEnv proxy-sendcl 1"
UNSET = "UnsetEnv proxy-sendcl"
BY_IF = 'SetEnvIf Request_URI "^/image" proxy-sendcl'
NOT_BY_IF = 'SetEnvIf Request_URI "^/image" !proxy-sendcl'
HELP = (
    "remove the SetEnv, or set proxy-sendchunked in Glance's own <Location>, which cancels it on "
    "httpd 2.4"
)


def location(path: str, *lines: str) -> str:
    return "\n".join((f"<Location {path}>", *lines, "</Location>"))


def host(*lines: str, server: str = "") -> dict[str, Content]:
    body = "".join(f"{line}\n" for line in lines)
    return {APACHE_CONF: f"{server}<VirtualHost *:80>\n{body}</VirtualHost>\n"}


def test_an_unset_of_the_other_kind_is_reported_where_it_stands(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(host(SET, NOT_BY_IF, HTTP), select=ONLY), "GA207")

    assert where(found.location) == f"{CONF}:3:1"
    assert judged(found) == ("error", "high")
    assert found.message == (
        "!proxy-sendcl of SetEnvIf does not cancel the SetEnv for <VirtualHost *:80>, because "
        "SetEnv is applied after every SetEnvIf: Apache still writes chunked uploads to /image to "
        "disk"
    )
    assert found.help == HELP
    assert notes(found) == {
        "what stays in force": f"{CONF}:2:1",
        "the Glance route it buffers: /image": f"{CONF}:4:1",
    }


def test_unsetenv_does_not_see_what_setenvif_sets(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(host(BY_IF, UNSET, HTTP), select=ONLY), "GA207")

    assert where(found.location) == f"{CONF}:3:1"
    assert found.message == (
        "UnsetEnv proxy-sendcl does not cancel the SetEnvIf for <VirtualHost *:80>, because "
        "UnsetEnv removes only what SetEnv and PassEnv have set: Apache still writes chunked "
        "uploads to /image to disk"
    )
    assert found.help == (
        "remove the SetEnvIf, or set proxy-sendchunked in Glance's own <Location>, which cancels "
        "it on httpd 2.4"
    )


def test_another_location_with_a_directive_of_mod_env_loses_the_unsetenv(
    audit_tree: AuditTree,
) -> None:
    other = location("/", "SetEnv other 1")
    files = host(SET, location("/image", UNSET), other, HTTP)
    found = finding(audit_tree(files, select=ONLY), "GA207")

    assert judged(found) == ("error", "high")
    assert found.message == (
        "UnsetEnv proxy-sendcl does not cancel the SetEnv for <VirtualHost *:80>, because "
        "another <Location> with SetEnv or UnsetEnv matches too, and merging the two loses "
        "UnsetEnv: Apache still writes chunked uploads to /image to disk"
    )
    assert found.help == HELP


@pytest.mark.parametrize(
    "other",
    [
        location("/identity", "SetEnv other 1"),
        location("/", "Header set X-A b"),
        '<If "true">\nSetEnv other 1\n</If>',
    ],
)
def test_a_location_that_is_not_merged_with_it_leaves_the_unsetenv(
    audit_tree: AuditTree, other: str
) -> None:
    files = host(SET, location("/image", UNSET), other, HTTP)

    assert codes(audit_tree(files, select=ONLY)) == []


def test_a_location_that_may_be_merged_with_it_is_no_finding(audit_tree: AuditTree) -> None:
    other = '<LocationMatch "(a+)+">\nSetEnv other 1\n</LocationMatch>'
    files = host(SET, location("/image", UNSET), other, HTTP)

    assert codes(audit_tree(files, select=ONLY)) == []


def test_a_location_of_the_main_server_comes_after_the_host(audit_tree: AuditTree) -> None:
    files = host(UNSET, HTTP, server=location("/image", SET) + "\n")
    found = finding(audit_tree(files, select=ONLY), "GA207")

    assert where(found.location) == f"{CONF}:5:1"
    assert "cancel the SetEnv for <Location /image>, which is applied after it: " in found.message
    assert found.help == HELP


def test_a_proxied_request_enters_no_directory(audit_tree: AuditTree) -> None:
    files = host(SET, f"<Directory />\n{UNSET}\n</Directory>", HTTP)
    found = finding(audit_tree(files, select=ONLY), "GA207")

    assert where(found.location) == f"{CONF}:4:1"
    assert "because proxied requests never enter <Directory />: Apache" in found.message
    assert found.help == HELP


@pytest.mark.parametrize(
    "lines",
    [
        (location("/image", UNSET), location("/", SET), HTTP),  # measured: shorter_location_below
        (location("/image", UNSET), location("/image", SET), HTTP),
        (location("/image", UNSET, SET), HTTP),
        (UNSET, SET, HTTP),
        (SET, "RewriteEngine On", 'RewriteRule "^/" "-" [E=!proxy-sendcl]', HTTP),
        (NOT_BY_IF, BY_IF, HTTP),
        (location("/image", UNSET), location("~ ^/", SET), HTTP),
        (location("/image", UNSET), location("/v2", UNSET), location("/", SET), HTTP),
    ],
)
def test_the_order_it_is_applied_in_decides(audit_tree: AuditTree, lines: tuple[str, ...]) -> None:
    assert codes(audit_tree(host(*lines), select=ONLY)) == ["GA207"]


@pytest.mark.parametrize(
    "lines",
    [
        (SET, location("/image", UNSET), HTTP),
        (location("/", SET), location("/image", UNSET), HTTP),
        (SET, UNSET, HTTP),
        (BY_IF, NOT_BY_IF, HTTP),
        (SET, location("/other", UNSET), HTTP),  # not meant for Glance
        (UNSET, location("/image", SET), HTTP),  # on purpose
        (location("/", UNSET), location("/image", SET), HTTP),
        (location("/image", UNSET), f"<If true>\n{SET}\n</If>", HTTP),
        (SET, 'SetEnvIf Request_URI "^/other" !proxy-sendcl', HTTP),
        (SET, "SetEnv proxy-sendchunked 1", NOT_BY_IF, HTTP),
        (UNSET, HTTP),
        (SET, NOT_BY_IF, HTTP.replace("/image", "/identity").replace("60999", "5000")),
        (SET, NOT_BY_IF, HTTP.replace("http:", "uwsgi:")),
    ],
)
def test_one_that_works_or_is_not_meant_is_fine(
    audit_tree: AuditTree, lines: tuple[str, ...]
) -> None:
    assert codes(audit_tree(host(*lines), select=ONLY)) == []


@pytest.mark.parametrize("inner", [SET, location("/image", SET)])
def test_a_host_that_sets_what_the_server_unsets_does_so_on_purpose(
    audit_tree: AuditTree, inner: str
) -> None:
    assert codes(audit_tree(host(inner, HTTP, server=f"{UNSET}\n"), select=ONLY)) == []


def test_the_unset_of_another_host_has_no_say(audit_tree: AuditTree) -> None:
    files = host(SET, HTTP, f"</VirtualHost>\n<VirtualHost *:81>\n{UNSET}")

    assert codes(audit_tree(files, select=ONLY)) == []


def test_what_spools_some_requests_is_less_certain(audit_tree: AuditTree) -> None:
    files = host("BrowserMatch curl proxy-sendcl", UNSET, HTTP)
    found = finding(audit_tree(files, select=ONLY), "GA207")

    assert judged(found) == ("error", "medium")
    assert "have set: for some requests Apache still writes" in found.message


def test_each_thing_that_stays_in_force_is_a_finding(audit_tree: AuditTree) -> None:
    files = host(UNSET, BY_IF, HTTP, server=location("/", SET) + "\n")
    found = findings(audit_tree(files, select=ONLY), "GA207")

    assert {notes(one)["what stays in force"] for one in found} == {f"{CONF}:2:1", f"{CONF}:6:1"}


def test_two_routes_are_one_finding(audit_tree: AuditTree) -> None:
    files = host(SET, 'SetEnvIf Request_URI "^/" !proxy-sendcl', HTTP, HTTP.replace("image", "gl"))
    found = finding(audit_tree(files, select=ONLY), "GA207")

    assert "chunked uploads to /image and /gl to disk" in found.message
    assert len(found.related) == 3


def test_pike_needs_what_is_not_cancelled(audit_tree: AuditTree) -> None:
    report = audit_tree(host(SET, NOT_BY_IF, HTTP), select=ONLY, glance_release="15")

    assert finding(report, "GA207").help == "remove the line: Glance 15 (Pike) needs proxy-sendcl"


def test_an_expression_comes_after_every_location(audit_tree: AuditTree) -> None:
    server = f"<If true>\n{SET}\n</If>\n"
    found = finding(audit_tree(host(UNSET, HTTP, server=server), select=ONLY), "GA207")

    assert judged(found) == ("error", "medium")
    assert found.help.startswith("remove the SetEnv, or set proxy-sendchunked in Glance's own")


def test_out_of_a_macro_the_body_is_related(audit_tree: AuditTree) -> None:
    macro = f"LoadModule macro_module m.so\n<Macro Off>\n{UNSET}\n</Macro>\n"
    found = finding(audit_tree(host(BY_IF, "Use Off", HTTP, server=macro), select=ONLY), "GA207")

    assert notes(found)["the line of the macro"] == f"{CONF}:3:1"


@pytest.mark.parametrize(
    ("outer", "inner", "fires"),
    [
        ("<LocationMatch ^/image>", "<Location /image/v2>", False),
        ('<Location ~ "^/image">', "<Location /image/v2>", False),
        ("<Location /image>", "<LocationMatch ^/image/v2>", False),
        ("<Location /image>", '<Location ~ "^/image/v2">', False),
        ("<LocationMatch ^/image/v2>", "<LocationMatch ^/image>", True),
        ("<LocationMatch ^/image/v2>", '<Location ~ "/">', True),
        ("<LocationMatch ^/image>", "<LocationMatch ^/image>", True),
        ("<Location /image>", '<Proxy "*">', False),  # Proxy is merged before
        ('<Proxy "*">', "<Location /image>", True),
    ],
)
def test_a_narrower_path_is_set_on_purpose_however_it_is_written(
    audit_tree: AuditTree, outer: str, inner: str, fires: bool
) -> None:
    def wrapped(section: str, line: str) -> str:
        return f"{section}\n{line}\n</{section[1:].split()[0].rstrip('>')}>"

    files = host(wrapped(outer, UNSET), wrapped(inner, SET), HTTP)

    assert codes(audit_tree(files, select=ONLY)) == (["GA207"] if fires else [])


def test_a_route_that_streams_hides_no_other(audit_tree: AuditTree) -> None:
    streamed = location("/first", "SetEnv proxy-sendchunked 1")
    first = HTTP.replace("/image", "/first")
    found = finding(audit_tree(host(SET, "SetEnvIf Request_URI . !proxy-sendcl", streamed, first,
                                    'ProxyPass "/x" "http://127.0.0.1:1"', HTTP), select=ONLY),
                    "GA207")  # fmt: skip

    assert "chunked uploads to /image to disk" in found.message


def test_a_setting_on_purpose_hides_no_other(audit_tree: AuditTree) -> None:
    files = host(UNSET, location("/image", SET), BY_IF, HTTP)
    found = finding(audit_tree(files, select=ONLY), "GA207")

    assert notes(found)["what stays in force"] == f"{CONF}:6:1"
