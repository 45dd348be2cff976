"""The experiments, as data: the rule, what the client does, what has to be seen on both sides."""

from __future__ import annotations

from tests.lab.experiment import (
    ADDRESS,
    KIB,
    MIB,
    Disk,
    Door,
    Edit,
    Experiment,
    Get,
    Import,
    Upload,
    Want,
)

_INI = "etc/glance/glance-api-uwsgi.ini"
_API = "etc/glance/glance-api.conf"
_SITE = "etc/apache2/sites-available/glance.conf"
_VERBOSE = Edit("etc/apache2/apache2.conf", "LogLevel warn", "LogLevel info")
_SHORT = ("--streaming-floor", "1")
_IMPORT = Edit(_API, "enabled_import_methods = []\n", "")
# A failure that only the timer ends.
_SOON = Edit(_INI, "socket-timeout = 300", "socket-timeout = 4")
# As Glance was loaded until 2025.1.
_SCRIPT = Edit(_INI, "module = glance.wsgi.api:application", "wsgi-file = /usr/bin/glance-wsgi-api")
_MOD_ENV = Edit(
    "etc/apache2/apache2.conf",
    "Include ports.conf",
    "LoadModule env_module /usr/lib/apache2/modules/mod_env.so\nInclude ports.conf",
)
# For the rules about where the spool is: something to be spooled.
_BUFFERED = Edit(_SITE, "    ProxyPass ", "    SetEnv proxy-sendcl 1\n    ProxyPass ")

CHUNKED = Upload(chunked=True)
LENGTH = Upload(chunked=False)
PAUSING = Upload(pause=8)
ELSEWHERE = Door(address="127.0.0.2", path="")  # an address that only a wildcard binds

STORED = Want((204,), image="active", spooled="")
STREAMED = STORED._replace(streamed=True)
SPOOLED = Want((204,), image="active", streamed=False, spooled="apache2")
ANSWERED = Want((200,))
DEAD = Want((500, 502, 503))  # no Glance at all

