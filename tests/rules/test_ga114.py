from __future__ import annotations

import pytest

from tests.rules.audited import (
    APACHE_CONF,
    UWSGI_INI,
    AuditTree,
    codes,
    finding,
    findings,
    judged,
    notes,
    where,
)

CONF = "etc/apache2/apache2.conf"
ONLY = ("GA114",)
GLANCE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
DASHBOARD = 'ProxyPass "/" "http://127.0.0.1:8080/"\n'
SCRIPT = 'WSGIScriptAlias "/image" "/usr/bin/glance-wsgi-api"\n'
LOAD = "LoadModule macro_module modules/mod_macro.so\n"
RULES = "RewriteEngine On\n"
HOST = "<VirtualHost *:80>"
ROUTE = f"the route to Glance at /image on {HOST}"
ITSELF = "mod_rewrite does not know uwsgi://, and Apache sends it to itself"
FIRST = "the first that matches decides"
LAST = "the last <Location> that matches decides"
LEAVE = 'leave Glance\'s path out of <Location "/">, or give it a section of its own behind it'
REMOVE = "remove the one of the two that is not meant"


def host(lines: str, address: str = "*:80") -> str:
    return f"<VirtualHost {address}>\n{lines}</VirtualHost>\n"


def location(path: str, line: str) -> str:
    return f'<Location "{path}">\n{line}\n</Location>\n'


def test_an_earlier_proxypass_takes_the_uploads(audit_tree: AuditTree) -> None:
    report = audit_tree({APACHE_CONF: host(DASHBOARD + GLANCE)}, select=ONLY)
    found = finding(report, "GA114")

    assert where(found.location) == f"{CONF}:2:1"
    assert judged(found) == ("error", "high")
    assert found.message == f"ProxyPass / takes every upload away from {ROUTE}: {FIRST}"
    assert found.help == "move the ProxyPass of Glance before it"
    assert notes(found) == {"the route that no upload reaches": f"{CONF}:3:1"}


