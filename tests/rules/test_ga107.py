from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    GLANCE_CONF,
    UWSGI_INI,
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
INI = "etc/glance/glance-api-uwsgi.ini"
ONLY = ("GA107",)


def route(target: str, path: str = "/image") -> str:
    return f'ProxyPass "{path}" "{target}"\n'


def uwsgi(*lines: str, app: str = "glance.wsgi.api:application") -> str:
    return "".join(f"{line}\n" for line in ("[uwsgi]", *lines, f"module = {app}"))


def system(apache: str, *listen: str) -> dict[str, Content]:
    return {APACHE_CONF: apache, UWSGI_INI: uwsgi(*listen)}


MOVED_ROUTE = route("http://127.0.0.1:61000")
MOVED = system(MOVED_ROUTE, "http-socket = 127.0.0.1:60999")


def test_glance_listens_elsewhere(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(MOVED, select=ONLY), "GA107")

    assert where(found.location) == f"{CONF}:1:1"
    assert judged(found) == ("warning", "high")
    assert found.message == (
        "/image leads to 127.0.0.1:61000, where nothing that was found listens, and "
        "glance-api-uwsgi.ini has http-socket = 127.0.0.1:60999: every request ends with 503"
    )
    assert found.help == (
        "let the route lead to http://127.0.0.1:60999, or write http-socket = 127.0.0.1:61000 in "
        "glance-api-uwsgi.ini"
    )
    assert notes(found) == {"Glance listens here": f"{INI}:2:1"}


@pytest.mark.parametrize(
    ("listen", "url"),
    [
        ("socket = 127.0.0.1:60999", "uwsgi://127.0.0.1:60999"),
        ("http-socket = :60999", "http://127.0.0.1:60999"),
        ("http-socket = 0.0.0.0:60999", "http://127.0.0.1:60999"),
        ("http-socket = [::]:60999", "http://127.0.0.1:60999"),
        ("http-socket = [::1]:60999", "http://[::1]:60999"),
        ("http-socket = 192.0.2.4:60999", "http://192.0.2.4:60999"),
        ("socket = /run/glance/api.sock", "unix:/run/glance/api.sock|uwsgi://localhost"),
        ("http-socket = /run/glance/api.sock", "unix:/run/glance/api.sock|http://localhost"),
    ],
)
def test_the_help_writes_the_url_that_would_reach_it(
    audit_tree: AuditTree, listen: str, url: str
) -> None:
    files = system(route("http://127.0.0.1:61000"), listen)

    found = finding(audit_tree(files, select=ONLY), "GA107")
    assert found.help.startswith(f"let the route lead to {url}, or write ")


@pytest.mark.parametrize(
    ("line", "url"),
    [
        ('ProxyPass "/image/" "http://127.0.0.1:61000/"\n', "http://127.0.0.1:60999/"),
        ('ProxyPass "/image/v2" "http://127.0.0.1:61000/v2"\n', "http://127.0.0.1:60999/v2"),
        (
            'ProxyPassMatch "^/image(/.*)$" "http://127.0.0.1:61000$1"\n',
            "http://127.0.0.1:60999$1",
        ),
    ],
)
def test_the_url_keeps_what_stands_behind_the_port(
    audit_tree: AuditTree, line: str, url: str
) -> None:
    found = finding(audit_tree(system(line, "http-socket = 127.0.0.1:60999"), select=ONLY), "GA107")

    assert found.help.startswith(f"let the route lead to {url}, or write ")


def test_a_protocol_that_apache_has_another_module_for_is_only_moved(audit_tree: AuditTree) -> None:
    files = system(route("http://127.0.0.1:61000"), "fastcgi-socket = 127.0.0.1:60999")

    found = finding(audit_tree(files, select=ONLY), "GA107")
    assert found.help == "write fastcgi-socket = 127.0.0.1:61000 in glance-api-uwsgi.ini"


