"""Which deployment a changed file belongs to."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.cli.belonging import among, deployments_of

TREE = {
    "n1/etc/apache2/apache2.conf": "",
    "n1/etc/apache2/sites-available/a.conf": "",
    "n1/etc/glance/glance-api.conf": "",
    "n1/etc/fstab": "",
    "n2/etc/uwsgi/apps-enabled/glance.ini": "",
    "apache/httpd.conf": "",
    "apache/extra/site.conf": "",
    "redhat/conf/httpd.conf": "",
    "redhat/conf.d/glance.conf": "",
    "k/glance/wsgi.conf": "<VirtualHost *:9292>\n",
    "k/glance/uwsgi.ini": "[uwsgi]\n",
    "k/glance/uwsgi.yaml": "uwsgi:\n  http: :1\n",
    "k/glance/glance-api.conf": "",
    "k/glance/logging.conf": "[loggers]\n",
    "j/glance.json": '{"uwsgi": {"http": ":1"}}',
    "x/glance.xml": "<a>\n<uwsgi id='x'>",
    "x/notes": "[uwsgi]\n",
    "x/package.json": '{"name": "uwsgi"}',
    "k/nova/nova.conf": "[DEFAULT]\n",
    "k/nova/proxy.conf": "  proxypass / http://x/\n",
    "k/xml/g.xml": "<uwsgi><http>:1</http></uwsgi>\n",
    "k/json/g.json": '{"uwsgi": {"http": ":1"}}\n',
    "chart/values.yaml": "glance:\n  uwsgi:\n    processes: 2\n",
    "README.md": "ProxyPassage\n",
    "k/glance/README.md": "    [uwsgi]\nProxyPass / http://x/\n",
    "k/glance/wsgi.conf.j2": "<VirtualHost {{ address }}:9292>\n",
    "n3/etc/glance/glance-api.conf": "",
    "n3/usr/local/apache2/conf/httpd.conf": "",
    "n3/usr/local/apache2/conf/extra/site.conf": "",
    "n3/etc/httpd/conf/httpd.conf": "",
    "own/apache2.conf": "",
    "own/n4/etc/uwsgi/g.ini": "",
}
# One answer, whichever of its files has changed.
KOLLA = "k/glance/glance-api.conf k/glance/uwsgi.ini k/glance/uwsgi.yaml k/glance/wsgi.conf"


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> str:
    directory = tmp_path_factory.mktemp("repository")
    for name, text in TREE.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return str(directory)


@pytest.mark.parametrize(
    ("files", "deployments"),
    [
        ("n1/etc/apache2/sites-available/a.conf", "n1"),
        ("n1/etc/fstab n1/etc/glance/glance-api.conf", "n1"),
        ("n2/etc/uwsgi/apps-enabled/glance.ini", "n2"),
        ("apache/extra/site.conf", "apache"),
        ("./apache/httpd.conf", "apache"),
        ("redhat/conf.d/glance.conf redhat/conf/httpd.conf", "redhat"),
        ("n1/etc/fstab apache/httpd.conf", "n1|apache"),
        ("k/glance/wsgi.conf k/glance/uwsgi.ini", KOLLA),
        ("k/glance/uwsgi.yaml k/nova/proxy.conf", f"{KOLLA}|k/nova/proxy.conf"),
        ("k/glance/glance-api.conf", KOLLA),
        ("./k/glance/glance-api.conf", KOLLA),
        ("j/glance.json", "j/glance.json"),
        ("x/package.json", ""),
        ("x/notes", "x/glance.xml x/notes"),
        ("x/glance.xml", "x/glance.xml"),
        ("k/glance/logging.conf", ""),
        ("k/xml/g.xml k/json/g.json", "k/xml/g.xml|k/json/g.json"),
        ("k/nova/nova.conf README.md k", ""),
        ("chart/values.yaml k/glance/README.md k/glance/wsgi.conf.j2", ""),
        ("n3/etc/httpd/conf/httpd.conf", "n3"),
        ("n3/usr/local/apache2/conf/extra/site.conf", "n3 n3/usr/local/apache2"),
        ("n3/etc/fstab n3/usr/local/apache2/conf/httpd.conf", "n3 n3/usr/local/apache2"),
        ("own/n4/etc/uwsgi/g.ini own/sites/a.conf", "own/n4|own"),
    ],
)  # fmt: skip
def test_a_file_belongs_to_what_is_around_it(top: str, files: str, deployments: str) -> None:
    expected = [tuple(one.split()) for one in deployments.split("|") if one]
    assert deployments_of(files.split(), top) == expected


def test_nothing_above_the_top_counts(top: str) -> None:
    assert deployments_of(["sites-available/a.conf"], f"{top}/n1/etc/apache2") == [(".",)]
    assert deployments_of(["a.conf"], f"{top}/n1/etc/apache2/sites-available") == []


def test_the_machine_itself_is_not_around_a_file_of_no_deployment(tmp_path: Path) -> None:
    assert deployments_of([str(tmp_path / "x.conf")], str(tmp_path)) == []


def test_an_absolute_path_belongs_too(top: str) -> None:
    assert deployments_of([f"{top}/n1/etc/fstab"], top) == [(f"{top}/n1",)]


@pytest.mark.parametrize(
    ("file", "is_among"),
    [
        ("n1/etc/fstab", True),
        ("apache/httpd.conf", True),
        ("apache/httpd.conf.d/x", False),
        ("n10/etc/fstab", False),
        ("link/etc/fstab", True),
    ],
)
def test_what_the_settings_name_is_compared_by_path(
    top: str, tmp_path: Path, file: str, *, is_among: bool
) -> None:
    link = Path(top) / "link"
    if not link.is_symlink():
        link.symlink_to("n1")
    assert among([file], ["n1", "apache/httpd.conf"], top) is is_among
