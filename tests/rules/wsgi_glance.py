"""Small systems with a Glance under a WSGI server and its configuration."""

from __future__ import annotations

from tests.rules.audited import APACHE_CONF, GLANCE_CONF, UWSGI_INI, Content

CONF = "etc/glance/glance-api.conf"
INI = "etc/glance/glance-api-uwsgi.ini"
ROUTE = 'ProxyPass "/image" "http://127.0.0.1:60999"\n'
ALIAS = "WSGIScriptAlias /image /usr/bin/glance-wsgi-api\n"


def ini(*lines: str) -> str:
    """A uWSGI that runs Glance; the given lines start at line 4."""
    body = "".join(f"{line}\n" for line in lines)
    return f"[uwsgi]\nhttp-socket = 127.0.0.1:60999\nmodule = glance.wsgi.api:application\n{body}"


def under_uwsgi(*conf: str, options: tuple[str, ...] = ()) -> dict[str, Content]:
    """Glance behind Apache and uWSGI; ``conf`` are the lines of glance-api.conf."""
    text = "".join(f"{line}\n" for line in conf)
    return {APACHE_CONF: ROUTE, UWSGI_INI: ini(*options), GLANCE_CONF: text}


def under_mod_wsgi(*conf: str) -> dict[str, Content]:
    """Glance in mod_wsgi."""
    return {APACHE_CONF: ALIAS, GLANCE_CONF: "".join(f"{line}\n" for line in conf)}


def standalone(*conf: str) -> dict[str, Content]:
    """Apache in front of a standalone glance-api."""
    route = 'ProxyPass "/image" "http://127.0.0.1:9292"\n'
    return {APACHE_CONF: route, GLANCE_CONF: "".join(f"{line}\n" for line in conf)}


def two_glances(first: str, second: str) -> dict[str, Content]:
    """Two Glances under uWSGI, each with its own directory; their configurations as texts."""
    return {
        APACHE_CONF: ROUTE + 'ProxyPass "/glance" "http://127.0.0.1:60998"\n',
        UWSGI_INI: ini("env = OS_GLANCE_CONFIG_DIR=/etc/glance"),
        "/etc/uwsgi/vassals/b.ini": ini("env = OS_GLANCE_CONFIG_DIR=/srv/b").replace(
            "60999", "60998"
        ),
        GLANCE_CONF: first,
        "/srv/b/glance-api.conf": second,
    }
