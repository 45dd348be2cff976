"""Which rules of mod_rewrite run; Apache's own answers are in tests/oracle."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.apache import Directive
from glance_audit.deployment.rewrite import RewriteRule, Rewriting
from tests.deployment.trees import apache

URI = "/image/v2"


def read(root: Path, text: str) -> tuple[Rewriting, list[Directive]]:
    config = apache(root, text)
    return Rewriting(config.all), list(config.all.every)


def last_rule(root: Path, text: str) -> RewriteRule | None:
    rewriting, directives = read(root, text)
    return rewriting.rule([d for d in directives if d.key == "rewriterule"][-1])


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("", True),
        ("RewriteRule ^/other - [L]", True),
        ("RewriteRule ^/image - [L]", False),
        ("RewriteRule ^/image - [END]", False),
        ("RewriteRule ^/image http://h/ [P]", False),
        ("RewriteRule ^/image - [forbidden]", False),
        ("RewriteRule !^/other - [L]", False),
        ("RewriteRule ^/image - [E=x:1]", True),
        ("RewriteRule ^/image /elsewhere", None),
        ("RewriteRule ^/image - [S=1]", None),
        ("RewriteRule ^/image - [C]", None),
        ("RewriteCond %{HTTPS} on\nRewriteRule ^/image - [L]", None),
        ("RewriteCond %{HTTPS} on\nRewriteRule ^/other - [L]", True),
        ("RewriteRule (a+)+b - [L]", None),
        ("RewriteCond %{HTTPS} on", None),
    ],
)
def test_rules_above_decide_whether_a_rule_is_reached(
    before: str, expected: bool | None, tmp_path: Path
) -> None:
    rule = last_rule(tmp_path, f"RewriteEngine On\n{before}\nRewriteRule ^/image - [E=y]")
    assert rule is not None
    assert rule.takes(URI) is expected


def test_rules_of_another_context_are_not_in_the_way(tmp_path: Path) -> None:
    text = (
        "RewriteEngine On\nRewriteRule ^ - [L]\n"
        "<VirtualHost *:80>\nRewriteRule ^/image - [E=y]\n</VirtualHost>"
    )
    rule = last_rule(tmp_path, text)
    assert rule is not None
    assert rule.takes(URI) is True


@pytest.mark.parametrize(
    ("flags", "variables", "proxies"),
    [
        ("[E=a:1,env=!b, E=c]", ("a:1", "!b", "c"), False),
        ("[P]", (), True),
        ("[qsa,PROXY]", (), True),
        ("[E=,E]", (), False),
        ("[PT,E=x]", ("x",), False),
    ],
)
def test_flags_are_read_without_case(
    flags: str, variables: tuple[str, ...], proxies: bool, tmp_path: Path
) -> None:
    rule = last_rule(tmp_path, f'RewriteEngine On\nRewriteRule ^ - "{flags}"')
    assert rule is not None
    assert (rule.variables, rule.proxies) == (variables, proxies)


def test_where_the_engine_is_off_there_is_no_rule(tmp_path: Path) -> None:
    assert last_rule(tmp_path, "RewriteRule ^ -") is None
    assert last_rule(tmp_path, "RewriteEngine On\nRewriteRule ^") is None


@pytest.mark.parametrize(
    ("main", "host", "expected"),
    [
        ("", "", False),
        ("", "RewriteEngine On", False),
        ("", "RewriteOptions Inherit", True),
        ("", "RewriteOptions InheritBefore", True),
        ("RewriteOptions InheritDown", "RewriteEngine On", True),
        ("RewriteOptions InheritDown", "", False),
        ("RewriteOptions InheritDown\nRewriteOptions AllowNoSlash", "RewriteEngine On", True),
        ("RewriteOptions InheritDownBefore", "RewriteOptions IgnoreInherit", False),
        ("RewriteOptions Inherit", "RewriteEngine On", False),
    ],
)
def test_rules_of_the_main_server_are_inherited_on_demand(
    main: str, host: str, expected: bool, tmp_path: Path
) -> None:
    rewriting, directives = read(tmp_path, f"{main}\n<VirtualHost *:80>\n{host}\n</VirtualHost>")
    (section,) = [d for d in directives if d.key == "virtualhost"]
    assert rewriting.inherits(section) is expected