@pytest.mark.parametrize(
    ("lines", "line", "message", "help_text"),
    [
        ('ProxyPass "/image" !\n' + GLANCE, 2, f"ProxyPass /image ! @ {FIRST}", REMOVE),
        (
            'ProxyPass "/image/v2/images" !\n' + GLANCE,
            2,
            f"ProxyPass /image/v2/images ! @ {FIRST}",
            REMOVE,
        ),
        (
            'ProxyPassMatch "^/(.*)$" "http://h/$1"\n' + GLANCE,
            2,
            f"ProxyPassMatch ^/(.*)$ @ {FIRST}",
            "move the ProxyPass of Glance before it",
        ),
        (
            GLANCE + 'ProxyPass "/" "http://h/" mapping=encoded\n',
            3,
            "ProxyPass / @ one with mapping= is asked first",
            "move the ProxyPass of Glance before it",
        ),
        (
            GLANCE + location("/", "ProxyPass http://h/"),
            4,
            'ProxyPass in <Location "/"> @ a ProxyPass in a <Location> comes before all others',
            LEAVE,
        ),
        (
            location("/image", "ProxyPass http://127.0.0.1:60999")
            + location("/", "ProxyPass http://h/"),
            6,
            f'ProxyPass in <Location "/"> @ {LAST}',
            LEAVE,
        ),
        (
            GLANCE + location("/", "ProxyPass !"),
            4,
            'ProxyPass ! in <Location "/"> @ a ProxyPass in a <Location> comes before all others',
            LEAVE,
        ),
        (
            GLANCE + RULES + 'RewriteRule "^/(.*)" "http://h/$1" [P]\n',
            4,
            "RewriteRule ^/(.*) @ the server's RewriteRules run before its other routes",
            'write RewriteCond %{REQUEST_URI} "!^/image" before it',
        ),
        (
            GLANCE + RULES + 'RewriteRule "^/image" "-" [F]\n',
            4,
            "RewriteRule ^/image @ the server's RewriteRules run before its other routes",
            REMOVE,
        ),
        (
            GLANCE + RULES + 'RewriteRule "^/(.*)" "/srv/$1" [L]\n',
            4,
            "RewriteRule ^/(.*) @ the server's RewriteRules run before its other routes",
            'write RewriteCond %{REQUEST_URI} "!^/image" before it',
        ),
        (
            RULES
            + 'RewriteRule "^/(.*)" "http://h/$1" [P]\n'
            + 'RewriteRule "^/image" "http://127.0.0.1:60999" [P]\n',
            3,
            "RewriteRule ^/(.*) @ the first RewriteRule that matches decides",
            'write RewriteCond %{REQUEST_URI} "!^/image" before it',
        ),
        (
            GLANCE + RULES + 'RewriteRule "^/image/(.*)" "uwsgi://h:1/$1" [P]\n',
            4,
            f"RewriteRule ^/image/(.*) @ {ITSELF}",
            "write ProxyPass in its place",
        ),
        (
            GLANCE + location("/", RULES + "RewriteRule .* http://h/x [P]"),
            5,
            'RewriteRule in <Location "/"> @ a RewriteRule in a section comes last and decides',
            LEAVE,
        ),
        (
            RULES + 'RewriteRule "^/" "unix:/s|uwsgi://h/" [P]\n' + GLANCE,
            3,
            "RewriteRule ^/ @ the server's RewriteRules run before its other routes",
            'write RewriteCond %{REQUEST_URI} "!^/image" before it',
        ),
        (
            DASHBOARD + SCRIPT,
            2,
            "ProxyPass / @ ProxyPass is asked before WSGIScriptAlias",
            'write ProxyPass "/image" ! before it',
        ),
        (
            SCRIPT + 'Alias "/" "/srv/"\n',
            3,
            "Alias / @ mod_alias is asked before mod_wsgi",
            "leave /image out of it",
        ),
        (
            SCRIPT + 'Redirect gone "/image"\n',
            3,
            "Redirect /image @ mod_alias is asked before mod_wsgi",
            REMOVE,
        ),
        (
            SCRIPT + location("/", "Redirect gone"),
            4,
            'Redirect in <Location "/"> @ a directive in a section comes last and decides',
            LEAVE,
        ),
        (
            SCRIPT + location("/", "SetHandler proxy:http://h/"),
            4,
            'SetHandler in <Location "/"> @ a handler decides, whatever the path is mapped to',
            LEAVE,
        ),
        (
            'WSGIScriptAlias "/" "/srv/keystone.py"\n' + SCRIPT,
            2,
            f"WSGIScriptAlias / @ {FIRST}",
            "move the WSGIScriptAlias of Glance before it",
        ),
        (
            'SetEnvIf Request_URI "^/" no-proxy\n' + GLANCE,
            2,
            "SetEnvIf ^/ @ no-proxy keeps ProxyPass from a request",
            "leave /image out of it",
        ),
    ],
)
def test_everything_that_is_asked_before_takes_the_uploads(
    audit_tree: AuditTree, lines: str, line: int, message: str, help_text: str
) -> None:
    found = finding(audit_tree({APACHE_CONF: host(lines)}, select=ONLY), "GA114")

    assert where(found.location) == f"{CONF}:{line}:1"
    assert judged(found) == ("error", "high")
    assert found.message == message.replace("@", f"takes every upload away from {ROUTE}:")
    assert found.help == help_text


def test_the_main_server_comes_before_a_virtual_host(audit_tree: AuditTree) -> None:
    files = {APACHE_CONF: DASHBOARD + host("ProxyPassInherit Off\n" + GLANCE)}
    found = finding(audit_tree(files, select=ONLY), "GA114")

    assert where(found.location) == f"{CONF}:1:1"
    assert found.message == (
        f"ProxyPass / takes every upload away from {ROUTE}: the main server's comes before a "
        "virtual host's"
    )
    assert found.help == 'put ProxyPass into <Location "/image">: that comes first'


def test_one_directive_is_one_finding_with_all_the_routes_it_takes(audit_tree: AuditTree) -> None:
    hosts = "".join(host(GLANCE, f"*:{port}") for port in (80, 81, 82))
    found = finding(audit_tree({APACHE_CONF: DASHBOARD + hosts}, select=ONLY), "GA114")

    assert "/image on <VirtualHost *:80>, /image on <VirtualHost *:81> and 1 more:" in found.message
    assert [where(one.location) for one in found.related] == [f"{CONF}:{n}:1" for n in (3, 6, 9)]


def test_a_pattern_that_proxypass_takes_for_a_prefix(audit_tree: AuditTree) -> None:
    section = '<LocationMatch "^/image">\nProxyPass "http://127.0.0.1:60999"\n</LocationMatch>\n'
    found = finding(audit_tree({APACHE_CONF: host(section)}, select=ONLY), "GA114")

    assert where(found.location) == f"{CONF}:3:1"
    assert judged(found) == ("error", "high")
    assert found.message == (
        f"no upload reaches Glance at /image on {HOST}: ProxyPass takes the pattern of "
        '<LocationMatch "^/image"> for a plain prefix, which no request has'
    )
    assert found.help == "write ProxyPassMatch in this section, or a <Location> with the path"


