"""An operator's own rules: what is one, what they share, and what becomes of broken ones."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from glance_audit.audit.own_rules import with_own_rules
from glance_audit.audit.settings import UsageError
from glance_audit.cli.main import main
from glance_audit.engine.catalogue import load
from tests.cli.deployments import QUIET, lay_out

HEAD = """\
from glance_audit.engine.finding import Basis, Confidence, Finding, Related, Severity
from glance_audit.engine.rule import rule
from glance_audit.files import Place


"""
RULE = '''\
@rule("{code}", "{slug}", severity=Severity.WARNING, basis=Basis.SOURCE)
def check(deployment):
    """{title}"""
    {body}
'''
BODY = 'yield Finding(Place("/etc/httpd/conf/httpd.conf", 3, 1, 3, 8), "as it is told", "do it")'


def rule_text(
    code: str = "XX001",
    slug: str = "own",
    body: str = BODY,
    title: str = "Finds it.",
    more: str = "",
) -> str:
    return HEAD + more + RULE.format(code=code, slug=slug, body=body, title=title)


def rules_dir(path: Path, **files: str) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    for stem, text in files.items():
        (path / f"{stem}.py").write_text(text, encoding="utf-8")
    return path


def refusal(path: Path, *more: str) -> str:
    """What loading says of a directory, as seen from the one above it."""
    with pytest.raises(UsageError) as caught:
        with_own_rules(load(), (path.name, *more), str(path.parent))
    return str(caught.value)


def audit(
    capsys: pytest.CaptureFixture[str], root: Path, *options: str
) -> tuple[int, list[str], list[str]]:
    status = main(["-q", *options, str(root)])
    out, err = capsys.readouterr()
    return status, out.splitlines(), err.splitlines()


def test_own_rules_run_beside_the_shipped_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = rules_dir(tmp_path / "one", xx002_own_two=rule_text("XX002", "own-two"))
    two = rules_dir(tmp_path / "two", xx001_own=rule_text())
    root = lay_out(tmp_path / "system", QUIET)
    both = ("--rules-dir", str(one), "--rules-dir", str(two))

    status, out, err = audit(capsys, root, *both)
    assert status == 1
    assert err == []
    assert [line for line in out if "XX" in line] == [
        "etc/httpd/conf/httpd.conf:3:1: warning[XX001] own: as it is told",
        "etc/httpd/conf/httpd.conf:3:1: warning[XX002] own-two: as it is told",
    ]
    for options, codes in (
        (("--select", "XX"), {"XX001", "XX002"}),
        (("--select", "xx002"), {"XX002"}),
        (("--select", "own,GA9"), {"XX001"}),
        (("--select", "XX", "--ignore", "own"), {"XX002"}),
        (("--ignore", "XX"), set()),
    ):
        _, out, _ = audit(capsys, root, *both, *options)
        assert set(re.findall(r"XX\d+", " ".join(out))) == codes


def test_without_the_option_their_codes_are_no_rules(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = lay_out(tmp_path / "system", QUIET)
    assert audit(capsys, root, "--select", "XX001")[0] == 2


def test_the_catalogue_has_them_behind_the_shipped_ones(tmp_path: Path) -> None:
    path = rules_dir(
        tmp_path / "own",
        xx002_two=rule_text("XX002", "two"), abcdefgh001_one=rule_text("ABCDEFGH001", "one"),
    )  # fmt: skip
    shipped = load()
    found = with_own_rules(shipped, (str(path),), "/")
    assert found[: len(shipped)] == shipped
    assert [(rule.code, rule.slug, rule.title, rule.url) for rule in found[len(shipped) :]] == [
        ("ABCDEFGH001", "one", "Finds it.", ""),
        ("XX002", "two", "Finds it.", ""),
    ]


def test_rules_and_explain_know_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    option = ("--rules-dir", str(rules_dir(tmp_path / "own", xx101_own=rule_text("XX101"))))
    assert main(["rules", *option]) == 0
    listed = capsys.readouterr().out
    assert listed.endswith("\nYour own rules\n  XX101  warning  own\n         Finds it.\n")
    assert main(["rules", "--format", "markdown", *option]) == 0
    assert "\n| XX101 | own | warning | Finds it. |\n" in capsys.readouterr().out
    assert main(["explain", "xx101", *option]) == 0
    page = capsys.readouterr().out
    assert page.startswith("# XX101 own\n\nFinds it.\n\n- Severity: warning\n")
    assert "Page" not in page
    assert main(["explain", "XX101"]) == 2
    capsys.readouterr()
    assert main(["rules", "--rules-dir", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err == (
        f"glance-audit: --rules-dir: {tmp_path}/none: no such file or directory\n"
    )


def test_they_may_share_private_files_and_have_tests_beside_them(tmp_path: Path) -> None:
    more = "from ._words import WORDS\n\n\n"
    files = {
        "_words": "WORDS = 'shared'\n",
        "test_xx001": "raise SystemExit\n",
        "conftest": "raise SystemExit\n",
    }
    text = rule_text(more=more, title="{WORDS}").replace('"""{WORDS}"""', '"""Finds it."""')
    path = rules_dir(tmp_path / "own", xx001_own=text, **files)
    (path / "README.md").write_text("text")
    (path / "notes.txt").write_text("text")
    assert with_own_rules((), (str(path),), "/")[0].code == "XX001"
    other = rules_dir(tmp_path / "other", xx001_own=text, _words="WRONG = 1\n")
    assert "cannot import name 'WORDS'" in refusal(other)


def test_nothing_is_written_beside_them(tmp_path: Path) -> None:
    more = "from ._words import WORDS\n\n\n"
    path = rules_dir(tmp_path / "own", xx001_own=rule_text(more=more), _words="WORDS = 1\n")
    before = sys.dont_write_bytecode
    with_own_rules((), (str(path),), "/")
    assert sorted(os.listdir(path)) == ["_words.py", "xx001_own.py"]
    assert sys.dont_write_bytecode == before


@pytest.mark.parametrize(
    ("stem", "text", "told"),
    [
        ("xx001_own", "x = (\n", ":1: SyntaxError: '(' was never closed"),
        ("xx001_own", "\n1 / 0\n", ":2: ZeroDivisionError: division by zero"),
        ("xx001_own", "import sys\nsys.exit(0)\n", ":2: SystemExit: 0"),
        ("xx001_own", "raise ValueError\n", ":1: ValueError"),
        ("xx001_own", "raise ValueError('a\\n\\n  b')\n", ":1: ValueError: a b"),
        ("xx001_own", "import nowhere\n", ":1: ModuleNotFoundError: No module named 'nowhere'"),
        (
            "xx001_own",
            "def check(deployment): ...\n",
            ": declares no rule: write @rule(...) above a function named check",
        ),
        ("xx001_own", rule_text("XX01"), ":6: ValueError: not a rule code and slug: 'XX01' 'own'"),
        (
            "xx001_own",
            rule_text("XX002"),
            ": holds XX002 own: name the file xx002_own.py",
        ),
        (
            "xx001_own",
            rule_text("GA001"),
            ": GA001: GA is the prefix of the shipped rules, take another",
        ),
        (
            "xx001_own",
            rule_text(title="\n    Finds it."),
            ": the first line of the docstring does not say what the rule finds",
        ),
        (
            "xx001_mod_wsgi",
            rule_text(slug="mod-wsgi"),
            ": mod-wsgi is already a shipped rule",
        ),
        (
            "own",
            rule_text(),
            ": is not named as a rule is, such as xx001_plain_http.py; others begin with _",
        ),
    ],
)  # fmt: skip
def test_a_broken_file_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], stem: str, text: str, told: str
) -> None:
    path = rules_dir(tmp_path / "own", **{stem: text})
    assert refusal(path) == f"--rules-dir: own/{stem}.py{told}"

    root = lay_out(tmp_path / "system", QUIET)
    status, out, err = audit(capsys, root, "--rules-dir", str(path))
    assert (status, out) == (2, [])
    assert err == [f"glance-audit: --rules-dir: {path}/{stem}.py{told}"]


def test_two_rules_of_one_code_or_name_are_told(tmp_path: Path) -> None:
    one = rules_dir(tmp_path / "one", xx001_own=rule_text())
    rules_dir(tmp_path / "two", xx001_other=rule_text(slug="other"))
    rules_dir(tmp_path / "three", xx003_own=rule_text("XX003"))
    assert refusal(one, "two") == (
        "--rules-dir: two/xx001_other.py: XX001 is already the rule of one/xx001_own.py"
    )
    assert refusal(one, "three") == (
        "--rules-dir: three/xx003_own.py: own is already the rule of one/xx001_own.py"
    )


def test_rules_that_lead_each_other_are_told(tmp_path: Path) -> None:
    def led(code: str, slug: str, by: str) -> str:
        return rule_text(code, slug).replace("severity=", f'caused_by=("{by}",), severity=')

    path = rules_dir(
        tmp_path / "own",
        xx001_one=led("XX001", "one", "XX002"),
        xx002_two=led("XX002", "two", "XX001"),
    )
    assert refusal(path) == ("--rules-dir: caused_by goes round in a circle: XX001 -> XX002")


def test_a_directory_that_is_none_and_one_without_rules_are_told(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none") == "--rules-dir: none: no such file or directory"
    (tmp_path / "file").write_text("")
    assert refusal(tmp_path / "file") == "--rules-dir: file: not a directory"
    os.mkfifo(rules_dir(tmp_path / "pipe") / "xx001_own.py")
    assert refusal(tmp_path / "pipe") == "--rules-dir: pipe/xx001_own.py: is not a file"
    assert refusal(rules_dir(tmp_path / "own", _words="")) == (
        "--rules-dir: own: holds no rule, such as xx001_plain_http.py"
    )


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            "yield deployment.nothing",
            "9: AttributeError: 'Deployment' object has no attribute 'nothing'",
        ),
        ("return None", "TypeError: 'NoneType' object is not iterable"),
        ("raise SystemExit(0)\n    yield", "9: SystemExit: 0"),
        ("yield 'text'", "TypeError: XX001 yields a str, not a Finding"),
        ("yield Finding(None, 'm')", "TypeError: XX001 yields a finding whose place is a NoneType"),
        (
            "yield Finding(Place('/x'), 1)",
            "TypeError: XX001 yields a finding whose message is a int",
        ),
        (
            "yield Finding(Place('/x'), 'm', severity='error')",
            "TypeError: XX001 yields a finding whose severity is a str",
        ),
        (
            "yield Finding(Place('/x'), 'm', related=('x',))",
            "TypeError: XX001 yields a finding whose related places are not all Related",
        ),
        (
            "yield Finding(Place('/x'), 'm', related=(Related('x', None),))",
            "TypeError: XX001 yields a finding whose related places are not all Related",
        ),
        (
            "yield Finding(Place('/x'), 'm', related=(Related(1, Place('/x')),))",
            "TypeError: XX001 yields a finding whose related places are not all Related",
        ),
        (
            "yield Finding(Place('/x'), 'm', context=(1,))",
            "TypeError: XX001 yields a finding whose context is not all str",
        ),
        (
            "yield Finding(Place(3), 'm')",
            "TypeError: XX001 yields a place in 3, which is no absolute path",
        ),
        (
            "yield Finding(Place('/x'), 'm', related=(Related('x', Place('etc/x')),))",
            "TypeError: XX001 yields a place in 'etc/x', which is no absolute path",
        ),
        (
            "yield Finding(Place('/x', '1'), 'm')",
            "TypeError: XX001 yields a place in /x whose lines and columns are not all numbers",
        ),
        (
            "yield Finding(Place('/x', -1), 'm')",
            "TypeError: XX001 yields a place in /x whose lines and columns are not all numbers",
        ),
        (
            "yield Finding(Place('/x', 1, 1, 1, 1, ('/y',)), 'm')",
            "TypeError: XX001 yields a place in /x that is included from what is no Inclusion",
        ),
    ],
)
def test_a_rule_that_fails_when_it_runs_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str, told: str
) -> None:
    path = rules_dir(tmp_path / "own", xx001_own=rule_text(body=body))
    root = lay_out(tmp_path / "system", QUIET)
    status, out, err = audit(capsys, root, "--rules-dir", str(path))
    assert (status, out) == (2, [])
    between = ":" if told[0].isdigit() else ": "
    assert err == [f"glance-audit: --rules-dir: {path}/xx001_own.py{between}{told}"]


def test_a_rule_cannot_let_its_own_finding_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = (
        "yield Finding(Place('/etc/httpd/conf/httpd.conf', 1), 'm', suppressed='me', code='GA201')"
    )
    path = rules_dir(tmp_path / "own", xx001_own=rule_text(body=body))
    root = lay_out(tmp_path / "system", QUIET)
    status, out, _ = audit(capsys, root, "--rules-dir", str(path), "--select", "XX")
    assert status == 1
    assert ["warning[XX001]" in line for line in out] == [True]


def test_a_finding_of_theirs_is_suppressed_like_any(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = ("--rules-dir", str(rules_dir(tmp_path / "own", xx001_own=rule_text())))
    comment = '# glance-audit: ignore-file[XX001] reason="ours"\n'
    root = lay_out(tmp_path / "system", comment + QUIET)
    only = ("--select", "XX,GA910")
    assert audit(capsys, root, *rules, *only)[:2] == (0, [])
    status, out, _ = audit(capsys, root, "--select", "GA910")
    assert status == 0  # a remark: this audit does not know the rule
    assert ["info[GA910]" in line for line in out] == [True]
    wrong = lay_out(tmp_path / "wrong", comment.replace("XX001", "XX002") + QUIET)
    assert audit(capsys, wrong, *rules, *only)[0] == 1


def test_nothing_in_the_audited_tree_is_ever_run(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "system", QUIET)
    mark = tmp_path / "was-run"
    bad = f"open({str(mark)!r}, 'w').close()\n" + rule_text()
    for place in ("", "rules", "etc/httpd", "etc/httpd/rules", "own-rules", ".glance-audit"):
        for stem in ("xx001_own", "ga001_own", "conftest", "sitecustomize"):
            rules_dir(root / place, **{stem: bad})
    comment = "# glance-audit: rules-dir=rules\n"
    conf = root / "etc/httpd/conf/httpd.conf"
    conf.write_text(comment + conf.read_text())
    code = "import sys; sys.path.remove(''); from glance_audit.cli.main import main; main(['.'])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert "Deployment" in done.stdout
    assert "XX001" not in done.stdout
    assert not mark.exists()


def test_what_loads_them_is_imported_with_the_option_alone(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "system", QUIET)
    path = rules_dir(tmp_path / "own", xx001_own=rule_text())
    code = "import sys\nfrom glance_audit.cli.main import main\nmain(sys.argv[1:])\n"
    code += "print('\\n'.join(sys.modules), file=sys.stderr)"
    for options, there in (((), False), (("--rules-dir", str(path)), True)):
        command = [sys.executable, "-c", code, *options, str(root)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        names = done.stderr.split("\n")
        assert ("glance_audit.audit.own_rules" in names) is there
