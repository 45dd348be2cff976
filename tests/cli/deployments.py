"""Small deployments on disk, for the tests of the command line."""

from __future__ import annotations

from pathlib import Path

SHARED = """\
LoadModule proxy_module modules/mod_proxy.so
LoadModule proxy_http_module modules/mod_proxy_http.so
<VirtualHost *:80>
    ServerName controller
    SetEnv proxy-sendcl 1
    SetEnv OS_PASSWORD hunter2
    ProxyPass "/image" "http://glance:hunter2@127.0.0.1:60999"
    ProxyPass "/placement" "http://127.0.0.1:8000"
</VirtualHost>
"""
QUIET = """\
LoadModule proxy_module modules/mod_proxy.so
LoadModule proxy_http_module modules/mod_proxy_http.so
Timeout 600
<VirtualHost *:80>
    ProxyPass "/image" "http://127.0.0.1:60999"
    Proxy100Continue Off
</VirtualHost>
"""
UWSGI = """\
[uwsgi]
http-socket = 127.0.0.1:60999
module = glance.wsgi.api:application
socket-timeout = 300
enable-threads = true
env = OS_PASSWORD=hunter2
"""


def lay_out(directory: Path, apache: str = SHARED, uwsgi: str | None = UWSGI) -> Path:
    """Write a system with an etc/httpd and an etc/glance and return its root."""
    conf = directory / "etc/httpd/conf"
    conf.mkdir(parents=True)
    (conf / "httpd.conf").write_text(apache)
    if uwsgi is not None:
        (directory / "etc/glance").mkdir()
        (directory / "etc/glance/glance-uwsgi.ini").write_text(uwsgi)
    return directory
