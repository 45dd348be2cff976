"""The address that Glance takes for the client's."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.deployment.request_url import Proxied, proxied
from tests.deployment.request_urls import CASES, KEEP, PASS, PREFIX, PROTO, TARGET
from tests.deployment.trees import APACHE, deploy

MAIN = f"{APACHE}/apache2.conf"
CONF = "/etc/glance/glance-api.conf"
PARSED = "[oslo_middleware]\nenable_proxy_headers_parsing = {}\n"
HOST = "127.0.0.1:60999"
BALANCER = (
    f"<Proxy balancer://g>\nBalancerMember http://{TARGET}\n</Proxy>\n"
    'ProxyPass "/image" "balancer://g"\n'
)
INI = f"[uwsgi]\nhttp-socket = {HOST}\nmodule = glance.wsgi.api:application\n"


def seen(
    root: Path, text: str, *paths: str, main: str = MAIN, parse: bool = False, uwsgi: bool = True
) -> Proxied:
    files = {
        main: f"<VirtualHost *:80>\n{text}</VirtualHost>\n".replace(TARGET, HOST),
        CONF: PARSED.format(parse),
    }
    if uwsgi:
        files["/etc/glance/glance.ini"] = INI
    ((_, (one,)),) = proxied(deploy(root, files, *(paths or (APACHE,))))
    return one


@pytest.mark.parametrize("name", CASES)
def test_what_apache_tells(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    url = seen(tmp_path, case.text).url

    assert url.host == ("" if case.kept else HOST)
    # Only an expression depends on the request; over TLS it says https.
    assert url.announced == (case.proto is not None)
    assert url.secure == url.announced  # uWSGI believes it
    assert url.reversed == case.reversed
    assert url.lost == "/image"
    assert url.certain


@pytest.mark.parametrize("name", CASES)
def test_what_glance_believes_where_it_parses_headers(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    url = seen(tmp_path, case.text, parse=True).url

    assert url.host == ("" if case.kept or case.forwarded else HOST)
    assert url.lost == ("" if case.prefix else "/image")


@pytest.mark.parametrize(("parse", "secure"), [(True, True), (False, False)])
def test_without_uwsgi_only_parsing_believes_a_header(
    tmp_path: Path, parse: bool, secure: bool
) -> None:
    url = seen(tmp_path, PROTO + PASS, parse=parse, uwsgi=False).url

    assert (url.announced, url.secure) == (True, secure)


@pytest.mark.parametrize(
    ("value", "uwsgi", "secure"), [("on", True, True), ("off", True, False), ("on", False, False)]
)
def test_uwsgi_believes_another_header_too(
    tmp_path: Path, value: str, uwsgi: bool, secure: bool
) -> None:
    text = f"RequestHeader set X-Forwarded-Ssl {value}\n{PASS}"
    url = seen(tmp_path, text, uwsgi=uwsgi).url

    assert (url.announced, url.secure) == (False, secure)


def test_a_condition_leaves_a_doubt(tmp_path: Path) -> None:
    url = seen(tmp_path, f"<If true>\n{KEEP}</If>\n{PASS}").url

    assert (url.host, url.certain) == (HOST, False)


@pytest.mark.parametrize(
    ("path", "target", "lost"),
    [
        ("/image", TARGET, "/image"),
        ("/image/", f"{TARGET}/", "/image"),
        ("/image", f"{TARGET}/image", ""),
        ("/image/", f"{TARGET}/image", ""),
        ("/image", f"{TARGET}/glance", "/image"),
        ("/", f"{TARGET}/", ""),
        ("/", f"{TARGET}/image", ""),
        ("/a/image", f"{TARGET}/image", "/a/image"),
    ],
)
def test_what_the_backend_does_not_hear_of_is_lost(
    tmp_path: Path, path: str, target: str, lost: str
) -> None:
    assert seen(tmp_path, f'ProxyPass "{path}" "http://{target}"\n').url.lost == lost


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (PASS, f"http://{HOST}"),
        (PROTO + PASS, f"https://{HOST}"),
        (KEEP + PASS, "http://"),
        ('ProxyPass "/image" "unix:/run/glance.sock|http://glance/"\n', "http://glance"),
        ('ProxyPass "/image" "http://user:secret@127.0.0.1:60999"\n', f"http://{HOST}"),
        ('ProxyPassMatch "^/image(/.*)$" "http://127.0.0.1:60999$1"\n', f"http://{HOST}"),
        (BALANCER, f"http://{HOST}"),
    ],
)
def test_how_an_address_begins(tmp_path: Path, text: str, start: str) -> None:
    assert seen(tmp_path, text).url.start == start


def test_a_file_alone_may_not_say_everything(tmp_path: Path) -> None:
    assert seen(tmp_path / "a", PASS).known
    site, ini = "/srv/site.conf", "/etc/glance/glance.ini"
    assert not seen(tmp_path / "b", PASS, site, CONF, ini, main=site).known


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("http://localhost:9292", True),
        ("unix:/run/glance.sock|http://glance/", True),
        ("http://192.0.2.1:9292", False),
    ],
)
def test_another_machine_may_have_another_configuration(
    tmp_path: Path, url: str, known: bool
) -> None:
    assert seen(tmp_path, f'ProxyPass "/image" "{url}"\n', uwsgi=False).known is known


def test_a_name_may_be_another_machines(tmp_path: Path) -> None:
    files = {
        MAIN: 'ProxyPass "/image" "http://images.internal:60999"\n',
        CONF: "[DEFAULT]\n",
        "/etc/glance/glance.ini": INI.replace("127.0.0.1", ""),
    }
    ((_, (one,)),) = proxied(deploy(tmp_path, files, APACHE))

    assert not one.known


def test_a_uwsgi_that_runs_no_glance_here_says_nothing(tmp_path: Path) -> None:
    files = {
        MAIN: PASS.replace(TARGET, HOST),
        CONF: "[DEFAULT]\n",
        "/etc/glance/glance.ini": f"{INI}env = OS_GLANCE_CONFIG_DIR=/srv/nowhere\n",
    }

    assert list(proxied(deploy(tmp_path, files, APACHE))) == []


def test_the_prefix_alone_is_nothing(tmp_path: Path) -> None:
    assert seen(tmp_path, PREFIX + PASS).url.lost == "/image"
