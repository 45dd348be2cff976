"""A machine for one trial: this one, with the sample's files where they name themselves.

The trial runs in namespaces of its own (:func:`command`). Over the root file system lies an overlay
that takes every change; the network is a loopback that nobody else has, so that port 80 is free;
and when the trial's first process ends, however it ends, the kernel stops every other process and
takes the file systems away.

What is not the sample's, all of it here:

* Glance's release, in the place where ``pip`` puts modules for the whole system;
* ``glance-api-paste.ini`` of that release, with :mod:`tests.lab.identity` in place of keystone's
  filter, and a drop-in with the data base's address;
* the users ``glance`` and ``keystone``, and the directories that packages make;
* a certificate, for the sites with TLS;
* for uWSGI from PyPI: its binary as ``/usr/bin/uwsgi``.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.lab.deployment import lay
from tests.lab.experiment import ADDRESS, CERTIFICATE, Disk, Edit
from tests.samples.sample import PROJECT

RELEASES = PROJECT / "build" / "glance"
IDENTITY = Path(__file__).with_name("identity.py")

# Where Debian's Python looks for what pip installed for the whole system.
_PYTHON = "/usr/bin/python3"
_SITE = "import site; print(site.getsitepackages()[0])"

# A sample is the whole of these: nothing of this machine's shows through.
_OWN = (
    *("etc/apache2", "etc/glance", "etc/uwsgi", "etc/systemd/system", "srv", "var/lib/glance"),
    *("etc/default/apache2", "etc/default/uwsgi", "etc/fstab"),
)
_HOME = "/var/lib/glance"
_BASE, _STAGING = f"{_HOME}/base", f"{_HOME}/staging"
_STORES = ("images", "staging", "tasks", "image-cache", "base")
_DROP_IN = """\
[DEFAULT]
allow_additional_image_properties = true

[database]
connection = sqlite:////var/lib/glance/base/glance.db

[keystone_authtoken]
auth_type = password
auth_url = http://127.0.0.1:5000

