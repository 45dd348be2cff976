"""A Glance: one configuration, and the WSGI servers that run it."""

from __future__ import annotations

from collections.abc import Sequence

from glance_audit.deployment.config_directory import ConfigDirectory
from glance_audit.deployment.inputs import GlanceInput
from glance_audit.deployment.instance import UwsgiInstance
from glance_audit.deployment.route import Route
from glance_audit.deployment.versions import Holds
from glance_audit.files import Place, Problem, ProblemKind
from glance_audit.oslo import OsloConfig, Setting
from glance_audit.record import NamedTuple

DEFAULT_CAP = 1024**4  # bytes; image_size_cap in glance/common/config.py, 15.0.0 to 33.0.0


# Both are in the default of every release that has the option, 16.0.0 to 33.0.0
# (glance/common/config.py; asked of 20.2.0, 25.1.0 and 33.0.0); copy-image came with 20.0.0.
DEFAULT_METHODS = ("glance-direct", "web-download")


class ImportMethods(NamedTuple):
    """The enabled ways of importing an image; ``setting`` None: by default."""

    names: tuple[str, ...]
    setting: Setting | None


class GlanceService(NamedTuple):
    """One Glance configuration as its servers read it, and what runs it.

    ``config`` is what is certainly read. ``drop_ins`` is what glance-api.conf.d holds:
    ``drop_ins_read`` says whether it counts, and it is a part of ``config`` when it certainly
    does. ``instances`` are the uWSGIs that run it, ``scripts`` the routes on which mod_wsgi does.
    """

    directory: str
    config: OsloConfig
    instances: tuple[UwsgiInstance, ...] = ()
    scripts: tuple[Route, ...] = ()
    drop_ins: OsloConfig | None = None
    drop_ins_read: Holds = Holds.NONE

    @property
    def under_wsgi(self) -> bool:
        """Whether a WSGI server runs it, for all that is known."""
        return bool(self.instances or self.scripts)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with its files; those nobody reads have no faults."""
        if self.drop_ins is None or self.drop_ins_read is not Holds.PART:
            return self.config.problems
        return (*self.config.problems, *self.drop_ins.problems)

    @property
    def whole(self) -> bool:
        """Whether its files were found and read: only then is absent what they do not set.

        Glance does not start without glance-api.conf: where only what stands beside it was found,
        it lies elsewhere.
        """
        unread = any(one.kind is ProblemKind.UNREADABLE for one in self.config.problems)
        return any(_main(file) for file in self.config.files) and not unread

    def setting(self, section: str, name: str) -> Setting | None:
        """Return the assignment that counts for an option; None where nothing certain sets it."""
        return self.config.last(section, name)

    def uncertain(self, section: str, name: str) -> bool:
        """Whether something that was not read, or that only some releases read, may set an option.

        A file that is missing or cannot be read, or a drop-in.
        """
        if not self.whole:
            return True
        return (
            self.drop_ins is not None
            and self.drop_ins_read is Holds.PART
            and self.drop_ins.last(section, name) is not None
        )

    def place(self, section: str = "DEFAULT") -> Place:
        """Return where the absence of an option is reported: its section's header line.

        Without that section, the header of DEFAULT, else the first file.
        """
        places = self.config.section_places
        first = self.config.files[0] if self.config.files else self.directory
        return places.get(section) or places.get("DEFAULT") or Place(first)

    @property
    def cap(self) -> tuple[int, Place] | None:
        """The limit on an image in bytes, and where it is set.

        None where it is Glance's own default, written down or not: that says nothing of the images
        that are expected.
        """
        setting = self.setting("DEFAULT", "image_size_cap")
        text = setting.value.strip() if setting is not None else ""
        if setting is None or not _is_size(text) or int(text) == DEFAULT_CAP:
            return None
        return int(text), setting.place

    @property
    def import_methods(self) -> ImportMethods | None:
        """The enabled ways of importing an image; None: Glance refuses what is written."""
        setting = self.setting("DEFAULT", "enabled_import_methods")
        if setting is None:
            return ImportMethods(DEFAULT_METHODS, None)
        names = self.config.bounded("DEFAULT", "enabled_import_methods")
        return None if names is None else ImportMethods(names, setting)

    def text(self, section: str, name: str) -> str | None:
        """Return the value of an option with its references replaced; None: unset.

        A reference to what no file sets stays as it is written.
        """
        setting = self.setting(section, name)
        if setting is None:
            return None
        expanded = self.config.expanded(setting)
        return setting.value if expanded is None else expanded

    @property
    def runs(self) -> str:
        """The servers that run it, as a message names them."""
        files = ", ".join(dict.fromkeys(one.name for one in self.instances))
        servers = [f"uWSGI ({files})"] if files else []
        return " and ".join([*servers, "mod_wsgi"] if self.scripts else servers)


def glance_services(
    inputs: Sequence[GlanceInput],
    instances: Sequence[tuple[UwsgiInstance, ConfigDirectory]],
    scripts: Sequence[tuple[Route, ConfigDirectory]],
    drop_ins_under_wsgi: Holds,
) -> tuple[GlanceService, ...]:
    """Match each configuration with the servers that run Glance.

    A server belongs to the directory that its environment names. Where nothing tells, it belongs to
    the only configuration there is, and with several to none.
    """
    found = []
    for one in inputs:
        alone = len(inputs) == 1
        service = GlanceService(
            one.directory,
            one.config,
            tuple(i for i, where in instances if where.leads_to(one.directory, alone=alone)),
            tuple(r for r, where in scripts if where.leads_to(one.directory, alone=alone)),
        )
        if one.drop_ins is not None:
            # The standalone server reads them whatever its release; nobody said that it is one.
            read = drop_ins_under_wsgi
            if not service.under_wsgi and read is Holds.NONE:
                read = Holds.PART
            config = one.config.followed_by(one.drop_ins) if read is Holds.ALL else one.config
            service = service._replace(config=config, drop_ins=one.drop_ins, drop_ins_read=read)
        found.append(service)
    return tuple(found)


def _main(file: str) -> bool:
    """Whether a file is the main one, however it is called: no drop-in, nor the optional one."""
    folder, _, name = file.rpartition("/")
    return name != "glance-image-import.conf" and not folder.endswith(".conf.d")


def _is_size(text: str) -> bool:
    """Whether a text is a number of bytes that any disk may have."""
    return text.isascii() and text.isdigit() and len(text) <= 18