@pytest.mark.parametrize(
    ("target", "listen", "address"),
    [
        ("http://localhost:61000", "http-socket = :60999", "localhost:61000"),
        ("http://127.0.0.2:60999", "http-socket = 127.0.0.1:60999", "127.0.0.2:60999"),
        ("http://[::1]:60999", "http-socket = 127.0.0.1:60999", "[::1]:60999"),
        ("http://127.0.0.1:60999", "http-socket = [::1]:60999", "127.0.0.1:60999"),
        ("http://127.0.0.1:60999", "http-socket = 192.0.2.4:60999", "127.0.0.1:60999"),
        ("http://192.0.2.4:61000", "http-socket = 192.0.2.4:60999", "192.0.2.4:61000"),
        ("http://[2001:db8::4]:61000", "http-socket = [2001:db8::4]:60999", "[2001:db8::4]:61000"),
        ("uwsgi://127.0.0.1:61000", "socket = 127.0.0.1:60999", "127.0.0.1:61000"),
        ("unix:/run/a.sock|http://glance", "http-socket = /run/b.sock", "/run/a.sock"),
        ("unix:/run/a.sock|http://glance", "http-socket = 127.0.0.1:60999", "/run/a.sock"),
        ("http://127.0.0.1:61000", "http-socket = /run/b.sock", "127.0.0.1:61000"),
        ("http://127.0.0.1:61000", "http-socket = @glance", "127.0.0.1:61000"),
    ],
)
def test_addresses_that_are_not_the_same(
    audit_tree: AuditTree, target: str, listen: str, address: str
) -> None:
    found = finding(audit_tree(system(route(target), listen), select=ONLY), "GA107")

    assert judged(found) == ("warning", "high")
    assert found.message.startswith(f"/image leads to {address}, where nothing")


@pytest.mark.parametrize(
    ("target", "listen"),
    [
        ("http://127.0.0.1:60999", "http-socket = 127.0.0.1:60999"),
        ("http://127.0.0.1:60999", "http-socket = :60999"),
        ("http://127.0.0.1:60999", "http-socket = 0.0.0.0:60999"),
        ("http://127.0.0.1:60999", "http-socket = *:60999"),
        ("http://127.0.0.1:60999", "http-socket = [::]:60999"),
        ("http://[::1]:60999", "http-socket = [::]:60999"),
        ("http://localhost:60999", "http-socket = 127.0.0.1:60999"),
        ("http://localhost:60999", "http-socket = [::1]:60999"),
        ("http://127.0.0.1:60999", "http-socket = localhost:60999"),
        ("unix:/var/run/a.sock|http://glance", "http-socket = /run/a.sock"),
        # the other protocol: GA104
        ("http://127.0.0.1:60999", "socket = 127.0.0.1:60999"),
    ],
)
def test_one_address_in_several_spellings(audit_tree: AuditTree, target: str, listen: str) -> None:
    assert codes(audit_tree(system(route(target), listen), select=ONLY)) == []


@pytest.mark.parametrize(
    ("target", "listen"),
    [
        # another machine, or nobody knows
        ("http://images.internal:61000", "http-socket = :60999"),
        ("http://192.0.2.9:61000", "http-socket = 192.0.2.4:60999"),
        ("http://192.0.2.9:61000", "http-socket = :60999"),
        # the resolver may make it the same
        ("http://127.0.0.1:60999", "http-socket = controller1:60999"),
        # uWSGI's own variables, which the files do not settle
        ("http://127.0.0.1:61000", "http-socket = 127.0.0.1:$(PORT)"),
        ("http://127.0.0.1:61000", "http-socket = $(ADDRESS)"),
        ("unix:/run/a.sock|http://glance", "http-socket = /run/$(NAME).sock"),
        ("unix:/run/a.sock|http://glance", "http-socket = %(nothing)/a.sock"),
        # a path from wherever uWSGI is started
        ("unix:/run/a.sock|http://glance", "http-socket = a.sock"),
        ("http://127.0.0.1:61000", "http-socket = fd://0"),
        # ProxyPassMatch and RewriteRule may put anything there
        ("unix:/run/$1.sock|http://glance", "http-socket = /run/b.sock"),
        ("unix:a.sock|http://glance", "http-socket = /run/b.sock"),
        ("http://$1:61000", "http-socket = /run/b.sock"),
        ("scgi://127.0.0.1", "http-socket = :60999"),  # a port that is not known
    ],
)
def test_what_may_be_the_same_after_all_is_no_finding(
    audit_tree: AuditTree, target: str, listen: str
) -> None:
    assert codes(audit_tree(system(route(target), listen), select=ONLY)) == []