_ALL = (
    Experiment("mod-wsgi", "GA101", "a chunked upload through mod_wsgi, with all that it needs",
               CHUNKED, STREAMED, STREAMED),
    Experiment("mod-wsgi-chunked", "GA102", "a chunked upload through mod_wsgi",
               CHUNKED, Want((411,), image="queued"), STREAMED, also=("GA101",), smoke=True),
    Experiment("proxy-uwsgi-chunked", "GA103", "a chunked upload through mod_proxy_uwsgi",
               CHUNKED, Want((411,), image="queued", log="AH01593"), STREAMED, edits=(_VERBOSE,),
               smoke=True),
    Experiment("proxy-uwsgi-chunked-old", "GA103", "a chunked upload through mod_proxy_uwsgi",
               CHUNKED, Want((411,), image="queued"), STREAMED, releases=("25.1.0", "20.2.0"),
               edits=(_SCRIPT,), also=("GA105", "GA601")),
    Experiment("protocol-mismatch", "GA104", "an upload, where Apache speaks HTTP to uwsgi",
               CHUNKED, Want((502,)), STREAMED, edits=(_SOON,), options=_SHORT),
    Experiment("protocol-mismatch-small-buffer", "GA104",
               "an upload, where Apache speaks HTTP to uwsgi and buffer-size is 16 KiB",
               CHUNKED, Want((502,)), STREAMED,
               edits=(Edit(_INI, "buffer-size = 65535", "buffer-size = 16384"),)),
    Experiment("discouraged", "GA105", "an image import with Glance 20.2.0",
               Import(), Want((202,), image="uploading"), Want((202,), image="active"),
               releases=("20.2.0",), edits=(_IMPORT,)),
    Experiment("standalone-removed", "GA106", "an upload, where the unit starts glance-api",
               CHUNKED, Want((503,)), STREAMED),
    Experiment("backend-unbound", "GA107", "an upload, where nothing listens at the target",
               CHUNKED, Want((503,)), STREAMED),
    Experiment("proxy-module-missing", "GA108", "an upload, with mod_proxy alone",
               CHUNKED, Want((500,), log="AH01144"), STREAMED),
    Experiment("wsgi-script-removed", "GA110", "a list, where uWSGI loads the removed script",
               Get(), DEAD, ANSWERED),
    Experiment("wsgi-module-too-new", "GA111", "a list, where uWSGI loads a module of later days",
               Get(), DEAD, ANSWERED, releases=("25.1.0",)),
    Experiment("expect-continue", "GA112", "an upload with Expect: 100-continue",
               Upload(chunked=False, expect=True), Want((500, 502), image="queued"), STREAMED,
               edits=(_SOON,),
               options=_SHORT, smoke=True),
    Experiment("route-slash", "GA113", "an upload, where one of path and target ends in a slash",
               CHUNKED, Want((500,)), STREAMED),
    Experiment("route-shadowed", "GA114", "an upload past another service's ProxyPass",
               CHUNKED, Want((503,)), STREAMED),
    Experiment("sendcl-shared-vhost", "GA201", "a chunked upload past a neighbour's proxy-sendcl",
               Upload(door=Door(host="cloud.example.net")), SPOOLED, STREAMED, smoke=True),
    Experiment("sendcl-needless", "GA202", "a chunked upload with proxy-sendcl",
               CHUNKED, SPOOLED, STREAMED),
    Experiment("sendcl-needless-length", "GA202", "an upload with its length and proxy-sendcl",
               LENGTH, STREAMED, STREAMED),
    Experiment("sendcl-leaks", "GA204", "a chunked body to a neighbour",
               Upload(raw="/object/o", door=Door(host="cloud.example.net")),
               Want((503,), spooled="apache2"), Want((503,), spooled="")),
    Experiment("sendcl-no-effect", "GA205", "a chunked body to the service that needs its length",
               Upload(raw="/metric/m"), Want((503,), spooled=""), Want((503,), spooled="apache2")),
    Experiment("sendcl-value", "GA206", "a chunked upload with SetEnv proxy-sendcl 0",
               CHUNKED, SPOOLED, STREAMED),
    Experiment("sendcl-not-cancelled", "GA207", "a chunked upload past a SetEnvIf !proxy-sendcl",
               CHUNKED, SPOOLED, STREAMED),
    Experiment("other-buffering", "GA208", "a chunked upload with force-proxy-request-1.0",
               CHUNKED, SPOOLED, STREAMED),
    Experiment("post-buffering", "GA209", "an upload with a Content-Length and post-buffering",
               LENGTH, SPOOLED._replace(spooled="uwsgi"), STREAMED, smoke=True),
    Experiment("post-buffering-chunked", "GA209", "a chunked upload and post-buffering",
               CHUNKED, STREAMED, STREAMED),
    Experiment("post-buffering-small-disk", "GA209",
               "an upload with a Content-Length and post-buffering, where /tmp has 4 MiB",
               LENGTH, Want((500, 502), image="queued"), STREAMED, disks=(Disk("/tmp", 4 * MIB),),
               also=("GA401",)),
    Experiment("buffered-short-timer", "GA301", "an upload with a length that pauses, and a spool",
               PAUSING._replace(chunked=False), Want((500, 502)), STREAMED,
               edits=(Edit(_INI, "socket-timeout = 60", "socket-timeout = 3", "bad"),),
               also=("GA202",)),
    Experiment("buffered-short-timer-chunked", "GA301", "a chunked upload that pauses, and a spool",
               PAUSING, SPOOLED, SPOOLED,
               edits=(Edit(_INI, "socket-timeout = 60", "socket-timeout = 3", "bad"),),
               also=("GA202",)),
    Experiment("socket-timeout", "GA302", "an upload that pauses for 8 s",
               PAUSING, Want((500, 502)), STREAMED,
               edits=(Edit(_INI, "socket-timeout = 10", "socket-timeout = 3", "bad"),)),
    Experiment("harakiri", "GA303", "a steady upload of 12 s",
               Upload(lasts=12), Want((502,)), STREAMED,
               edits=(Edit(_INI, "harakiri = 120", "harakiri = 4", "bad"),)),
    Experiment("http-timeout", "GA304", "an upload that pauses for 8 s, through uWSGI's router",
               PAUSING, Want((0, 500, 502, 504)), STREAMED,
               edits=(Edit(_INI, "http-timeout = 60", "http-timeout = 3", "bad"),)),
    Experiment("chunked-input-timeout", "GA305", "a chunked upload that pauses for 8 s",
               PAUSING, Want((500, 502)), STREAMED,
               edits=(Edit(_INI, "chunked-input-timeout = 10", "chunked-input-timeout = 3",
                           "bad"),)),
    Experiment("body-read-cap", "GA306", "a steady upload of 12 s",
               Upload(lasts=12), Want((408,)), STREAMED,
               edits=(Edit(_SITE, "body=20-40", "body=2-4", "bad"),
                      Edit(_SITE, "body=20,", "body=2,", "good"))),
    Experiment("proxy-timeout", "GA307", "an upload while Glance does nothing for 10 s",
               Upload(frozen=10), Want((502, 504)), STREAMED,
               edits=(Edit(_SITE, "ProxyTimeout 60\n", "ProxyTimeout 3\n", "bad"),)),
    Experiment("worker-recycling", "GA308", "a steady upload of 30 s beside other requests",
               Upload(lasts=30, asks=12), Want((0, 500, 502)), STREAMED,
               good_action=Upload(lasts=30),
               edits=(Edit(_INI, "processes = 4", "processes = 1"),
                      Edit(_INI, "max-requests = 1000",
                           "max-requests = 8\nworker-reload-mercy = 5", "bad"),
                      Edit(_INI, "max-worker-lifetime = 86400",
                           "max-worker-lifetime = 12\nmin-worker-lifetime = 5", "good"))),
    Experiment("tmpdir-too-small", "GA401", "chunked uploads to a spool of 10 MiB",
               Upload(size=24 * MIB), Want((500,), log="AH01091"), SPOOLED,
               good_action=Upload(size=4 * MIB, at_once=2), disks=(Disk("/srv/spool", 10 * MIB),),
               edits=(Edit(_API, "image_size_cap = 10737418240", "image_size_cap = 33554432",
                           "bad"),
                      Edit(_API, "image_size_cap = 2147483648", "image_size_cap = 4194304",
                           "good")),
               options=("--tmpdir-size", "10MiB"), also=("GA202",), smoke=True),
    Experiment("tmpdir-concurrent", "GA401", "two chunked uploads at once, room for one",
               Upload(size=11 * MIB, at_once=2), Want((500,), log="AH01091"), SPOOLED,
               good_action=Upload(size=4 * MIB, at_once=2), disks=(Disk("/srv/spool", 12 * MIB),),
               edits=(Edit(_API, "image_size_cap = 10737418240", "image_size_cap = 11534336",
                           "bad"),
                      Edit(_API, "image_size_cap = 2147483648", "image_size_cap = 4194304",
                           "good")),
               options=("--tmpdir-size", "12MiB"), also=("GA202",)),
    Experiment("tmpdir-falls-back", "GA402", "a spooled upload, where TMPDIR is a file",
               CHUNKED, SPOOLED._replace(spool_in="/tmp"),
               SPOOLED._replace(spool_in="/srv/spool"), edits=(_BUFFERED, _MOD_ENV),
               disks=(Disk("/srv/spool", 64 * MIB),), options=("--tmpdir-size", "30GiB"),
               also=("GA202",)),
    Experiment("tmpdir-in-httpd-conf", "GA403", "a spooled upload, where SetEnv sets TMPDIR",
               CHUNKED, SPOOLED._replace(spool_in="/tmp"),
               SPOOLED._replace(spool_in="/srv/spool"), edits=(_BUFFERED,),
               disks=(Disk("/srv/spool", 64 * MIB),), options=("--tmpdir-size", "30GiB"),
               also=("GA202",)),
    Experiment("python2-plugin", "GA501", "a list, where uWSGI is asked for Python 2",
               Get(), DEAD, ANSWERED),
    Experiment("plugin-name", "GA503", "a list, where Debian's uWSGI is asked for `python`",
               Get(), DEAD, ANSWERED),
    Experiment("import-under-wsgi", "GA601", "an image import with Glance 20.2.0, and an upload",
               Import(), Want((202,), image="uploading"), STREAMED, good_action=CHUNKED,
               releases=("20.2.0",), also=("GA105",)),
    Experiment("cache-self-url", "GA603", "a list, with the cache in the central data base",
               Get(), DEAD, ANSWERED),
    Experiment("threads-disabled", "GA604", "an image import, and silence",
               Import(quiet=10), Want((202,), image="uploading"), Want((202,), image="active")),
    Experiment("reserved-store", "GA607", "a list, where a reserved store is enabled",
               Get(), DEAD, ANSWERED),
    Experiment("eventlet-executor", "GA608", "an image import with task_executor = eventlet",
               Import(), Want((400,)), Want((202,), image="active")),
    Experiment("drop-in-ignored", "GA610", "an upload above the drop-in's image_size_cap",
               CHUNKED, STREAMED, Want((413, 502), image="queued"), releases=("25.1.0",),
               edits=(_SCRIPT,
                      Edit("etc/glance/glance-api.conf.d/limits.conf", "53687091200", "1048576",
                           "bad"),
                      Edit("etc/glance/glance.conf.d/limits.conf", "53687091200", "1048576",
                           "good")), also=("GA105", "GA111")),
    Experiment("public-endpoint", "GA611", "the version links that Glance gives",
               Get(absolute="/image/"), Want((300,), body="http://127.0.0.1:60999/v2/"),
               Want((300,), body="http://images.example.net/v2/"),
               good_action=Get(absolute="/")),
    Experiment("limit-request-body", "GA701", "an upload above LimitRequestBody through mod_wsgi",
               LENGTH, Want((413,), image="queued"), STREAMED, also=("GA101",)),
    Experiment("limit-request-body-unset", "GA701", "1.1 GiB through mod_wsgi, without a limit set",
               Upload(chunked=False, size=1100 * MIB, chunk=1024 * KIB),
               Want((413,), image="queued"), STREAMED, also=("GA101",),
               trees=("rules/GA102/good", "rules/GA102/good"),
               edits=(Edit(_SITE, "    LimitRequestBody 0\n", "", "bad"),)),
    Experiment("chunk-size", "GA702", "an upload in chunks of 2 MiB, straight to uWSGI",
               Upload(chunk=2 * MIB, door=Door("", 9292, ADDRESS)), Want((0, 500, 502)),
               STREAMED),
    Experiment("router-chunked-input", "GA703", "a chunked upload through uWSGI's http router",
               CHUNKED, Want((0, 500, 502)), STREAMED,
               edits=(_SOON,),
               options=_SHORT),
    Experiment("limit-post", "GA704", "an upload with a Content-Length above limit-post",
               LENGTH, Want((502,)), STREAMED,
               edits=(Edit(_INI, "limit-post = 21474836480", "limit-post = 4194304", "bad"),)),
    Experiment("limit-post-chunked", "GA704", "a chunked upload above limit-post",
               CHUNKED, STREAMED, STREAMED,
               edits=(Edit(_INI, "limit-post = 21474836480", "limit-post = 4194304", "bad"),)),
    Experiment("header-buffer", "GA705", "a list with a token of 8000 bytes",
               Get(token=8000), Want((502,)), ANSWERED),
    Experiment("backend-exposed", "GA801", "a list asked of uWSGI at another address",
               Get(door=ELSEWHERE._replace(port=60999)), ANSWERED, Want((0,))),
    Experiment("open-proxy", "GA804", "another site asked of Apache as a forward proxy",
               Get(absolute="http://127.0.0.3:8081/"), Want((503,)), Want((403,))),
    Experiment("stats-exposed", "GA805", "uWSGI's statistics asked at another address",
               Get(door=ELSEWHERE._replace(port=9191)), Want((0,), body='"workers"'), Want((0,))),
)  # fmt: skip

# Those that ask the newest uWSGI as well, as pip builds it.
_NEWEST = (
    *("expect-continue", "post-buffering", "post-buffering-chunked", "socket-timeout", "harakiri"),
    *("http-timeout", "chunked-input-timeout", "chunk-size", "router-chunked-input", "limit-post"),
    *("header-buffer", "proxy-uwsgi-chunked", "protocol-mismatch-small-buffer"),
)

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

# Why a rule with the basis "measured" has no experiment here. Most are asked of the real server by
# other tests, or are about what a server reads, not about an upload.
_READING = "what a server reads: tests/oracle compares it with the server itself"
NOT_HERE = {
    "GA504": "nothing here runs Python 2; its 411 is that of GA103",
    "GA605": "no systemd runs in the laboratory, whose PrivateTmp is the matter",
    "GA606": "the conversion needs qemu-img, which is not installed",
    "GA612": "needs TLS, and a certificate",
    "GA802": "about who may write to a socket: tests/oracle/test_uwsgi_exposure_live.py",
    **dict.fromkeys(("GA902", "GA903", "GA904", "GA905", "GA906"), _READING),
    **dict.fromkeys(("GA907", "GA908", "GA909"), _READING),
}
