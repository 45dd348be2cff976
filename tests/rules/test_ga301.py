from __future__ import annotations

import pytest

from glance_audit.audit.settings import Floors
from tests.rules.audited import (
    APACHE_CONF,
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
ONLY = ("GA301",)
SENDCL = "SetEnv proxy-sendcl 1\n"
HTTP = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
UWSGI = 'ProxyPass "/image" "uwsgi://127.0.0.1:60999"\n'
LONG = "Timeout 300\n"
PATIENT = "socket-timeout = 300\n"


def conf(*lines: str) -> dict[str, Content]:
    return {APACHE_CONF: "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)}


def ini(*lines: str, listen: str = "http-socket", app: str = "glance.wsgi.api") -> str:
    body = "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
    return f"[uwsgi]\n{listen} = 127.0.0.1:60999\nmodule = {app}:application\n{body}"


def with_uwsgi(apache: str, uwsgi: str) -> dict[str, Content]:
    return {APACHE_CONF: apache, UWSGI_INI: uwsgi}


# Apache spools.


def test_the_default_timeout_is_reported_at_the_route(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(conf(SENDCL, HTTP), select=ONLY, glance_release="33"), "GA301")

    assert where(found.location) == f"{CONF}:2:1"
    assert judged(found) == ("warning", "high")
    assert "uploads to /image are buffered with timers below 300 s" in found.message
    assert "Timeout 60 s by default ends an upload when Glance stops reading" in found.message
    assert "(502 or 504)" in found.message
    assert "408" not in found.message
    assert notes(found) == {"what buffers the uploads": f"{CONF}:1:1"}


def test_a_short_proxytimeout_bites_the_backend_and_not_the_client(audit_tree: AuditTree) -> None:
    files = conf(SENDCL, "ProxyTimeout 30", HTTP)
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA301")

    assert where(found.location) == f"{CONF}:2:1"
    assert "ProxyTimeout 30 s ends an upload when Glance stops reading" in found.message
    assert "(502 or 504)" in found.message
    assert "408" not in found.message
    assert notes(found) == {
        "what buffers the uploads": f"{CONF}:1:1",
        "the Glance route: /image": f"{CONF}:3:1",
    }


def test_the_workers_timeout_wins_over_proxytimeout(audit_tree: AuditTree) -> None:
    route = HTTP.rstrip() + " timeout=30"
    files = conf(SENDCL, "ProxyTimeout 600", "Timeout 600", route)
    found = finding(audit_tree(files, select=ONLY), "GA301")

    assert where(found.location) == f"{CONF}:4:{len(HTTP) + 1}"
    assert "worker timeout= 30 s ends an upload when Glance stops reading" in found.message


def test_a_short_timeout_that_is_set_bites_on_both_sides(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(conf(SENDCL, "Timeout 30", HTTP), select=ONLY), "GA301")

    assert where(found.location) == f"{CONF}:2:1"
    assert "Timeout 30 s ends an upload when Glance stops reading" in found.message
    assert "Timeout 30 s ends it when the client pauses that long (408)" in found.message


def test_beside_a_long_proxytimeout_a_short_timeout_bites_the_client(
    audit_tree: AuditTree,
) -> None:
    files = conf(SENDCL, "ProxyTimeout 600", "Timeout 30", HTTP)
    found = finding(audit_tree(files, select=ONLY), "GA301")

    assert where(found.location) == f"{CONF}:3:1"
    assert "Timeout 30 s ends it when the client pauses that long (408)" in found.message
    assert "ProxyTimeout" not in found.message
    assert "502" not in found.message


def test_short_timers_on_both_sides_are_one_finding(audit_tree: AuditTree) -> None:
    files = conf(SENDCL, "ProxyTimeout 20", "Timeout 30", HTTP)
    found = finding(audit_tree(files, select=ONLY), "GA301")

    assert where(found.location) == f"{CONF}:2:1"
    assert "ProxyTimeout 20 s ends an upload when Glance stops" in found.message
    assert "Timeout 30 s ends it when the client pauses that long (408)" in found.message
    assert notes(found) == {
        "set below 300 s as well": f"{CONF}:3:1",
        "what buffers the uploads": f"{CONF}:1:1",
        "the Glance route: /image": f"{CONF}:4:1",
    }


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ("body=30", 30),
        ("body=299", 299),
        ("body=20-40,MinRate=500", 40),
        ("Body=9-80,minrate=1", 80),
    ],
)
def test_a_cap_on_the_whole_body_ends_an_upload_data_or_not(
    audit_tree: AuditTree, body: str, seconds: int
) -> None:
    files = conf(SENDCL, LONG, f"RequestReadTimeout header=20 {body}", HTTP)
    found = finding(audit_tree(files, select=ONLY), "GA301")

    assert where(found.location) == f"{CONF}:3:{len('RequestReadTimeout header=20 ') + 1}"
    assert f"{seconds} s ends it after that time, data or not (408)" in found.message
    assert "502" not in found.message