@pytest.mark.parametrize("scheme", ["uwsgi", "file"])
def test_a_rule_to_a_scheme_that_mod_rewrite_does_not_know_leads_nowhere(
    audit_tree: AuditTree, scheme: str
) -> None:
    rule = f'RewriteRule "^/image/(.*)" "{scheme}://127.0.0.1:60999/$1" [P]\n'
    found = finding(audit_tree({APACHE_CONF: host(RULES + rule)}, select=ONLY), "GA114")

    assert where(found.location) == f"{CONF}:3:1"
    assert judged(found) == ("error", "high")
    assert found.message == (
        f"RewriteRule ^/image/(.*) leads no upload to Glance at /image/ on {HOST}: mod_rewrite "
        f"does not know {scheme}://, and Apache sends it to itself"
    )
    assert found.help == "write ProxyPass in its place"
    assert notes(found) == {}


def test_such_a_rule_of_another_service_is_no_route(audit_tree: AuditTree) -> None:
    rule = 'RewriteRule "^/placement/(.*)" "uwsgi://127.0.0.1:8778/$1" [P]\n'
    report = audit_tree({APACHE_CONF: host(RULES + rule + GLANCE)}, select=ONLY)

    assert codes(report) == []
    (server,) = report.topology.servers
    assert [route.path for one in server.vhosts for route in one.routes] == ["/image"]


def test_another_route_to_glance_makes_it_a_warning(audit_tree: AuditTree) -> None:
    files = {APACHE_CONF: host('ProxyPass "/image" "http://127.0.0.1:9292"\n' + GLANCE)}
    found = finding(audit_tree(files, select=ONLY), "GA114")

    assert judged(found) == ("warning", "high")
    assert found.message == (
        f"ProxyPass /image takes every upload away from {ROUTE}: {FIRST}, and another route to "
        "Glance answers"
    )
    assert found.help == REMOVE


def test_who_answers_in_the_end_counts_and_not_who_excludes(audit_tree: AuditTree) -> None:
    files = {APACHE_CONF: host('ProxyPass "/image" !\n' + GLANCE + SCRIPT)}
    found = finding(audit_tree(files, select=ONLY), "GA114")

    assert judged(found) == ("warning", "high")
    assert where(found.location) == f"{CONF}:2:1"


def test_one_of_several_routes_that_glance_does_not_answer_is_an_error(
    audit_tree: AuditTree,
) -> None:
    exclusion = 'ProxyPass "/image" !\n'
    files = {APACHE_CONF: exclusion + host(GLANCE + SCRIPT) + host(GLANCE, "*:81")}

    assert judged(finding(audit_tree(files, select=ONLY), "GA114")) == ("error", "high")


@pytest.mark.parametrize(
    "lines",
    [
        GLANCE + DASHBOARD,
        GLANCE + 'ProxyPass "/image" !\n',
        'ProxyPass "/image/v2/schemas" !\n' + GLANCE,
        'ProxyPass "/images" !\nProxyPass "/imag" "http://h"\n' + GLANCE,
        # The more specific path first.
        'ProxyPass "/image/v2/images" "http://127.0.0.1:61000/v2/images"\n' + GLANCE,
        'ProxyPass "/v2/images" "http://h/v2/images"\nProxyPass "/" "http://127.0.0.1:9292/"\n',
        'ProxyPassMatch "^/image(/v2/images/.*/file)$" "http://127.0.0.1:61000$1"\n' + GLANCE,
        location("/", "ProxyPass http://h/")
        + location("/image", "ProxyPass http://127.0.0.1:9292"),
        # Two ways to one target.
        'ProxyPass "/image" "http://127.0.0.1:60999/"\n' + GLANCE,
        location("/image", "ProxyPass http://127.0.0.1:60999") + GLANCE,
        # Somebody sends the clients on.
        RULES + 'RewriteRule "^(.*)$" "https://%{HTTP_HOST}$1" [R=301]\n' + GLANCE,
        'Redirect permanent "/" "https://h/"\n' + SCRIPT,
        location("/image", "Redirect https://h/image") + GLANCE,
        # It depends on the request.
        RULES + 'RewriteCond %{HTTP:X-A} b\nRewriteRule "^/(.*)" "http://h/$1" [P]\n' + GLANCE,
        RULES + "RewriteCond %{REQUEST_METHOD} TRACE\nRewriteRule . - [F]\n" + GLANCE,
        "SetEnvIf User-Agent x no-proxy\n" + GLANCE,
        SCRIPT + '<If "true">\nSetHandler proxy:http://h/\n</If>\n',
        # Asked behind the route.
        GLANCE + 'Alias "/image" "/srv"\nRedirect gone "/image"\n' + SCRIPT.replace("/image", "/"),
        'ProxyPass "/compute" "http://a/"\nProxyPass "/compute" "http://b/"\n',
    ],
)
def test_what_uploads_reach_or_somebody_means_is_no_finding(
    audit_tree: AuditTree, lines: str
) -> None:
    assert codes(audit_tree({APACHE_CONF: host(lines)}, select=ONLY)) == []


