"""Secrets are masked, and nothing else."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glance_audit.report.escape import mask, mask_lines
from glance_audit.report.secret import mask_setting

SECRET = "hunter2"


@pytest.mark.parametrize(
    "line",
    [
        "SetEnv OS_PASSWORD hunter2",
        '  setenv "OS_PASSWORD" "hunter2"',
        "AuthLDAPBindPassword hunter2",
        "OIDCClientSecret hunter2",
        'OIDCCryptoPassphrase "hunter2"',
        "Define DB_PASS hunter2",
        "Define ADMIN_TOKEN hunter2",
        "AuthBasicFake user hunter2",
        "SSLPassPhraseDialog exec:/usr/bin/tell hunter2",
        'RequestHeader set X-Auth-Token "hunter2"',
        'RequestHeader set Authorization "Basic hunter2"',
        "RewriteRule ^ - [E=OS_PASSWORD:hunter2,L]",
        "SetEnvIf Host x OS_PASSWORD=hunter2",
        'DBDParams "host=h password=hunter2 dbname=d"',
        "ProxyPass /x ajp://h/ secret=hunter2 timeout=60",
        "ProxyPass /image http://glance:hunter2@127.0.0.1:60999/",
        "password = hunter2",
        "password=hunter2",
        "password: hunter2",
        '"password": "hunter2",',
        "#password = hunter2",
        "; admin_token = hunter2",
        "swift_store_key = hunter2",
        "memcache_secret_key = hunter2",
        "http_basic_auth = user:hunter2",
        "transport_url = rabbit://glance:hunter2@controller:5672/",
        "transport_url = rabbit://a:b@h1:5672,glance:hunter2@h2:5672/",
        "connection = mysql+pymysql://glance:hunter2@controller/glance?charset=utf8",
        "connection = mysql+pymysql://glance:x@hunter2/y@controller/glance",
        "env = OS_PASSWORD=hunter2",
        "route = ^/ basicauth:Realm,user:hunter2",
        "add-header = Authorization: Bearer hunter2",
    ],
)
def test_the_value_of_a_secret_is_masked_and_the_length_kept(line: str) -> None:
    masked = mask(line)

    assert SECRET not in masked
    assert "***" in masked
    assert len(masked) == len(line)
    assert masked.startswith(line[:4])


@pytest.mark.parametrize(
    "line",
    [
        "SetEnv proxy-sendcl 1",
        "SSLCertificateKeyFile /etc/ssl/private/image.key",
        "ssl_private_key = /etc/ssl/private/image.key",
        "http_basic_auth_user_file = /etc/users",
        "SSLPassPhraseDialog exec:/usr/share/apache2/ask-for-passphrase",
        "[keystone_authtoken]",
        "ServerTokens Prod",
        "AuthType Basic",
        'AuthName "Basic tokens"',
        "PassEnv OS_PASSWORD",
        "ProxyPass /token http://127.0.0.1:8000/",
        "<Location /v3/auth/tokens>",
        'Header set Access-Control-Allow-Credentials "true"',
        "RequestHeader unset X-Auth-Token",
        "SetEnv ADMIN_TOKEN ${ADMIN_TOKEN}",
        "admin_token = $(TOKEN)",
        "RewriteRule ^ - [E=HTTP_TOKEN:%1]",
        "paste.filter_factory = keystonemiddleware.auth_token:filter_factory",
        "pipeline = cors authtoken context rootapp",
        "# The password is kept elsewhere",
        "ProxyPass /image http://127.0.0.1:60999/a@b",
        "socket = [::1]:60999",
        "keystone = x",
        "password =",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert mask(line) == line


def test_only_the_secret_of_a_line_is_masked() -> None:
    line = 'ProxyPass "/image" "http://glance:hunter2@127.0.0.1:60999" retry=0'
    assert mask(line) == line.replace("hunter2", "*******")


def test_a_secret_on_the_next_line_of_a_directive_is_masked() -> None:
    lines = ("SetEnv \\", "  OS_PASSWORD \\", "  hunter2")
    assert mask_lines(lines) == ("SetEnv \\", "  OS_PASSWORD \\", "  *******")


def test_a_name_apart_from_its_value_is_heeded() -> None:
    assert mask_setting("AuthLDAPBindPassword ", "hunter2") == "*******"
    assert mask_setting("http-socket = ", "127.0.0.1:60999") == "127.0.0.1:60999"


@given(st.lists(st.text("aTOKENpassword=:@/ \"'\\,*#[", max_size=60), min_size=1, max_size=4))
def test_masking_keeps_the_length_of_every_line(lines: list[str]) -> None:
    masked = mask_lines(tuple(lines))
    assert [len(line) for line in masked] == [len(line) for line in lines]


@pytest.mark.parametrize("piece", ["://a:", "password", "password=", "@,a:", "[E=", "a-", "''"])
def test_a_very_long_line_takes_no_time(piece: str) -> None:
    line = piece * (200_000 // len(piece)) + "://u:x@token"
    started = time.process_time()
    mask(line)
    assert time.process_time() - started < 2