@pytest.mark.parametrize(
    "body",
    ["body=20,MinRate=500", "body=300", "body=20-300,MinRate=500", "body=0", "header=20-40"],
)
def test_a_body_timer_that_is_long_or_grows_with_the_data_is_fine(
    audit_tree: AuditTree, body: str
) -> None:
    files = conf(SENDCL, LONG, f"RequestReadTimeout {body}", HTTP)

    assert codes(audit_tree(files, select=ONLY)) == []


@pytest.mark.parametrize(
    ("lines", "fires"),
    [
        (("Timeout 300",), False),
        (("Timeout 299",), True),
        (("ProxyTimeout 300",), False),
        (("ProxyTimeout 5min",), False),
        (("ProxyTimeout 299",), True),
        (("ProxyTimeout 299s",), True),
        (("Timeout 300", "ProxyTimeout 299"), True),
        (("Timeout 299", "ProxyTimeout 300"), True),
        (("ProxyTimeout 600", "Timeout 600"), False),
    ],
)
def test_three_hundred_seconds_are_enough(
    audit_tree: AuditTree, lines: tuple[str, ...], fires: bool
) -> None:
    report = audit_tree(conf(SENDCL, *lines, HTTP), select=ONLY)

    assert codes(report) == (["GA301"] if fires else [])


@pytest.mark.parametrize(("worker", "fires"), [("300", False), ("299", True), ("5min", False)])
def test_three_hundred_seconds_of_the_worker_are_enough(
    audit_tree: AuditTree, worker: str, fires: bool
) -> None:
    files = conf(SENDCL, LONG, "ProxyTimeout 1", f"{HTTP.rstrip()} timeout={worker}")

    assert codes(audit_tree(files, select=ONLY)) == (["GA301"] if fires else [])


@pytest.mark.parametrize(("floor", "fires"), [(60, False), (61, True), (600, True)])
def test_the_floor_can_be_set(audit_tree: AuditTree, floor: int, fires: bool) -> None:
    report = audit_tree(conf(SENDCL, HTTP), select=ONLY, floors=Floors(buffering=floor))

    assert codes(report) == (["GA301"] if fires else [])
    if fires:
        found = finding(report, "GA301")
        assert f"with timers below {floor} s" in found.message
        assert f"raise the timers to {floor} s or more" in found.help


def test_the_floor_of_streaming_is_another(audit_tree: AuditTree) -> None:
    files = with_uwsgi(SENDCL + LONG + HTTP, ini(PATIENT))

    assert codes(audit_tree(files, select=ONLY, floors=Floors(streaming=900))) == []


@pytest.mark.parametrize(
    ("release", "advice"),
    [
        ("15", "keep proxy-sendcl, without which Glance 15 (Pike) cannot read chunked uploads"),
        ("16", "stop the spooling, and raise the timers to 300 s or more"),
        ("33", "stop the spooling, and raise the timers to 300 s or more"),
        (None, "stop the spooling (on Glance 15 (Pike) alone proxy-sendcl must stay), and raise"),
    ],
)
def test_every_release_is_reported_alike_and_advised_for_itself(
    audit_tree: AuditTree, release: str | None, advice: str
) -> None:
    files = conf(SENDCL, HTTP)
    found = finding(audit_tree(files, select=ONLY, glance_release=release), "GA301")

    assert judged(found) == ("warning", "high")
    assert found.help.startswith(advice)
    assert "for the uploads that are streamed" in found.help
    assert "harakiri" not in found.help