def test_a_name_with_another_port_is_another_address(audit_tree: AuditTree) -> None:
    files = system(route("http://127.0.0.1:61000"), "http-socket = controller1:60999")

    assert codes(audit_tree(files, select=ONLY)) == ["GA107"]


@pytest.mark.parametrize(
    "line",
    [
        "fastrouter = 127.0.0.1:61000",
        "http-to = 127.0.0.1:61000",
        "shared-socket = 127.0.0.1:61000",
    ],
)
def test_other_options_of_uwsgi_may_bind_it(audit_tree: AuditTree, line: str) -> None:
    files = system(route("http://127.0.0.1:61000"), "http-socket = 127.0.0.1:60999", line)

    assert codes(audit_tree(files, select=ONLY)) == []


def test_other_options_of_uwsgi_may_bind_the_socket(audit_tree: AuditTree) -> None:
    listen = ("http-socket = 127.0.0.1:60999", "fastrouter = /run/a.sock")
    files = system(route("unix:/run/a.sock|http://glance"), *listen)

    assert codes(audit_tree(files, select=ONLY)) == []


def test_another_uwsgi_that_nobody_knows_may_be_meant(audit_tree: AuditTree) -> None:
    other = {"/etc/uwsgi/other.ini": uwsgi("http-socket = 127.0.0.1:61000", app="wsgi:app")}

    assert codes(audit_tree(MOVED | other, select=ONLY)) == []


@pytest.mark.parametrize(
    "lines",
    [
        "Listen 61000\n",
        "Listen 127.0.0.1:61000 https\n",
        "<VirtualHost 127.0.0.1:61000>\n</VirtualHost>\n",
    ],
)
def test_apache_itself_may_answer(audit_tree: AuditTree, lines: str) -> None:
    files = MOVED | {APACHE_CONF: route("http://127.0.0.1:61000") + lines}

    assert codes(audit_tree(files, select=ONLY)) == []


def test_apaches_port_is_nothing_to_a_socket(audit_tree: AuditTree) -> None:
    apache = "Listen 80\n" + route("unix:/run/a.sock|http://glance")

    assert codes(audit_tree(system(apache, "http-socket = :60999"), select=ONLY)) == ["GA107"]


STANDALONE = system(route("http://127.0.0.1:9292"), "http-socket = 127.0.0.1:60999")
UNIT = {
    "/etc/systemd/system/glance-api.service": "[Service]\nExecStart=/usr/bin/glance-api --debug\n"
}


def conf(port: int) -> dict[str, Content]:
    return {GLANCE_CONF: f"[DEFAULT]\nbind_port = {port}\n"}


def test_the_standalone_server_may_listen_on_its_usual_port(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(STANDALONE, select=ONLY, glance_release="32"), "GA107")

    assert judged(found) == ("warning", "low")


@pytest.mark.parametrize("more", [UNIT, conf(9292)])
def test_the_standalone_server_is_set_up_there(
    audit_tree: AuditTree, more: dict[str, Content]
) -> None:
    assert codes(audit_tree(STANDALONE | more, select=ONLY, glance_release="32")) == []


@pytest.mark.parametrize("more", [{}, UNIT, conf(9292)])
def test_from_33_on_there_is_no_standalone_server(
    audit_tree: AuditTree, more: dict[str, Content]
) -> None:
    found = finding(audit_tree(STANDALONE | more, select=ONLY, glance_release="33"), "GA107")

    assert judged(found) == ("warning", "high")


def test_the_standalone_server_listens_where_it_is_told_to(audit_tree: AuditTree) -> None:
    report = audit_tree(STANDALONE | conf(9393) | UNIT, select=ONLY, glance_release="32")
    assert judged(finding(report, "GA107")) == ("warning", "high")
    report = audit_tree(MOVED | conf(61000), select=ONLY, glance_release="32")
    assert codes(report) == []
    report = audit_tree(MOVED | UNIT, select=ONLY, glance_release="32")
    assert judged(finding(report, "GA107")) == ("warning", "high")


def test_a_glance_that_has_its_route_says_little_of_another_route(audit_tree: AuditTree) -> None:
    both = route("http://127.0.0.1:61000", "/image/b") + route("http://127.0.0.1:60999")
    files = system(both, "http-socket = 127.0.0.1:60999")
    found = finding(audit_tree(files, select=ONLY), "GA107")

    assert where(found.location) == f"{CONF}:1:1"
    assert judged(found) == ("warning", "low")


