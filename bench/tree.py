"""Write an Apache tree with many virtual hosts, of which one serves images.

    python bench/tree.py DIRECTORY --hosts 10000 [--one-file]

Every virtual host is what deployments have: names, logs, a document root, headers, a few routes
with their own environment, a rewrite. Everything it names is there, so that Apache accepts it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

MODULES = (
    "mpm_event", "authz_core", "authz_host", "alias", "dir", "env", "headers", "mime", "rewrite",
    "setenvif", "proxy", "proxy_http",
)  # fmt: skip

MAIN = """\
ServerRoot "{root}"
ServerName bench.example.net
PidFile {root}/run/httpd.pid
ErrorLog {root}/logs/error.log
DocumentRoot {root}/www
Listen 127.0.0.1:8080
Define SITES sites
{modules}
LogFormat "%h %l %u %t \\"%r\\" %>s %O" combined
<Directory />
    AllowOverride None
    Require all denied
</Directory>
<Directory {root}/www>
    Require all granted
</Directory>
{include}
"""

HOST = """\
# {name}: kept by the deployment tool
<VirtualHost *:8080>
    ServerName {name}.example.net
    ServerAlias www.{name}.example.net {name}
    ServerAdmin webmaster@example.net
    DocumentRoot {root}/www

    ErrorLog {root}/logs/error.log
    CustomLog {root}/logs/access.log combined
    Header always set X-Content-Type-Options "nosniff"
    SetEnvIf User-Agent "^MSIE" nokeepalive

    <Directory {root}/www>
        Options FollowSymLinks
        AllowOverride None
        Require all granted
    </Directory>
    <IfModule mod_rewrite.c>
        RewriteEngine On
        RewriteCond %{{HTTP_HOST}} =www.{name}.example.net
        RewriteRule ^/(.*)$ http://{name}.example.net/$1 [R=301,L]
    </IfModule>
    <Location "/api">
        SetEnv service {name}
        ProxyPass "http://127.0.0.1:{port}/api" retry=0
    </Location>
    ProxyPass "/static" "!"
    ProxyPassReverse "/api" "http://127.0.0.1:{port}/api"
</VirtualHost>
"""

GLANCE_HOST = """\
<VirtualHost *:8080>
    ServerName image.example.net
    SetEnv proxy-sendchunked 1
    ProxyPass "/image" "http://127.0.0.1:60999" retry=0
</VirtualHost>
"""


def write_tree(root: Path, hosts: int, *, one_file: bool) -> Path:
    """Write the tree and return its main file; ``hosts`` does not count the one for images."""
    for name in ("run", "logs", "www", "sites"):
        (root / name).mkdir(parents=True, exist_ok=True)
    texts = {f"host{number:05}": _host(root, number) for number in range(hosts)}
    texts["zz-image"] = GLANCE_HOST
    if one_file:
        (root / "sites" / "all.conf").write_text("\n".join(texts.values()), encoding="utf-8")
    else:
        for name, text in texts.items():
            (root / "sites" / f"{name}.conf").write_text(text, encoding="utf-8")
    modules = "\n".join(
        f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in MODULES
    )
    main = root / "httpd.conf"
    include = f"IncludeOptional {root}/${{SITES}}/*.conf"
    text = MAIN.format(root=root, modules=modules, include=include)
    main.write_text(text, encoding="utf-8")
    return main


def _host(root: Path, number: int) -> str:
    return HOST.format(root=root, name=f"host{number:05}", port=20000 + number % 20000)


def main() -> None:
    """Write one tree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--hosts", type=int, default=10_000)
    parser.add_argument("--one-file", action="store_true")
    options = parser.parse_args()
    main_file = write_tree(options.directory.resolve(), options.hosts, one_file=options.one_file)
    sys.stdout.write(f"{main_file}\n")


if __name__ == "__main__":
    main()