@pytest.mark.parametrize(
    "cause",
    [
        "SetEnv proxy-sendcl 0",
        "SetEnv force-proxy-request-1.0 1",
        "SetEnvIf Transfer-Encoding chunked proxy-sendcl",
        "<Location /image>\nSetEnv proxy-sendcl 1\n</Location>",
        "<If \"%{HTTP_HOST} == 'x'\">\nSetEnv proxy-sendcl 1\n</If>",
        "SetEnv proxy-sendchunked 1\nSetEnv force-proxy-request-1.0 1",
    ],
)
def test_whatever_spools_the_uploads_counts(audit_tree: AuditTree, cause: str) -> None:
    found = finding(audit_tree(conf(cause, HTTP), select=ONLY), "GA301")
    line = cause.count("\n") + 2
    (place,) = [n for m, n in notes(found).items() if m == "what buffers the uploads"]

    assert where(found.location) == f"{CONF}:{line}:1"
    assert place.startswith(f"{CONF}:")


# Apache spools, and uWSGI's timers bite what is streamed.


def test_uwsgis_timers_bite_only_what_is_streamed(audit_tree: AuditTree) -> None:
    files = with_uwsgi(SENDCL + LONG + HTTP, ini("socket-timeout = 30"))
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA301")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("warning", "high")
    assert "socket-timeout 30 s cannot bite while Apache spools" in found.message
    assert "only in uploads with a Content-Length" in found.message
    assert "502" not in found.message
    assert notes(found) == {
        "what buffers the uploads": f"{CONF}:1:1",
        "the Glance route: /image": f"{CONF}:3:1",
    }


def test_the_default_socket_timeout_is_reported_at_the_route(audit_tree: AuditTree) -> None:
    files = with_uwsgi(SENDCL + LONG + HTTP, ini())
    found = finding(audit_tree(files, select=ONLY), "GA301")

    assert where(found.location) == f"{CONF}:3:1"
    assert "socket-timeout 4 s by default cannot bite while Apache spools" in found.message


def test_the_routers_timer_counts_behind_the_router(audit_tree: AuditTree) -> None:
    files = with_uwsgi(SENDCL + LONG + HTTP, ini(PATIENT, "http-timeout = 90", listen="http"))
    found = finding(audit_tree(files, select=ONLY), "GA301")

    assert where(found.location) == f"{INI}:5:1"
    assert "http-timeout 90 s cannot bite while Apache spools" in found.message
    assert "socket-timeout" not in found.message


def test_the_routers_default_timer_counts_behind_the_router(audit_tree: AuditTree) -> None:
    files = with_uwsgi(SENDCL + LONG + HTTP, ini(PATIENT, listen="http"))
    found = finding(audit_tree(files, select=ONLY), "GA301")

    assert where(found.location) == f"{CONF}:3:1"
    assert "http-timeout 60 s by default cannot bite" in found.message


def test_harakiri_counts_and_is_to_be_removed(audit_tree: AuditTree) -> None:
    files = with_uwsgi(SENDCL + LONG + HTTP, ini(PATIENT, "harakiri = 60"))
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA301")

    assert where(found.location) == f"{INI}:5:1"
    assert "harakiri 60 s cannot bite while Apache spools" in found.message
    assert found.help.endswith("; remove harakiri")


def test_the_timers_that_bite_while_buffering_are_told_apart(audit_tree: AuditTree) -> None:
    files = with_uwsgi(
        SENDCL + "ProxyTimeout 20\n" + HTTP, ini("socket-timeout = 30", "harakiri = 60")
    )
    found = finding(audit_tree(files, select=ONLY), "GA301")
    buffered, _, streamed = found.message.partition("(502 or 504)")

    assert where(found.location) == f"{CONF}:2:1"
    assert "ProxyTimeout 20 s" in buffered
    assert "socket-timeout 30 s and harakiri 60 s cannot bite" in streamed
    assert "socket-timeout" not in buffered
    assert "ProxyTimeout" not in streamed


@pytest.mark.parametrize(
    "uwsgi",
    [
        ini("socket-timeout = 300"),
        ini("socket-timeout = 300", "http-timeout = 10"),  # http-socket has no router
        ini("socket-timeout = 300", "harakiri = 300"),
        ini("socket-timeout = 300", "harakiri = 0"),
        ini("socket-timeout = 300", "http-timeout = 300", listen="http"),
    ],
)
def test_patient_timers_are_fine(audit_tree: AuditTree, uwsgi: str) -> None:
    assert codes(audit_tree(with_uwsgi(SENDCL + LONG + HTTP, uwsgi), select=ONLY)) == []


