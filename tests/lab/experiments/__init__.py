"""The experiments, as data: the rule, what the client does, what has to be seen on both sides."""

from __future__ import annotations

from tests.lab.experiments import doors, files, limits, modes, service, spooling, timers

_ALL = (
    *modes.EXPERIMENTS,
    *spooling.EXPERIMENTS,
    *timers.EXPERIMENTS,
    *service.EXPERIMENTS,
    *limits.EXPERIMENTS,
    *doors.EXPERIMENTS,
    *files.EXPERIMENTS,
)

# Those that ask the newest uWSGI as well, as pip builds it.
_NEWEST = (
    *("expect-continue", "post-buffering", "post-buffering-chunked", "socket-timeout", "harakiri"),
    *("http-timeout", "chunked-input-timeout", "chunk-size", "router-chunked-input", "limit-post"),
    *("header-buffer", "proxy-uwsgi-chunked", "protocol-mismatch-small-buffer"),
)

_NAMES = [one.name for one in _ALL]
assert len(_NAMES) == len(set(_NAMES)), "two experiments of one name"
assert set(_NEWEST) <= set(_NAMES), "no such experiment"

EXPERIMENTS = {experiment.name: experiment for experiment in _ALL} | {
    f"{one.name}-pypi": one._replace(
        name=f"{one.name}-pypi",
        uwsgi="pypi",
        options=(*one.options, "--uwsgi-version", "2.0.31"),
        smoke=False,
    )
    for one in _ALL
    if one.name in _NEWEST
}

# Why a rule has no experiment.
_PYTHON2 = "no Glance on Python 2 can be installed on a system of today"
NOT_HERE = {
    "GA203": f"it is about releases before Rocky (18): {_PYTHON2}",
    "GA502": "no Python that is too old or too new for a release is at hand",
    "GA504": f"{_PYTHON2}; the 411 of mod_proxy_uwsgi is that of GA103",
    "GA901": "it says what glance-audit could not read, nothing of a server",
    "GA910": "it is about the comments that glance-audit alone reads",
}