def test_a_more_specific_path_of_another_application_is_a_finding(audit_tree: AuditTree) -> None:
    files = {
        APACHE_CONF: host('ProxyPass "/image/v2/images" "http://127.0.0.1:5000"\n' + GLANCE),
        UWSGI_INI: (
            "[uwsgi]\nhttp-socket = 127.0.0.1:5000\nmodule = keystone.wsgi.api:application\n"
        ),
    }

    found = finding(audit_tree(files, select=ONLY), "GA114")

    assert judged(found) == ("error", "high")


def test_a_fragment_that_uploads_reach_in_another_virtual_host_is_no_finding(
    audit_tree: AuditTree,
) -> None:
    include = "Include glance.inc\n"
    files = {
        APACHE_CONF: host('ProxyPass "/image" !\n' + include) + host(include, "*:443"),
        "/etc/apache2/glance.inc": GLANCE,
    }

    assert codes(audit_tree(files, select=ONLY)) == []


def test_a_fragment_that_uploads_reach_nowhere_is_one_finding(audit_tree: AuditTree) -> None:
    include = "Include glance.inc\n"
    files = {
        APACHE_CONF: host(include) + host(include, "*:443"),
        "/etc/apache2/glance.inc": DASHBOARD + GLANCE,
    }

    found = finding(audit_tree(files, select=ONLY), "GA114")

    assert where(found.location) == "etc/apache2/glance.inc:1:1"
    assert "/image on <VirtualHost *:80> and /image on <VirtualHost *:443>:" in found.message


def test_a_virtual_host_may_override_what_it_has_from_the_main_server(
    audit_tree: AuditTree,
) -> None:
    own = location("/", "ProxyPass http://127.0.0.1:8080/")

    assert codes(audit_tree({APACHE_CONF: GLANCE + host(own)}, select=ONLY)) == []


def test_a_route_that_virtual_hosts_have_from_the_main_server_is_told_where_it_stands(
    audit_tree: AuditTree,
) -> None:
    files = {APACHE_CONF: DASHBOARD + GLANCE + host("") + host("", "*:81")}
    found = finding(audit_tree(files, select=ONLY), "GA114")

    assert "the route to Glance at /image on the main server: " in found.message


def test_a_macro_is_reported_at_its_use(audit_tree: AuditTree) -> None:
    files = {
        APACHE_CONF: f"{LOAD}<Macro site $port>\n"
        + host(DASHBOARD + GLANCE, "*:$port")
        + "</Macro>\nUse site 80\nUse site 81\n"
    }

    found = findings(audit_tree(files, select=ONLY), "GA114")

    assert [where(one.location) for one in found] == [f"{CONF}:8:1", f"{CONF}:9:1"]
    assert notes(found[0])["the line of the macro"] == f"{CONF}:4:1"


def test_no_other_rule_speaks_of_a_route_that_no_upload_reaches(audit_tree: AuditTree) -> None:
    route = 'ProxyPass "/image" "uwsgi://127.0.0.1:60999"\n'

    assert codes(audit_tree({APACHE_CONF: host(DASHBOARD + route)})) == ["GA114"]
    assert "GA103" in codes(audit_tree({APACHE_CONF: host(route + DASHBOARD)}))


def test_a_password_in_a_target_is_never_told(audit_tree: AuditTree) -> None:
    taker = 'ProxyPass "/" "http://u:secret@127.0.0.1:8080/"\n'
    found = finding(audit_tree({APACHE_CONF: host(taker + GLANCE)}, select=ONLY), "GA114")

    assert "secret" not in found.message + found.help
