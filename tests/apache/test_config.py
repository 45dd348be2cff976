from __future__ import annotations

from pathlib import Path

from glance_audit.apache.dump import to_json
from tests.apache.tree import read, span


def test_loaded_modules_are_kept_with_their_places(tmp_path: Path) -> None:
    config = read(tmp_path, 'A\nLoadModule wsgi_module "/usr/lib/mod_wsgi.so"\n')
    (module,) = config.modules
    assert (module.identifier, module.path) == ("wsgi_module", "/usr/lib/mod_wsgi.so")
    assert span(module.place) == (2, 1, 2, 46)
    assert config.module_loaded("wsgi_module")
    assert config.module_loaded("http_module")  # compiled in
    assert not config.module_loaded("proxy_module")
    assert not config.module_loaded("WSGI_module")


def test_a_walk_goes_depth_first_in_order(tmp_path: Path) -> None:
    config = read(tmp_path, "A\n<B x>\nC\n<D y>\nE\n</D>\nF\n</B>\nG\n")
    assert [one.name for one in config.all.every] == list("ABCDEFG")


def test_the_dump_is_what_resolve_prints(tmp_path: Path) -> None:
    config = read(tmp_path, '<location "/x">\n SetEnv  A \\\n 1\n</location>\n<Foo>\n</Foo>\n')
    file = f"{tmp_path}/httpd.conf"
    assert to_json(config) == {
        "kind": "apache",
        "tree": [
            {
                "directive": "location",
                "section": True,
                "args": '"/x"',
                "file": file,
                "line": 1,
                "children": [
                    {
                        "directive": "SetEnv",
                        "section": False,
                        "args": "A  1",
                        "file": file,
                        "line": 3,
                    }
                ],
            },
            {
                "directive": "Foo",
                "section": True,
                "args": "",
                "file": file,
                "line": 5,
                "children": [],
            },
        ],
        "errors": [],
    }


def test_an_error_has_apaches_line_the_last_one(tmp_path: Path) -> None:
    found = to_json(read(tmp_path, "\n</Location \\\n>\n"))
    assert found["tree"] is None
    assert [(error["file"], error["line"]) for error in found["errors"][:1]] == [
        (f"{tmp_path}/httpd.conf", 3)
    ]


def test_directives_that_other_modules_carry_out_leave_no_trace_either(tmp_path: Path) -> None:
    line = "RemoteIPInternalProxyList conf/trusted.lst\n"
    assert [one.name for one in read(tmp_path, line).directives] == ["RemoteIPInternalProxyList"]
    assert read(tmp_path, "LoadModule remoteip_module x.so\n" + line).directives == ()