# uWSGI spools.


def test_post_buffering_is_buffering_too(audit_tree: AuditTree) -> None:
    files = with_uwsgi(LONG + HTTP, ini("post-buffering = 8192", "socket-timeout = 30"))
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA301")

    assert where(found.location) == f"{INI}:5:1"
    assert judged(found) == ("warning", "high")
    assert "uWSGI spools uploads to /image that have a Content-Length (post-buffering)" in (
        found.message
    )
    assert "below 300 s: socket-timeout 30 s ends any upload that pauses that long" in found.message
    assert "Apache spools" not in found.message
    assert found.help.startswith("remove post-buffering, and raise the timers to 300 s or more")
    assert notes(found) == {
        "what buffers the uploads with a Content-Length": f"{INI}:4:1",
        "the Glance route: /image": f"{CONF}:2:1",
    }


def test_harakiri_spares_what_post_buffering_spools(audit_tree: AuditTree) -> None:
    files = with_uwsgi(LONG + HTTP, ini("post-buffering = 8192", PATIENT, "harakiri = 60"))
    found = finding(audit_tree(files, select=ONLY), "GA301")

    assert where(found.location) == f"{INI}:6:1"
    assert "harakiri 60 s ends chunked ones, which are not spooled" in found.message
    assert "any upload" not in found.message
    assert found.help.endswith("; remove harakiri")


def test_a_timeout_ends_uploads_to_post_buffering_that_pause(audit_tree: AuditTree) -> None:
    files = with_uwsgi("Timeout 30\n" + HTTP, ini("post-buffering = 8192", PATIENT))
    found = finding(audit_tree(files, select=ONLY), "GA301")

    assert where(found.location) == f"{CONF}:1:1"
    assert "Timeout 30 s ends any upload that pauses that long" in found.message


@pytest.mark.parametrize(
    "uwsgi",
    [
        ini("post-buffering = 0", "socket-timeout = 30"),
        ini("post-buffering = true", "socket-timeout = 30"),  # a word is 0
        ini("post-buffering = 8192", "socket-timeout = 300"),
    ],
)
def test_post_buffering_that_is_off_or_patient_is_fine(audit_tree: AuditTree, uwsgi: str) -> None:
    assert codes(audit_tree(with_uwsgi(LONG + HTTP, uwsgi), select=ONLY)) == []


# Nobody spools, though the documentation says so.


def test_proxy_sendcl_before_mod_proxy_uwsgi_does_not_buffer(audit_tree: AuditTree) -> None:
    files = with_uwsgi(SENDCL + LONG + UWSGI, ini("socket-timeout = 30", listen="socket"))
    found = finding(audit_tree(files, select=ONLY, glance_release="33"), "GA301")

    assert where(found.location) == f"{INI}:4:1"
    assert judged(found) == ("warning", "high")
    assert "proxy-sendcl does not buffer uploads to /image" in found.message
    assert "mod_proxy_uwsgi refuses chunked ones" in found.message
    assert "streamed through timers below 300 s: socket-timeout 30 s" in found.message
    assert found.help.startswith("remove proxy-sendcl, and raise the timers to 300 s or more")
    assert notes(found) == {
        "what should buffer the uploads, and does not": f"{CONF}:1:1",
        "the Glance route: /image": f"{CONF}:3:1",
    }


def test_the_default_timer_before_mod_proxy_uwsgi_is_reported_at_the_route(
    audit_tree: AuditTree,
) -> None:
    found = finding(audit_tree(conf(SENDCL, UWSGI), select=ONLY), "GA301")

    assert where(found.location) == f"{CONF}:2:1"
    assert "timers below 300 s: Timeout 60 s by default" in found.message


