"""GA904 stray-file-included."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.engine.finding import Basis, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.engine.words import listing
from glance_audit.files import Place

MOST_PLACES = 10


@rule(
    "GA904",
    "stray-file-included",
    severity=Severity.WARNING,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """A backup, or a file that a package left behind, is part of the configuration.

    ## What it does

    Looks for files that an Include takes in by a wildcard, or because it names their directory, and
    whose name is none of a configuration: `~`, `.bak`, `.old`, `.orig`, `.save`, `.disabled`,
    `.dpkg-dist`, `.ucf-old`, `.rpmnew` and the like, and the hidden files of a directory. A file
    that is named itself, or holds nothing but comments, is none.

    ## Why it matters

    The copy that was meant to be out of use counts: an old `<VirtualHost>` answers beside the new
    one, a removed `proxy-sendcl` goes on buffering every image. Nobody looks for it there.

    ## Bad

    ```apache
    IncludeOptional sites-enabled/*
    ```

    ## Good

    ```apache
    IncludeOptional sites-enabled/*.conf
    ```

    ## Measured

    Apache 2.4.71: `*` takes in `.bak`, `~` and `.dpkg-dist` files, but none whose name begins with
    a dot; an `Include` of a directory takes in everything below it, hidden files too.

    ## References

    - httpd 2.4 `server/util.c`, `ap_dir_fnmatch` and `ap_dir_nofnmatch`.
    """
    for server in deployment.servers:
        taken: dict[Place, list[str]] = {}
        patterns: dict[Place, str] = {}
        for stray in server.config.strays:
            taken.setdefault(stray.place, []).append(stray.path)
            patterns[stray.place] = stray.pattern
        for place, paths in taken.items():
            files = tuple(dict.fromkeys(paths))
            names = listing((posixpath.basename(file) for file in files), most=3)
            them, these = ("it", "is no file") if len(files) == 1 else ("them", "are no files")
            yield Finding(
                place=place,
                message=(
                    f"{patterns[place]} takes in {names}, which by the name {these} to be used: "
                    f"Apache carries out what stands in {them}"
                ),
                help=f"move {them} elsewhere, or include only *.conf",
                related=tuple(
                    Related("is read with the others", Place(file)) for file in files[:MOST_PLACES]
                ),
            )
