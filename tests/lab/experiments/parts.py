"""What several experiments have in common: files, changes, uploads, and what is wanted."""

from __future__ import annotations

from tests.lab.experiment import Edit, Upload, Want

INI = "etc/glance/glance-api-uwsgi.ini"
API = "etc/glance/glance-api.conf"
SITE = "etc/apache2/sites-available/glance.conf"
SHORT = ("--streaming-floor", "1")
# A failure that only the timer ends.
SOON = Edit(INI, "socket-timeout = 300", "socket-timeout = 4")
SOON_SECONDS = 3.9
# As Glance was loaded until 2025.1.
SCRIPT = Edit(INI, "module = glance.wsgi.api:application", "wsgi-file = /usr/bin/glance-wsgi-api")
MOD_ENV = Edit(
    "etc/apache2/apache2.conf",
    "Include ports.conf",
    "LoadModule env_module /usr/lib/apache2/modules/mod_env.so\nInclude ports.conf",
)
# Something to be spooled, where a sample has nothing.
BUFFERED = Edit(SITE, "    ProxyPass ", "    SetEnv proxy-sendcl 1\n    ProxyPass ")
CHUNKED = Upload(chunked=True)
LENGTH = Upload(chunked=False)
PAUSING = Upload(pause=8)
STORED = Want((204,), image="active", spooled="")
STREAMED = STORED._replace(streamed=True)
SPOOLED = Want((204,), image="active", streamed=False, spooled="apache2")
ANSWERED = Want((200,))
REFUSED = Want((-2,))  # nobody listens there, or not for us
# Not even an image could be created.
NOT_CREATED = Want((500, 502, 503), step="create")
# uWSGI is up and its workers end, as need-app wants it, or it has ended.
NO_APP = Want((502, 503))
NEED_APP = Edit(INI, "need-app = true\n", "", "bad")
# Half-way in, an upload is cut off; what Glance says then.
CUT = Want((0, 500, 502, 504), streamed=True)
CUT_CHUNKED = CUT._replace(log="unable to receive chunked part")
CUT_LENGTH = CUT._replace(log="timeout during read")