def test_the_glance_without_a_route_is_the_one_that_is_named(audit_tree: AuditTree) -> None:
    both = route("http://127.0.0.1:61000", "/image/b") + route("http://127.0.0.1:60999")
    files = system(both, "http-socket = 127.0.0.1:60999")
    files["/etc/glance/second.ini"] = uwsgi("http-socket = 127.0.0.1:61001")
    found = finding(audit_tree(files, select=ONLY), "GA107")

    assert judged(found) == ("warning", "high")
    assert "and second.ini has http-socket = 127.0.0.1:61001:" in found.message


def test_a_file_that_was_not_read_may_bind_it(audit_tree: AuditTree) -> None:
    files = MOVED | {APACHE_CONF: f"Include absent.conf\n{MOVED_ROUTE}"}

    assert judged(finding(audit_tree(files, select=ONLY), "GA107")) == ("warning", "low")


def test_a_mistake_elsewhere_changes_nothing(audit_tree: AuditTree) -> None:
    files = MOVED | {APACHE_CONF: f"{MOVED_ROUTE}</Location>\n"}

    assert judged(finding(audit_tree(files, select=ONLY), "GA107")) == ("warning", "high")


def test_a_file_that_is_read_alone_may_have_more_around_it(audit_tree: AuditTree) -> None:
    alone = {"/srv/site.conf": MOVED_ROUTE, UWSGI_INI: MOVED[UWSGI_INI]}
    found = finding(audit_tree(alone, path="/srv/site.conf", select=ONLY), "GA107")

    assert judged(found) == ("warning", "low")


BALANCER = (
    '<Proxy "balancer://images">\nBalancerMember "http://{}"\nBalancerMember "http://{}"\n'
    '</Proxy>\nProxyPass "/image" "balancer://images"\n'
)


@pytest.mark.parametrize(
    ("members", "found"),
    [
        (("127.0.0.1:61000", "127.0.0.1:61001"), ["GA107"]),
        (("127.0.0.1:61000", "127.0.0.1:60999"), []),
        (("127.0.0.1:61000", "192.0.2.9:60999"), []),
    ],
)
def test_a_balancer_is_judged_by_all_its_members(
    audit_tree: AuditTree, members: tuple[str, str], found: list[str]
) -> None:
    files = system(BALANCER.format(*members), "http-socket = 127.0.0.1:60999")

    assert codes(audit_tree(files, select=ONLY)) == found


@pytest.mark.parametrize(
    "files",
    [
        {APACHE_CONF: MOVED_ROUTE},  # no uWSGI was found
        MOVED | {UWSGI_INI: uwsgi("http-socket = 127.0.0.1:60999", app="keystone.wsgi.api:x")},
        MOVED | {UWSGI_INI: uwsgi("master = true")},  # listens on what nobody knows
        MOVED | {APACHE_CONF: route("http://127.0.0.1:5000", "/identity")},
        MOVED | {APACHE_CONF: 'WSGIScriptAlias "/image" "/usr/bin/glance-wsgi-api"\n'},
    ],
)
def test_without_a_glance_on_another_address_there_is_no_finding(
    audit_tree: AuditTree, files: dict[str, Content]
) -> None:
    assert codes(audit_tree(files, select=ONLY)) == []


def test_a_fragment_in_two_virtual_hosts_is_reported_once(audit_tree: AuditTree) -> None:
    include = "<VirtualHost *:{}>\nInclude /etc/apache2/both.inc\n</VirtualHost>\n"
    files = MOVED | {
        APACHE_CONF: include.format(80) + include.format(443),
        "/etc/apache2/both.inc": MOVED_ROUTE,
    }

    assert where(finding(audit_tree(files, select=ONLY), "GA107").location) == (
        "etc/apache2/both.inc:1:1"
    )


def test_two_routes_are_two_findings(audit_tree: AuditTree) -> None:
    files = MOVED | {APACHE_CONF: f"{route('http://127.0.0.1:61001', '/image/b')}{MOVED_ROUTE}"}

    assert len(findings(audit_tree(files, select=ONLY), "GA107")) == 2