@pytest.mark.parametrize(
    "apache",
    [
        "SetEnv proxy-sendchunked 1\n" + UWSGI,
        SENDCL + "UnsetEnv proxy-sendcl\n" + UWSGI,
        "<Location /volume>\n" + SENDCL + "</Location>\n" + UWSGI,
        "SetEnv force-proxy-request-1.0 1\n" + UWSGI,
        UWSGI,
    ],
)
def test_mod_proxy_uwsgi_without_proxy_sendcl_is_fine(audit_tree: AuditTree, apache: str) -> None:
    files = with_uwsgi(apache, ini(listen="socket"))

    assert codes(audit_tree(files, select=ONLY)) == []


# Nothing to say.


@pytest.mark.parametrize(
    "lines",
    [
        (HTTP,),
        ("Timeout 5", HTTP),
        ("SetEnv proxy-sendchunked 1", "Timeout 5", HTTP),
        (SENDCL, "UnsetEnv proxy-sendcl", "Timeout 5", HTTP),
        (SENDCL, "SetEnv proxy-sendchunked 1", "Timeout 5", HTTP),
        ("SetEnv proxy-sendcl=1", "Timeout 5", HTTP),
        ("<Directory />", SENDCL, "</Directory>", "Timeout 5", HTTP),
        (SENDCL, "Timeout 5", 'ProxyPass "/object" "http://127.0.0.1:8080"'),
        (SENDCL, "Timeout 5", 'WSGIScriptAlias "/image" "/srv/wsgi/glance-wsgi-api"'),
    ],
)
def test_what_is_not_buffered_or_not_glance_is_fine(
    audit_tree: AuditTree, lines: tuple[str, ...]
) -> None:
    assert codes(audit_tree(conf(*lines), select=ONLY)) == []


def test_the_timers_of_another_virtual_host_are_none_of_its_business(
    audit_tree: AuditTree,
) -> None:
    text = (
        f"{LONG}<VirtualHost *:80>\n{SENDCL}{HTTP}</VirtualHost>\n"
        "<VirtualHost *:81>\nTimeout 5\nProxyTimeout 5\n"
        'ProxyPass "/object" "http://127.0.0.1:8080"\n</VirtualHost>\n'
    )

    assert codes(audit_tree({APACHE_CONF: text}, select=ONLY)) == []


def test_a_uwsgi_of_another_service_is_none_of_its_business(audit_tree: AuditTree) -> None:
    other = ini("harakiri = 5", app="keystone.wsgi.api").replace("60999", "5000")
    files = with_uwsgi(SENDCL + LONG + HTTP, other)

    assert codes(audit_tree(files, select=ONLY)) == []


def test_a_fragment_of_two_virtual_hosts_is_reported_once(audit_tree: AuditTree) -> None:
    include = "    Include /etc/apache2/both.inc\n"
    files: dict[str, Content] = {
        APACHE_CONF: f"<VirtualHost *:80>\n{include}</VirtualHost>\n"
        f"<VirtualHost *:443>\n{include}</VirtualHost>\n",
        "/etc/apache2/both.inc": SENDCL + "ProxyTimeout 30\n" + HTTP,
    }
    found = finding(audit_tree(files, select=ONLY), "GA301")

    assert where(found.location) == "etc/apache2/both.inc:2:1"


def test_each_buffered_route_is_reported(audit_tree: AuditTree) -> None:
    second = 'ProxyPass "/glance" "http://127.0.0.1:9292" '
    files = conf(SENDCL, "ProxyTimeout 30", HTTP, f"{second}timeout=20")
    report = audit_tree(files, select=ONLY)

    assert [where(found.location) for found in findings(report, "GA301")] == [
        f"{CONF}:2:1",
        f"{CONF}:4:{len(second) + 1}",
    ]


GLANCE_INI = "[uwsgi]\nhttp-socket = 127.0.0.1:{}\nmodule = glance.wsgi.api:application\n"


@pytest.mark.parametrize("timeouts", [(600, 5), (5, 600)])
def test_each_virtual_host_that_includes_a_fragment_has_its_own_timers(
    audit_tree: AuditTree, timeouts: tuple[int, int]
) -> None:
    hosts = "".join(
        f"<VirtualHost *:{port}>\nTimeout {seconds}\nInclude /etc/apache2/b.inc\n</VirtualHost>\n"
        for port, seconds in zip((80, 443), timeouts, strict=True)
    )
    fragment = 'SetEnv proxy-sendcl 1\nProxyPass "/image" "http://127.0.0.1:60999"\n'
    files = {APACHE_CONF: hosts, "/etc/apache2/b.inc": fragment}
    found = finding(audit_tree(files, select=("GA301",)), "GA301")

    assert "Timeout 5 s" in found.message


