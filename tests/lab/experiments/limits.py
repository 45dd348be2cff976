"""The limits on sizes: GA7xx."""

from __future__ import annotations

from tests.lab.experiment import ADDRESS, KIB, MIB, Door, Edit, Experiment, Get, Upload, Want
from tests.lab.experiments.parts import (
    ANSWERED,
    CHUNKED,
    INI,
    LENGTH,
    SHORT,
    SITE,
    SOON,
    SOON_SECONDS,
    STREAMED,
)

EXPERIMENTS = (
    Experiment("limit-request-body", "GA701", "an upload above LimitRequestBody through mod_wsgi",
               LENGTH, Want((413,), image="queued"), STREAMED, also=("GA101",)),
    Experiment("limit-request-body-unset", "GA701", "1.1 GiB through mod_wsgi, without a limit set",
               Upload(chunked=False, size=1100 * MIB, chunk=1024 * KIB),
               Want((413,), image="queued"), STREAMED, also=("GA101",),
               trees=("rules/GA102/good", "rules/GA102/good"),
               edits=(Edit(SITE, "    LimitRequestBody 0\n", "", "bad"),)),
    Experiment("limit-request-body-proxy-uwsgi", "GA701",
               "an upload above LimitRequestBody through mod_proxy_uwsgi",
               LENGTH, Want((413,), image="queued"), STREAMED, also=("GA103",),
               trees=("rules/GA103/bad", "rules/GA103/bad"),
               edits=(Edit(SITE, "LimitRequestBody 0", "LimitRequestBody 4194304", "bad"),)),
    Experiment("limit-request-body-large", "GA701",
               "1.1 GiB through mod_proxy_uwsgi, with LimitRequestBody 0",
               Upload(chunked=False, size=1100 * MIB, chunk=1024 * KIB),
               Want((413,), image="queued"), STREAMED, also=("GA103",),
               trees=("rules/GA103/bad", "rules/GA103/bad"),
               edits=(Edit(SITE, "LimitRequestBody 0", "LimitRequestBody 1073741824", "bad"),)),
    Experiment("chunk-size", "GA702", "an upload in chunks of 2 MiB, straight to uWSGI",
               Upload(chunk=2 * MIB, door=Door("", 9292, ADDRESS)),
               Want((0, 500, 502), image="queued", log="unable to receive chunked part"),
               STREAMED),
    Experiment("router-chunked-input", "GA703", "a chunked upload through uWSGI's http router",
               CHUNKED, Want((500, 502), image="queued", after=SOON_SECONDS,
                             log="unable to receive chunked part"), STREAMED, edits=(SOON,),
               options=SHORT),
    Experiment("limit-post", "GA704", "an upload with a Content-Length above limit-post",
               LENGTH, Want((502,), image="queued", log="(too big) CONTENT_LENGTH"), STREAMED,
               edits=(Edit(INI, "limit-post = 21474836480", "limit-post = 4194304", "bad"),)),
    Experiment("limit-post-chunked", "GA704", "a chunked upload above limit-post",
               CHUNKED, STREAMED, STREAMED,
               edits=(Edit(INI, "limit-post = 21474836480", "limit-post = 4194304", "bad"),)),
    Experiment("header-buffer", "GA705", "a list with a token of 8000 bytes",
               Get(token=8000), Want((502,), log="invalid HTTP request size"), ANSWERED),
)  # fmt: skip
