"""The timers that cut an upload off: GA3xx."""

from __future__ import annotations

from tests.lab.experiment import Edit, Experiment, Upload, Want
from tests.lab.experiments.parts import (
    CUT,
    CUT_CHUNKED,
    CUT_LENGTH,
    INI,
    PAUSING,
    SITE,
    SPOOLED,
    STREAMED,
)

BUFFERED_3 = Edit(INI, "socket-timeout = 60", "socket-timeout = 3", "bad")
BUFFERED_LONG = Edit(INI, "socket-timeout = 60", "socket-timeout = 300", "bad")
PROXY_3 = Edit(SITE, "ProxyTimeout 600\n", "ProxyTimeout 3\n", "bad")
BODY_4 = Edit(SITE, "body=20-40", "body=2-4", "bad")
# Of mod_reqtimeout, in a sample that does not load it.
REQTIMEOUT = Edit(
    "etc/apache2/apache2.conf",
    "Include ports.conf",
    "LoadModule reqtimeout_module /usr/lib/apache2/modules/mod_reqtimeout.so\nInclude ports.conf",
)
BODY_CAP = Edit(
    SITE, "    ServerName", "    RequestReadTimeout body=2-4,MinRate=500\n    ServerName", "bad"
)
MERCY_5 = "max-requests = 1000\nworker-reload-mercy = 5"
# So few that the upload is in the worker that is renewed.
FEW = (
    Edit(INI, "processes = 4", "processes = 1", "bad"),
    Edit(INI, "processes = 16", "processes = 3", "good"),
)
# Either upload may be the one that is cut off, a little before its half or behind it.
ENDED = CUT._replace(streamed=None, log="lifetime reached")
LIFETIME = Edit(INI, "max-requests = 1000", "max-worker-lifetime = 12\nmin-worker-lifetime = 5")

EXPERIMENTS = (
    Experiment("buffered-short-timer", "GA301", "an upload with a length that pauses, and a spool",
               PAUSING._replace(chunked=False), CUT_LENGTH, STREAMED, edits=(BUFFERED_3,),
               also=("GA202", "GA302")),
    Experiment("buffered-short-timer-chunked", "GA301", "a chunked upload that pauses, and a spool",
               PAUSING, SPOOLED, SPOOLED, edits=(BUFFERED_3,), also=("GA202", "GA302")),
    Experiment("buffered-short-proxy-timeout", "GA301",
               "a chunked upload and a spool, while Glance does nothing for 10 s",
               Upload(frozen=10), Want((502, 504), spooled="apache2"), SPOOLED,
               edits=(PROXY_3, BUFFERED_LONG), also=("GA202", "GA307")),
    Experiment("buffered-stopped", "GA301",
               "a chunked upload, with a spool or without, while Glance does nothing for 10 s",
               Upload(frozen=10), Want((502, 504), spooled="apache2"), STREAMED,
               edits=(PROXY_3, BUFFERED_LONG,
                      Edit(SITE, "        SetEnv proxy-sendcl 1\n", "", "good")),
               also=("GA202", "GA307")),
    Experiment("socket-timeout", "GA302", "an upload that pauses for 8 s",
               PAUSING, CUT_CHUNKED, STREAMED,
               edits=(Edit(INI, "socket-timeout = 10", "socket-timeout = 3", "bad"),)),
    Experiment("harakiri", "GA303", "a steady upload of 14 s",
               Upload(lasts=14), CUT._replace(log="HARAKIRI"), STREAMED,
               edits=(Edit(INI, "harakiri = 120", "harakiri = 8", "bad"),)),
    Experiment("http-timeout", "GA304", "an upload that pauses for 8 s, through uWSGI's router",
               PAUSING, CUT, STREAMED,
               edits=(Edit(INI, "http-timeout = 60", "http-timeout = 3", "bad"),)),
    Experiment("chunked-input-timeout", "GA305", "a chunked upload that pauses for 8 s",
               PAUSING, CUT_CHUNKED, STREAMED,
               edits=(Edit(INI, "chunked-input-timeout = 10", "chunked-input-timeout = 3", "bad"),
                      Edit(INI, "chunked-input-timeout = 120\n", "", "good"))),
    Experiment("body-read-cap", "GA306", "a steady upload of 12 s",
               Upload(lasts=12), Want((408,), after=4), STREAMED,
               edits=(BODY_4, Edit(SITE, "body=20,", "body=2,", "good"))),
    Experiment("body-read-cap-off", "GA306", "a steady upload of 12 s; the good one with body=0",
               Upload(lasts=12), Want((408,), after=4), STREAMED,
               edits=(BODY_4, Edit(SITE, "body=20,MinRate=500", "body=0", "good"))),
    Experiment("body-read-cap-mod-wsgi", "GA306", "a steady upload of 12 s through mod_wsgi",
               Upload(lasts=12), Want((408,), after=4), STREAMED,
               trees=("rules/GA102/good", "rules/GA102/good"), edits=(REQTIMEOUT, BODY_CAP),
               also=("GA101",)),
    Experiment("body-read-cap-proxy-uwsgi", "GA306",
               "a steady upload of 12 s with a Content-Length through mod_proxy_uwsgi",
               Upload(lasts=12, chunked=False), Want((500,), after=4), STREAMED,
               trees=("rules/GA103/bad", "rules/GA103/bad"), edits=(REQTIMEOUT, BODY_CAP),
               also=("GA103",)),
    Experiment("proxy-timeout", "GA307", "an upload while Glance does nothing for 10 s",
               Upload(frozen=10), Want((502, 504), streamed=True, after=3), STREAMED,
               edits=(Edit(SITE, "ProxyTimeout 60\n", "ProxyTimeout 3\n", "bad"),)),
    Experiment("worker-recycling", "GA308", "a steady upload of 30 s beside other requests",
               Upload(lasts=30, asks=12), CUT._replace(log="killed by signal 9"), STREAMED,
               edits=(*FEW, Edit(INI, "max-requests = 1000",
                                 "max-requests = 8\nworker-reload-mercy = 5")),
               options=("--mercy-floor", "5")),
    Experiment("worker-lifetime", "GA308",
               "two steady uploads of 30 s beside other requests, with max-worker-lifetime",
               Upload(lasts=30, asks=12, at_once=2), ENDED,
               STREAMED._replace(log="lifetime reached"),
               edits=(*FEW, LIFETIME)),
    Experiment("worker-lifetime-awaited", "GA308",
               "the same; the counterpart on a uWSGI that waits",
               Upload(lasts=30, asks=12, at_once=2), ENDED,
               STREAMED._replace(log="lifetime reached"),
               trees=("rules/GA308/bad", "rules/GA308/bad"), good_uwsgi="pypi",
               options=("--uwsgi-version", "2.0.21"), good_options=("--uwsgi-version", "2.0.31"),
               edits=(Edit(INI, "processes = 4", "processes = 1"), LIFETIME)),
    Experiment("reload-mercy", "GA308", "a steady upload of 20 s, and uWSGI is reloaded",
               Upload(lasts=20, signal="SIGHUP"), CUT._replace(log="binary reloading uWSGI"),
               STREAMED,
               trees=("rules/GA308/good", "rules/GA308/good"),
               edits=(Edit(INI, "max-requests = 1000", MERCY_5, "bad"),)),
)  # fmt: skip
