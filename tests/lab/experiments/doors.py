"""Who else gets in, and as whom it all runs: GA8xx."""

from __future__ import annotations

from tests.lab.experiment import Door, Edit, Experiment, Get, Neighbour, Upload, Want
from tests.lab.experiments.parts import ANSWERED, CHUNKED, CUT, INI, REFUSED, SITE, STREAMED

ELSEWHERE = Door(address="127.0.0.2", path="")  # an address that only a wildcard binds

EXPERIMENTS = (
    Experiment("backend-exposed", "GA801", "a list asked of uWSGI at another address",
               Get(door=ELSEWHERE._replace(port=60999)), ANSWERED, REFUSED),
    Experiment("socket-world-writable", "GA802", "a list asked of the socket as another user",
               Get(door=Door(path="", socket="/run/glance/api.sock")), ANSWERED, REFUSED),
    Experiment("runs-as-root", "GA803", "whose an uploaded image is",
               CHUNKED, STREAMED._replace(owner="root"), STREAMED._replace(owner="glance")),
    Experiment("socket-660", "GA802", "a list through Apache, by the socket",
               Get(), ANSWERED, ANSWERED),
    Experiment("open-proxy", "GA804", "another site asked of Apache as a forward proxy",
               Get(absolute="http://127.0.0.3:8081/"), Want((200,), body="GET / HTTP/1.1"),
               Want((403,)),
               neighbours=(Neighbour(8081, "127.0.0.3"),)),
    Experiment("open-proxy-off", "GA804", "another site asked of Apache; or without ProxyRequests",
               Get(absolute="http://127.0.0.3:8081/"), Want((200,), body="GET / HTTP/1.1"),
               Want((403, 404)), neighbours=(Neighbour(8081, "127.0.0.3"),),
               trees=("rules/GA804/bad", "rules/GA804/bad"),
               edits=(Edit(SITE, "    ProxyRequests On\n", "", "good"),)),
    Experiment("stats-exposed", "GA805", "uWSGI's statistics asked at another address",
               Get(door=ELSEWHERE._replace(port=9191)), Want((0,), body='"workers"'), REFUSED),
    Experiment("autoreload", "GA806", "a steady upload of 20 s, and a Python module changes",
               Upload(lasts=20, touches="/usr/lib/python3/dist-packages/lab_identity.py"),
               CUT._replace(log="has been modified"), STREAMED,
               edits=(Edit(INI, "socket-timeout = 300",
                           "socket-timeout = 300\nworker-reload-mercy = 4"),)),
)  # fmt: skip