def test_every_member_of_a_balancer_counts(audit_tree: AuditTree) -> None:
    files = {
        APACHE_CONF: (
            "Timeout 600\nSetEnv proxy-sendcl 1\n<Proxy balancer://glance>\n"
            "BalancerMember http://127.0.0.1:60001\nBalancerMember http://127.0.0.1:60002\n"
            '</Proxy>\nProxyPass "/image" "balancer://glance"\n'
        ),
        "/etc/glance/one.ini": GLANCE_INI.format(60001) + "socket-timeout = 600\n",
        "/etc/glance/two.ini": GLANCE_INI.format(60002) + "socket-timeout = 40\n",
    }
    found = finding(audit_tree(files, select=("GA301",)), "GA301")

    assert where(found.location) == "etc/glance/two.ini:4:1"


def test_with_post_buffering_a_pausing_client_meets_no_proxy_timeout(
    audit_tree: AuditTree,
) -> None:
    files = {
        APACHE_CONF: (
            "Timeout 600\nProxyTimeout 30\nRequestReadTimeout body=40\n"
            'ProxyPass "/image" "http://127.0.0.1:60999"\n'
        ),
        UWSGI_INI: GLANCE_INI.format(60999) + "socket-timeout = 600\npost-buffering = 8192\n",
    }
    found = finding(audit_tree(files, select=("GA301",)), "GA301")

    assert "ProxyTimeout 30 s ends one that uWSGI does not answer that long" in found.message
    assert "RequestReadTimeout body 40 s ends any upload after that time" in found.message


def test_what_is_not_there_is_not_to_be_kept_on_pike(audit_tree: AuditTree) -> None:
    text = (
        "Timeout 30\nSetEnv force-proxy-request-1.0 1\n"
        'ProxyPass "/image" "http://127.0.0.1:60999"\n'
    )
    found = finding(
        audit_tree({APACHE_CONF: text}, glance_release="15", select=("GA301",)), "GA301"
    )

    assert found.help.startswith("stop the spooling, and raise")


# The filter BUFFER: what has a Content-Length is spooled, chunked uploads are streamed.

BUFFER = "SetInputFilter BUFFER\n"


def test_a_filter_that_buffers_is_a_cause_too(audit_tree: AuditTree) -> None:
    found = finding(audit_tree(conf(BUFFER, HTTP), select=ONLY, glance_release="15"), "GA301")

    assert where(found.location) == f"{CONF}:2:1"
    assert "Timeout 60 s by default ends an upload when Glance stops reading" in found.message
    assert found.help.startswith("stop the spooling, and raise the timers to 300 s or more")
    assert notes(found) == {"what buffers the uploads": f"{CONF}:1:1"}


def test_behind_the_filter_uwsgis_timers_bite_chunked_uploads(audit_tree: AuditTree) -> None:
    files = with_uwsgi(LONG + BUFFER + HTTP, ini("socket-timeout = 30"))
    found = finding(audit_tree(files, select=ONLY), "GA301")

    assert where(found.location) == f"{INI}:4:1"
    assert found.message.endswith(
        "socket-timeout 30 s cannot bite while Apache spools, only in chunked uploads, which "
        "Apache streams all the same"
    )


def test_where_every_upload_is_spooled_uwsgis_timers_are_none(audit_tree: AuditTree) -> None:
    files = with_uwsgi(LONG + SENDCL + BUFFER + HTTP, ini("socket-timeout = 30", "harakiri = 9"))

    assert codes(audit_tree(files, select=ONLY)) == []


@pytest.mark.parametrize(("cause", "named"), [(BUFFER, True), (SENDCL, False)])
def test_harakiri_bites_what_neither_of_the_two_spools(
    audit_tree: AuditTree, cause: str, named: bool
) -> None:
    uwsgi = ini("socket-timeout = 30", "post-buffering = 1", "harakiri = 9")
    found = finding(audit_tree(with_uwsgi(cause + HTTP, uwsgi), select=ONLY), "GA301")

    assert ("harakiri 9 s" in found.message) is named
