"""The order of options, files inside files, and every way to be refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from glance_audit.files import FileSource, Inclusion, ProblemKind
from glance_audit.uwsgi import HostFacts, UwsgiConfig, resolve
from glance_audit.uwsgi.dump import to_json
from tests.uwsgi.system import CWD, resolved, values

BASE = {"base.ini": "[uwsgi]\nharakiri = 600\nname = $(WHO) %(own) %n %N\n"}


def lists(config: UwsgiConfig) -> list[tuple[str, str]]:
    return [(option.key, option.value) for option in config.pairs[1:]]


def fatal(config: UwsgiConfig) -> list[str]:
    return [problem.message for problem in config.problems if problem.fatal]


def test_an_include_is_spliced_in_and_expanded(tmp_path: Path) -> None:
    config = resolved(
        tmp_path,
        "[uwsgi]\ninclude = base.ini\nharakiri = 60\nown = 1\n",
        BASE,
        environment={"WHO": "me"},
    )

    assert lists(config)[1:] == [
        ("harakiri", "600"),
        ("name", "me 1 base glance"),
        ("harakiri", "60"),
        ("own", "1"),
    ]
    assert config.integer("harakiri") == (60, config.pairs[4])
    assert config.files == (f"{CWD}/glance.ini", f"{CWD}/base.ini")


def test_an_inherited_file_comes_last_stays_unexpanded_and_wins(tmp_path: Path) -> None:
    config = resolved(
        tmp_path,
        "[uwsgi]\ninherit = base.ini\nharakiri = 60\nown = 1\n",
        BASE,
        environment={"WHO": "me"},
    )

    assert lists(config)[3:] == [("harakiri", "600"), ("name", "$(WHO) %(own) base glance")]
    harakiri = config.last("harakiri")
    assert harakiri is not None
    assert harakiri.value == "600"
    assert harakiri.place.file == f"{CWD}/base.ini"
    assert harakiri.place.included_from == (Inclusion(f"{CWD}/glance.ini", 2),)


def test_relative_names_start_where_uwsgi_starts(tmp_path: Path) -> None:
    config = resolved(tmp_path, "[uwsgi]\ninclude = base.ini\n", BASE, cwd="/")

    assert config.problems[0].kind is ProblemKind.INCLUDE_MISSING
    assert config.problems[0].fatal
    assert config.problems[0].place.line == 2
    assert config.problems[0].help == "relative names start at /"


def test_reading_goes_on_after_a_fault(tmp_path: Path) -> None:
    config = resolved(tmp_path, "[uwsgi]\nini = nope.ini\nexit = 3\nprocesses = -1\nlast = 1\n")

    assert fatal(config) == [
        "nope.ini does not exist",
        "exit ends uWSGI here with status 3",
        "processes must not be negative",
    ]
    assert lists(config)[-1] == ("last", "1")


def test_only_ini_takes_a_section(tmp_path: Path) -> None:
    more = {"s.ini": "[a]\nk = %x\n[uwsgi]\nk = main\n"}

    assert values(resolved(tmp_path, "[uwsgi]\nini = s.ini:a\n", more), "k") == ["a"]
    assert values(resolved(tmp_path, "[uwsgi]\nini = :a\n[a]\nk = %x\n"), "k") == ["a"]
    refused = resolved(tmp_path, "[uwsgi]\ninclude = s.ini:a\n", more)
    assert refused.refused
    assert "write ini = FILE:SECTION" in refused.problems[0].help


def test_another_section_can_be_asked_for(tmp_path: Path) -> None:
    config = resolved(tmp_path, "[uwsgi]\na = 1\n[image]\nb = %x\n", section="image")

    assert lists(config) == [("b", "image")]
    assert config.pairs[0].value == f"{CWD}/glance.ini:image"
    assert config.section_place is not None
    assert config.section_place.line == 3


def test_a_file_that_includes_itself_is_refused_and_still_read(tmp_path: Path) -> None:
    config = resolved(tmp_path, "[uwsgi]\na = 1\nini = glance.ini\nb = 2\n")

    assert [message.partition(":")[0] for message in fatal(config)] == [
        f"{CWD}/glance.ini includes itself without end"
    ]
    assert values(config, "b")


def test_a_long_chain_of_files_is_cut_and_said_so(tmp_path: Path) -> None:
    chain = {f"{n}.ini": f"[uwsgi]\nini = {n + 1}.ini\n" for n in range(60)}
    config = resolved(tmp_path, "[uwsgi]\nini = 0.ini\n", {**chain, "60.ini": "[uwsgi]\nk = v\n"})

    assert not config.refused
    assert [problem.kind for problem in config.problems] == [ProblemKind.UNREADABLE]


def test_many_includes_of_each_other_are_bounded(tmp_path: Path) -> None:
    text = "[uwsgi]\n" + "ini = glance.ini\n" * 20

    assert resolved(tmp_path, text).refused


def test_loops_are_bounded(tmp_path: Path) -> None:
    config = resolved(tmp_path, "[uwsgi]\nfor-times = 2000000000\nk = %(_)\nendfor =\nlast = 1\n")

    assert len(values(config, "k")) == 10_000
    assert "10000 rounds" in config.problems[0].message
    assert values(config, "last") == ["1"]


def test_options_are_bounded(tmp_path: Path) -> None:
    body = "k = %(_)\n" * 20
    config = resolved(tmp_path, f"[uwsgi]\nfor-times = 10000\n{body}endfor =\n")

    assert len(config.pairs) == 100_000
    assert "100000 options" in config.problems[-1].message


def test_a_value_without_end_is_refused(tmp_path: Path) -> None:
    config = resolved(tmp_path, "[uwsgi]\nb = x%(b)\nlast = 1\n")

    assert len(fatal(config)) == 1
    assert config.problems[0].place.line == 2


def test_a_declared_option_acts_at_once_and_is_not_in_the_list(tmp_path: Path) -> None:
    config = resolved(
        tmp_path,
        "[uwsgi]\ndeclare-option = slow=harakiri=$1;socket-timeout=$1\nharakiri = 60\nslow = 900\n",
    )

    assert values(config, "harakiri") == ["60"]
    # What is not immediate acts when all files are read, so the plain option wins.
    assert config.integer("harakiri") == (60, config.pairs[2])
    timeout = config.last("socket-timeout")
    assert timeout is not None
    assert (timeout.value, timeout.place.line) == ("900", 4)


def test_a_declared_option_that_stands_for_itself_is_refused(tmp_path: Path) -> None:
    assert resolved(tmp_path, "[uwsgi]\ndeclare-option = m=m=$1\nm = 1\n").refused


def test_arguments_that_multiply_are_bounded(tmp_path: Path) -> None:
    words = " ".join(f"${n}${n}" for n in range(2, 60))
    config = resolved(tmp_path, f"[uwsgi]\ndeclare-option = m=k=$1\nm = {words}\n")

    assert [problem.kind for problem in config.problems] == [ProblemKind.UNREADABLE]


@pytest.mark.parametrize(
    "text",
    [
        "strict = 1\ntypo = 1\n",
        "typo = 1\nstrict = 1\n",
        "strict = 1\nend =\n",
        "whitelist = master\nmaster = 1\nprocesses = 2\n",
        "blacklist = a PROCESSES\nprocesses = 2\n",
        "set-ph = master=1\n",
        "set = nothing\n",
        "declare-option = nothing\n",
        "if-not-env = NOPE\nif-not-env = NOPE\n",
        "chmod-socket = 0660\n",
        "chmod-socket =\n",
        "http-socket =\n",
        "https-socket = :443\n",
        "socket = =0\n",
        "harakiri = -5s\n",
        "a = @(nope.txt)\n",
        "for-times = 1\nif-env = A\nendfor =\n",
        "help =\n",
        "config = x.ini\n",
        "inject-before = nope\nini = glance.ini:other\n",
    ],
)
def test_uwsgi_would_end_here(tmp_path: Path, text: str) -> None:
    config = resolved(tmp_path, "[uwsgi]\n" + text)

    assert config.refused
    assert all(problem.place.file and problem.message for problem in config.problems)


@pytest.mark.parametrize(
    "text",
    [
        "typo = 1\n",
        "strict = 1\nset-ph = typo=1\nendif =\n",
        "strict = off\ntypo = 1\n",
        "blacklist = a\nend-blacklist =\na = 1\n",
        "chmod-socket = 660\n",
        "chmod-socket = 1\n",
        "shared-socket = :80\nsocket = =0\n",
        "set-ph = http-timeout=1\n",
        "need-plugin = python3\n",
        "strict = 1\nhttp-timeout = 1\n",
        "if-env = NOPE\nif-env = A\nendif =\n",
        "inject-before = nope\n",
    ],
)
def test_uwsgi_would_go_on_as_far_as_is_known(tmp_path: Path, text: str) -> None:
    assert not resolved(tmp_path, "[uwsgi]\n" + text).refused


def test_plugins_decide_which_options_exist(tmp_path: Path) -> None:
    debian = HostFacts(version="2.0.21-debian", embedded_plugins=frozenset())
    more = {"/usr/lib/uwsgi/plugins/http_plugin.so": ""}

    def refused(text: str) -> bool:
        return resolved(tmp_path, f"[uwsgi]\nstrict = 1\n{text}", more, facts=debian).refused

    assert refused("http-timeout = 9\n")
    assert not refused("plugins = http\nhttp-timeout = 9\n")
    assert not refused("plugins = nothere\n")
    assert refused("need-plugins = nothere\n")
    assert refused("wsgi-manage-chunked-input = 1\n")


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("if-env = WHO", True),
        ("if-env = WHO=me", True),
        ("if-env = WHO=you", False),
        ("if-not-env = WHO=you", True),
        ("if-not-env = WHO", False),
        ("ifenv = NOPE", False),
        ("if-opt = own", True),
        ("if-opt = own=2", False),
        ("if-not-opt = own=2", True),
        ("if-exists = base.ini", True),
        ("if-exists =", False),
        ("if-exists = $(BASE)", False),
        ("if-not-exists = nope", True),
        ("if-file = /etc/uwsgi", False),
        ("if-dir = /etc/uwsgi", True),
        ("if-not-dir = base.ini", True),
        ("if-reload =", False),
        ("if-not-reload =", True),
    ],
)
def test_a_condition_decides_on_its_block(tmp_path: Path, condition: str, holds: bool) -> None:
    config = resolved(
        tmp_path,
        f"[uwsgi]\nown = 1\n{condition}\nk = %(_)\nendif =\n",
        BASE,
        environment={"WHO": "me", "BASE": "base.ini"},
    )

    assert bool(values(config, "k")) is holds


def test_an_unclosed_block_swallows_what_follows(tmp_path: Path) -> None:
    config = resolved(tmp_path, "[uwsgi]\nif-env = NOPE\nk = 1\nharakiri = 60\n")

    assert config.last("harakiri") is None


def test_a_block_on_an_unknown_fact_is_left_out_and_said_so(tmp_path: Path) -> None:
    text = "[uwsgi]\nif-hostname = image1\nk = 1\nendif =\nif-plugin = x\nl = 1\nendif =\n"
    config = resolved(tmp_path, text)

    assert lists(config) == [
        ("if-hostname", "image1"),
        ("endif", ""),
        ("if-plugin", "x"),
        ("endif", ""),
    ]
    assert [problem.place.line for problem in config.unknown] == [3, 6]
    told = resolved(tmp_path, text, facts=HostFacts(hostname="image1"))
    assert values(told, "k") == ["1"]


@pytest.mark.parametrize(
    "value", ["@(exec://touch /tmp/x)", "@(http://h/x)", "@(call://f)", "@(-)", "@(fd://0)"]
)
def test_commands_and_addresses_are_reported_never_followed(tmp_path: Path, value: str) -> None:
    config = resolved(tmp_path, f"[uwsgi]\nk = {value}\n")

    assert values(config, "k") == [value]
    assert [(p.kind, p.fatal) for p in config.problems] == [(ProblemKind.UNREADABLE, False)]


def test_a_configuration_that_is_a_command_is_reported(tmp_path: Path) -> None:
    config = resolved(tmp_path, "[uwsgi]\nini = exec://cat x.ini\ninclude = http://h/x.ini\n")

    assert [problem.place.line for problem in config.problems] == [2, 3]


@pytest.mark.parametrize(
    "line", ["config = g.lua", "ldap = ldap://h", "sqlite = g.db", "include = g.lua"]
)
def test_what_would_have_to_run_or_be_asked_is_no_audit(tmp_path: Path, line: str) -> None:
    config = resolved(tmp_path, f"[uwsgi]\n{line}\nlast = 1\n", {"g.lua": "", "g.db": ""})

    [problem] = config.problems
    assert problem.kind is ProblemKind.UNREADABLE
    assert not problem.fatal
    assert "cannot be audited" in problem.message
    assert values(config, "last") == ["1"]


def test_options_come_from_the_environment_the_command_line_and_the_file(tmp_path: Path) -> None:
    config = resolved(
        tmp_path,
        "[uwsgi]\nharakiri = 3\n",
        environment={"UWSGI_HARAKIRI": "1", "UWSGI_RELOADS": "0", "UWSGI_A_B": "x"},
        arguments=(("harakiri", "2"), ("ini", f"{CWD}/glance.ini"), ("harakiri", "4")),
    )

    found = [(option.key, option.value, option.origin) for option in config.pairs]
    assert found == [
        ("harakiri", "1", "environment"),
        ("a-b", "x", "environment"),
        ("harakiri", "2", "command-line"),
        ("ini", f"{CWD}/glance.ini", "command-line"),
        ("harakiri", "3", "file"),
        ("harakiri", "4", "command-line"),
    ]
    assert config.integer("harakiri") == (4, config.pairs[-1])


def test_a_file_named_without_an_option_goes_by_its_ending(tmp_path: Path) -> None:
    config = resolved(tmp_path, "[uwsgi]\nk = %n|%N\n", positional=True)

    assert [(option.key, option.value) for option in config.pairs] == [("k", "glance|")]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("\ufeff[uwsgi]\nk = 1\n", "save the file without the mark"),
        ("[uwsgi] # image\nk = 1\n", "write exactly [uwsgi], with nothing around it"),
        ("[other]\nk = 1\n", ""),
    ],
)
def test_a_section_without_options_is_said(tmp_path: Path, text: str, advice: str) -> None:
    config = resolved(tmp_path, text)

    [problem] = config.problems
    assert (problem.kind, problem.fatal, problem.help) == (ProblemKind.SYNTAX, False, advice)


def test_a_file_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    config = resolve(FileSource(str(tmp_path)), "/etc/uwsgi/none.ini")
    assert config.refused
    assert config.problems[0].place.file == "/etc/uwsgi/none.ini"


def test_the_dump_has_pairs_and_what_uwsgi_refuses(tmp_path: Path) -> None:
    config = resolved(tmp_path, "[uwsgi]\nmaster = true\nini = nope.ini\n")

    assert to_json(config) == {
        "kind": "uwsgi",
        "pairs": [
            ["ini", f"{CWD}/glance.ini"],
            ["master", "true"],
            ["ini", "nope.ini"],
        ],
        "errors": [{"file": f"{CWD}/glance.ini", "line": 3, "message": "nope.ini does not exist"}],
    }


def test_scalars_take_the_last_and_lists_take_all(tmp_path: Path) -> None:
    config = resolved(
        tmp_path,
        "[uwsgi]\nworkers = 2\nprocesses = 4s\nmaster = false ; x\nenv = A=1\nenv = B=2\n"
        "threads = off\n",
    )

    processes = config.integer("processes", "workers")
    assert processes is not None
    assert (processes[0], processes[1].key) == (4, "processes")
    assert config.enabled("master")
    assert not config.enabled("threads")
    assert not config.enabled("lazy-apps")
    assert config.integer("harakiri") is None
    assert [option.value for option in config.all("env")] == ["A=1", "B=2"]
