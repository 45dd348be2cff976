"""What the servers make of a file that does not say what was meant: GA9xx."""

from __future__ import annotations

from tests.lab.experiment import Door, Edit, Experiment, Get, Upload, Want
from tests.lab.experiments.parts import (
    ANSWERED,
    CHUNKED,
    CUT_CHUNKED,
    INI,
    PAUSING,
    REFUSED,
    STREAMED,
)

# The address of ServerAdmin is on the pages that Apache itself answers with.
SIGNED = Edit("etc/apache2/apache2.conf", "Timeout 300", "ServerSignature EMail\nTimeout 300")

EXPERIMENTS = (
    Experiment("include-missing", "GA902", "a list, where an included file is missing",
               Get(), REFUSED._replace(log="Could not open configuration file"), ANSWERED),
    Experiment("syntax-error", "GA903", "a list, where a section is not closed",
               Get(), REFUSED._replace(log="Expected </Location>"), ANSWERED),
    Experiment("stray-file-included", "GA904", "a list asked of a site whose backup is left",
               Get(door=Door(host="images-old.example.net")), Want((503,)), ANSWERED,
               edits=(Edit("etc/apache2/sites-enabled/glance.conf.bak", ":60999", ":60998"),)),
    Experiment("comment-swallows-line", "GA905", "an upload while Glance does nothing for 10 s",
               Upload(frozen=10), Want((502, 504), streamed=True), STREAMED,
               edits=(Edit("etc/apache2/apache2.conf", "Timeout 300", "Timeout 3"),)),
    Experiment("undefined-variable", "GA906", "the address on a page of Apache's own",
               Get(absolute="/nothing"), Want((403,), body="mailto:${GLANCE_ADMIN}"),
               Want((403,), body="mailto:images@example.net"), edits=(SIGNED,)),
    Experiment("unknown-uwsgi-option", "GA907", "an upload that pauses for 8 s",
               PAUSING, CUT_CHUNKED, STREAMED,
               edits=(Edit(INI, "socket-timeout = 300", "socket_timeout = 300", "bad"),)),
    Experiment("inert-uwsgi-option", "GA908", "a chunked upload", CHUNKED, STREAMED, STREAMED),
    Experiment("uwsgi-value-trap", "GA909", "an upload that pauses for 8 s",
               PAUSING, CUT_CHUNKED, STREAMED,
               edits=(Edit(INI, "socket-timeout = 300", "socket-timeout = 5m", "bad"),)),
    Experiment("template-not-rendered", "GA911", "the address on a page of Apache's own",
               Get(absolute="/nothing"), Want((403,), body="mailto:{{ glance_admin }}"),
               Want((403,), body="mailto:images@example.net"), edits=(SIGNED,)),
)  # fmt: skip
