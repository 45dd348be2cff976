"""Whatever bytes a file holds, an audit comes to an end: no exception leaves a reader."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from glance_audit.cli.main import main

# The files a reader of its own takes, and words it gives a meaning.
READERS = {
    "etc/apache2/apache2.conf": (
        "<VirtualHost *:80>",
        "</VirtualHost>",
        "<IfModule",
        "<Macro M $x>",
        "</Macro>",
        "Use M",
        "Include",
        "Define X",
        "${X}",
        "ProxyPass /image http://h",
        "SetEnv proxy-sendcl",
        "\\\n",
        "RewriteRule ^ - [E=proxy-sendcl:1]",
        "<Location ~ (",
        ">",
        '"',
        "LoadModule macro_module x",
    ),
    "etc/apache2/envvars": (
        "export TMPDIR=",
        "$(x)",
        "`",
        "${X:-",
        "if [ ",
        "fi",
        "'",
        '"',
        "case",
    ),
    "etc/sysconfig/httpd": ("TMPDIR=", '"', "\\\n", "#"),
    "etc/glance/glance-api-uwsgi.ini": (
        "[uwsgi]",
        "http-socket = 127.0.0.1:60999",
        "module = glance.wsgi.api",
        "%(x)",
        "$(x)",
        "@(x)",
        "%d",
        "%",
        "if-env = x",
        "endif =",
        "for = 1 2",
        "plugins = python",
        "ini = :x",
    ),
    "etc/glance/glance-api-uwsgi.yaml": (
        "uwsgi:\n  ",
        "- ",
        "a: ",
        "&x",
        "*x",
        "|",
        "{",
        "[",
        "\t",
    ),
    "etc/glance/glance-api-uwsgi.json": ('{"uwsgi": {', '"a": ', "[", "]", "}", "1e999", "\\u0000"),
    "etc/glance/glance-api-uwsgi.xml": (
        "<uwsgi>",
        "</uwsgi>",
        "<a>",
        "&x;",
        "<!DOCTYPE",
        "<![CDATA[",
        "<?xml version='1.0' encoding='",
        "euc-jp",
        "'?>",
    ),
    "etc/glance/glance-api.conf": ("[DEFAULT]", "image_size_cap = ", " x", "=", "$x", "['a', "),
    "etc/systemd/system/apache2.service": (
        "[Service]",
        "ExecStart=",
        "Environment=TMPDIR=",
        "%i",
        "\\\n",
        "EnvironmentFile=-/",
        '"',
        "TemporaryFileSystem=/tmp:size=1G",
    ),
    "etc/fstab": ("tmpfs /tmp tmpfs size=", "50%", "1G", "\\040", "#"),
    "var/lib/dpkg/status": ("Package: apache2-bin\n", "Version: 2.4.71-1\n", "Status: ", "\n\n"),
}
NOISE = st.one_of(
    st.binary(max_size=12),
    st.text(max_size=12).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from([b"\n", b" ", b"\0", b"\r\n", b"\xc2\xa0", b"\xff", b"\\", b"#"]),
)


@pytest.mark.parametrize("name", READERS)
def test_no_bytes_make_a_reader_fail(name: str) -> None:
    words = st.sampled_from([word.encode() for word in READERS[name]])

    @settings(max_examples=150, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.one_of(words, NOISE), max_size=30).map(b"".join))
    @example(b"")
    @example(b"\xef\xbb\xbf")
    def check(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as directory:
            root = Path(directory)
            files = {"etc/apache2/apache2.conf": b"ProxyPass /image http://127.0.0.1:60999\n"}
            for file, content in (files | {name: data}).items():
                place = root / file
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
            output = str(root / "report")
            status = main(["--root", directory, "--format", "json", "--output", output, "/"])
        assert status in (0, 1, 3)

    check()