[oslo_policy]
policy_file = policy.yaml
"""
# Before the roles of 2023 the defaults of newer libraries do not fit.
_OLD_ROLES = "enforce_new_defaults = false\nenforce_scope = false\n"
_SIOCSIFADDR = 0x8916
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1


def command(*arguments: str) -> list[str]:
    """Return a command line that runs in namespaces of its own."""
    spaces = ["--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child=SIGKILL"]
    return ["unshare", *spaces, "--", *arguments]


def possible(work: Path) -> str:
    """Return why no machine can be made in a directory, in words; nothing when one can."""
    if os.geteuid() != 0:
        return "the laboratory makes namespaces and mounts: run it as root"
    if not shutil.which("unshare"):
        return "there is no unshare (util-linux)"
    if os.stat("/usr").st_dev != os.stat("/").st_dev:
        return "/usr is a file system of its own, which a machine's overlay does not show"
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="probe-", dir=work) as probe:
        for name in ("upper", "overlay", "root"):
            Path(probe, name).mkdir()
        layers = f"lowerdir=/,upperdir={probe}/upper,workdir={probe}/overlay"
        done = subprocess.run(
            command("mount", "-t", "overlay", "-o", layers, "overlay", f"{probe}/root"),
            capture_output=True,
            text=True,
            check=False,
        )
    return f"this root may make no machine: {done.stderr.strip()}" if done.returncode else ""


class Machine:
    """The file systems of one trial; made inside its namespaces, in an empty directory."""

    def __init__(self, work: Path, release: str, uwsgi: str) -> None:
        self.work = work
        self.root = work / "root"
        self.release = release
        self.glance = RELEASES / release
        self._uwsgi = uwsgi

    def build(self, tree: Path, edits: Iterable[Edit], disks: Iterable[Disk]) -> None:
        """Make the file systems and lay a sample's files there.

        Raises:
            subprocess.CalledProcessError: a mount was refused.
            ValueError: a sample does not have the text that an edit changes.
        """
        self._mount_root()
        self._users("glance", "keystone")
        self._lay(tree, edits)
        self._certificate()
        self._glance()
        self._boot()
        for disk in disks:
            place = self.path(disk.directory)
            if place.is_file():
                continue  # a sample that says so
            place.mkdir(parents=True, exist_ok=True)
            place.chmod(0o1777)
            if disk.size:
                _mount("-t", "tmpfs", "-o", f"size={disk.size},mode=1777", "tmpfs", str(place))

    def join(self, first: Machine, *, staging: bool) -> None:
        """Become another node of a machine's Glance: one data base, perhaps one staging directory.

        Raises:
            subprocess.CalledProcessError: a mount was refused.
        """
        for directory in (_BASE, *[_STAGING] * staging):
            _mount("--bind", str(first.path(directory)), str(self.path(directory)))

    def path(self, inside: str) -> Path:
        """Return where an absolute path of the machine lies."""
        return self.root / inside.lstrip("/")

    def _mount_root(self) -> None:
        for name in ("upper", "overlay", "root", "tmp", "vartmp"):
            (self.work / name).mkdir(parents=True)
        layers = f"lowerdir=/,upperdir={self.work}/upper,workdir={self.work}/overlay"
        _mount("-t", "overlay", "-o", layers, "overlay", str(self.root))
        _mount("-t", "proc", "proc", "/proc")
        _mount("-t", "proc", "proc", str(self.root / "proc"))
        _mount("--rbind", "/dev", str(self.root / "dev"))
        _mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", str(self.root / "run"))
        for inside, directory in (("tmp", "tmp"), ("var/tmp", "vartmp")):
            _mount("--bind", str(self.work / directory), str(self.root / inside))
            (self.root / inside).chmod(0o1777)
        for inside in ("run/apache2", "run/lock/apache2", "run/uwsgi", "var/log/apache2"):
            self.path(inside).mkdir(parents=True, exist_ok=True)

    def _users(self, *names: str) -> None:
        for number, name in enumerate(names, 64000):
            line = f"{name}:x:{number}:{number}::/var/lib/{name}:/usr/sbin/nologin\n"
            _append(self.path("etc/passwd"), line)
            _append(self.path("etc/group"), f"{name}:x:{number}:\n")
        # Names that the samples' sites have.
        names_of_hosts = "cloud images controller1 controller2 telemetry"
        hosts = " ".join(f"{name}.example.net" for name in names_of_hosts.split())
        self.path("etc/hosts").write_text(f"127.0.0.1 localhost {hosts}\n", encoding="utf-8")

    def _lay(self, tree: Path, edits: Iterable[Edit]) -> None:
        for directory in _OWN:
            there = self.path(directory)
            if there.is_file():
                there.unlink()
            shutil.rmtree(there, ignore_errors=True)
        lay(tree, edits, self.root)

    def _boot(self) -> None:
        """Mount what the sample's fstab has in memory, as a boot would."""
        fstab = self.path("/etc/fstab")
        lines = fstab.read_text(encoding="utf-8").splitlines() if fstab.exists() else []
        for line in lines:
            words = line.partition("#")[0].split()
            if len(words) > 3 and words[2] == "tmpfs":
                _mount("-t", "tmpfs", "-o", words[3], "tmpfs", str(self.path(words[1])))

    def _certificate(self) -> None:
        """Make a certificate and its key, in the file that the experiments name."""
        made = str(self.path(CERTIFICATE))
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-subj", "/CN=images.example.net", *key),
                *("-keyout", f"{made}.key", "-out", made),
            ],
            check=True,
            capture_output=True,
        )

    def _glance(self) -> None:
        site = subprocess.check_output([_PYTHON, "-c", _SITE], text=True).strip()
        modules = next(self.glance.glob("lib/python3*/site-packages"))
        self.path(site).mkdir(parents=True, exist_ok=True)
        _mount("--bind", str(modules), str(self.path(site)))
        _mount("-o", "remount,bind,ro", str(self.path(site)))
        # Nothing of this machine's own modules, which may be too old for Glance's.
        own = self.work / "modules"
        own.mkdir()
        shutil.copy(IDENTITY, own / "lab_identity.py")
        _mount("--bind", str(own), str(self.path("/usr/lib/python3/dist-packages")))
        etc = self.path("/etc/glance")
        etc.mkdir(parents=True, exist_ok=True)
        (etc / "glance-api-paste.ini").write_text(self._paste(), encoding="utf-8")
        drop_in = etc / "glance.conf.d" / "laboratory.conf"
        drop_in.parent.mkdir(exist_ok=True)
        roles = "" if int(self.release.split(".")[0]) > 25 else _OLD_ROLES
        drop_in.write_text(_DROP_IN + roles, encoding="utf-8")
        (etc / "policy.yaml").write_text("{}\n", encoding="utf-8")
        for script in self.glance.glob("bin/glance-*"):
            _, _, code = script.read_text(encoding="utf-8").partition("\n")
            for directory in ("usr/bin", "usr/local/bin"):
                there = self.path(directory) / script.name
                if not there.exists():
                    there.write_text(f"#!{_PYTHON}\n{code}", encoding="utf-8")
                    there.chmod(0o755)
        home = self.path(_HOME)
        for name in _STORES:
            (home / name).mkdir(parents=True, exist_ok=True)
        shutil.copy(self.glance / "glance.db", self.path(_BASE))
        subprocess.run(["chroot", self.root, "chown", "-R", "glance:glance", _HOME], check=True)
        if self._uwsgi == "pypi":
            binary = self.path("/usr/bin/uwsgi")
            binary.unlink(missing_ok=True)
            shutil.copy(self.glance / "pypi-uwsgi" / "bin" / "uwsgi", binary)

    def _paste(self) -> str:
        text = (self.glance / "etc/glance/glance-api-paste.ini").read_text(encoding="utf-8")
        keystone = "keystonemiddleware.auth_token:filter_factory"
        assert keystone in text, "another way to name keystone's filter"
        text = text.replace(keystone, "lab_identity:filter_factory")
        # Up to 2025.2 the health check is a filter there, which newer libraries refuse.
        return text.replace("pipeline = cors healthcheck ", "pipeline = cors ")


def _append(file: Path, line: str) -> None:
    with file.open("a", encoding="utf-8") as opened:
        opened.write(line)


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def loopback() -> None:
    """Bring up the loopback interface of the new network, with the address that samples have."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        request = struct.pack("16sH14s", b"lo", 0, b"")
        flags = struct.unpack("16sH14s", fcntl.ioctl(asked, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(asked, _SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", flags | _IFF_UP, b""))
        here = socket.inet_aton(ADDRESS)
        address = struct.pack("16sH2s4s8s", b"lo:1", socket.AF_INET, b"", here, b"")
        fcntl.ioctl(asked, _SIOCSIFADDR, address)
