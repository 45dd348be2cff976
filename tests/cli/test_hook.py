"""``hook``: the deployments that changed files belong to, as pre-commit asks for them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from glance_audit.cli.main import main
from tests.cli.deployments import QUIET, SHARED, UWSGI, lay_out

ROOT = Path(__file__).resolve().parents[2]
CLEAN = UWSGI.replace("socket-timeout", "buffer-size = 65536\nsocket-timeout")
SITE = "hosts/a/etc/httpd/conf/httpd.conf"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    lay_out(tmp_path / "hosts/a", SHARED)
    lay_out(tmp_path / "hosts/b", QUIET, CLEAN)
    (tmp_path / "README.md").write_text("words\n")
    return tmp_path


def test_each_deployment_is_audited_once_and_its_lines_lead_to_the_files(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [SITE, "hosts/a/etc/glance/glance-uwsgi.ini", "hosts/b/etc/httpd/conf/httpd.conf"]
    assert main(["hook", "--select", "GA201", *files]) == 1
    found, advice = capsys.readouterr().out.splitlines()
    assert found.startswith(f"{SITE}:5:5: error GA201 proxy-sendcl, set for <VirtualHost *:80>, ")
    assert advice == "`glance-audit explain CODE` tells why, and what to do"


@pytest.mark.parametrize("file", ["README.md", "hosts/b/etc/httpd/conf/httpd.conf"])
def test_nothing_is_said_where_nothing_is_found(
    here: Path, capsys: pytest.CaptureFixture[str], file: str
) -> None:
    assert main(["hook", "--severity", "warning", file]) == 0
    assert capsys.readouterr() == ("", "")


def test_without_files_nothing_is_audited(here: Path) -> None:
    assert main(["hook"]) == 0


def test_the_worst_status_counts(here: Path) -> None:
    (here / "hosts/b/etc/httpd/conf/httpd.conf").write_text("<VirtualHost *:80>\n")
    files = ["hosts/b/etc/httpd/conf/httpd.conf", SITE]
    assert main(["hook", *files]) == 3
    assert main(["hook", *files[::-1]]) == 3


def test_a_file_that_is_not_there_is_refused(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hook", "gone.conf"]) == 2
    assert capsys.readouterr().err == (
        "glance-audit: gone.conf: does not exist; name the files that have changed\n"
    )


def test_what_one_deployment_refuses_does_not_hide_another(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hook", "--baseline", "none.json", SITE]) == 2
    assert "--baseline none.json: no such file" in capsys.readouterr().err


def test_a_format_may_be_chosen(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hook", "--format", "github", "--select", "GA201", SITE]) == 1
    assert capsys.readouterr().out.startswith(f"::error file={SITE},line=5,")


def test_reports_of_two_deployments_follow_one_another(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hook", "--format", "jsonl", SITE, SITE.replace("/a/", "/b/")]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["type"] for line in lines].count("summary") == 2


def test_a_format_that_holds_one_deployment_is_not_offered(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hook", "--format", "json", SITE]) == 2
    assert "--format: invalid choice: 'json'" in capsys.readouterr().err
    (here / "glance-audit.toml").write_text('format = "sarif"\n')
    assert main(["hook", "--select", "GA201", SITE]) == 1
    assert capsys.readouterr().out.startswith(f"{SITE}:5:5: error GA201 ")


def test_the_settings_say_what_is_audited(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "glance-audit.toml").write_text('paths = ["hosts/a"]\nselect = ["GA201"]\n')
    assert main(["hook", "hosts/b/etc/httpd/conf/httpd.conf", "README.md"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["hook", "hosts/a/etc/glance/glance-uwsgi.ini"]) == 1
    assert capsys.readouterr().out.startswith(f"{SITE}:5:5: error GA201 ")


def test_paths_of_the_settings_below_a_root_are_found(here: Path) -> None:
    (here / "glance-audit.toml").write_text('paths = ["/etc/httpd"]\nroot = "hosts/a"\n')
    assert main(["hook", "hosts/b/etc/httpd/conf/httpd.conf"]) == 0
    assert main(["hook", SITE]) == 1


def test_without_paths_the_root_is_audited_when_a_file_below_it_has_changed(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hook", "--root", "hosts/a", "--select", "GA201", SITE]) == 1
    assert capsys.readouterr().out.startswith(f"{SITE}:5:5: error GA201 ")
    (here / "glance-audit.toml").write_text('root = "hosts/a"\nselect = ["GA201"]\n')
    assert main(["hook", "hosts/b/etc/httpd/conf/httpd.conf"]) == 0
    assert main(["hook", "hosts/a/etc/glance/glance-uwsgi.ini"]) == 1


def test_changed_settings_are_a_reason_to_audit_what_they_name(here: Path) -> None:
    settings = here / "glance-audit.toml"
    settings.write_text('paths = ["hosts/a"]\n')
    assert main(["hook", settings.name]) == 1
    settings.write_text('paths = ["hosts/a"]\nfail-on = "never"\n')
    assert main(["hook", settings.name]) == 0


def test_settings_that_name_what_holds_nothing_are_told(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "glance-audit.toml").write_text('paths = ["empty"]\n')
    (here / "empty").mkdir()
    (here / "empty/x.txt").write_text("")
    assert main(["hook", "empty/x.txt"]) == 4
    assert "glance-audit.toml:1: empty: no Apache, " in capsys.readouterr().err


def test_a_server_outside_of_the_usual_places_of_its_system_is_audited(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "etc/glance").mkdir(parents=True)
    (here / "etc/glance/glance-api.conf").write_text("[DEFAULT]\n")
    (here / "deploy").mkdir()
    (here / "hosts/a/etc/httpd").rename(here / "deploy/web")
    assert main(["hook", "--select", "GA201", "deploy/web/conf/httpd.conf"]) == 1
    assert capsys.readouterr().out.startswith("deploy/web/conf/httpd.conf:5:5: error GA201 ")


def test_a_refusal_does_not_take_the_word_for_a_mistake(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hook", "--rules-dir", "none", SITE]) == 2
    assert capsys.readouterr().err == "glance-audit: --rules-dir: none: no such file or directory\n"


def test_reports_that_the_settings_write_to_files_are_not_written_over_each_other(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "glance-audit.toml").write_text('format = "sarif"\noutput = "all.sarif"\n')
    assert main(["hook", SITE]) == 1
    assert not (here / "all.sarif").exists()
    assert ": error GA201 " in capsys.readouterr().out


STARTS = """\
apache2/ports.conf apache2/envvars hosts/a/etc/apache2/sites-enabled/glance etc/httpd/conf.d/x.conf
etc/httpd/conf/magic etc/fstab hosts/a/etc/fstab etc/sysconfig/httpd etc/default/uwsgi
etc/systemd/system/glance-api.service etc/systemd/system/glance.service.d/env.conf tmp.mount
etc/uwsgi/apps-enabled/glance.ini uwsgi.yaml files/glance-uwsgi.json glance.xml mods-enabled/a.load
config/glance-api/wsgi-glance.conf image.vhost etc/glance/glance-api.conf
site.conf glance-audit.toml"""
STARTS_NOTHING = """\
README.md src/main.py docs/glance.md package.json deploy.yaml .github/workflows/ci.yml fstab.md
images/glance.png default/uwsgi Makefile charts/values.yaml"""


@pytest.mark.parametrize(
    ("names", "starts"), [(STARTS.split(), True), (STARTS_NOTHING.split(), False)]
)
def test_the_names_of_changed_files_decide_whether_the_hook_starts(
    names: list[str], *, starts: bool
) -> None:
    hook = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())[0]
    assert [name for name in names if bool(re.search(hook["files"], name)) is not starts] == []


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    own = {"PRE_COMMIT_HOME": str(cwd.parent / "cache"), "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **own}, capture_output=True, text=True, check=False
    )


def git(*arguments: str, cwd: Path) -> str:
    said = ("-c", "user.name=n", "-c", "user.email=n@example.com", "-c", "init.defaultBranch=main")
    done = run("git", *said, *arguments, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def published(directory: Path) -> str:
    """Commit this project as it lies here to a repository, and return the commit."""
    listed = git("ls-files", "-co", "--exclude-standard", "-z", cwd=ROOT).split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, directory / name)
    git("init", "-q", cwd=directory)
    git("add", "-A", cwd=directory)
    git("commit", "-qm", "as it is", cwd=directory)
    return git("rev-parse", "HEAD", cwd=directory)


@pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="pre-commit installs from a repository, and this is none"
)
def test_pre_commit_installs_and_runs_it(tmp_path: Path) -> None:
    hooks, user = tmp_path / "hooks", tmp_path / "user"
    hooks.mkdir()
    revision = published(hooks)
    lay_out(user, SHARED, CLEAN)
    (user / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hooks}\n  rev: {revision}\n  hooks:\n"
        "  - id: glance-audit\n    args: [--severity, error, --glance-release, '2025.2']\n"
    )
    git("init", "-q", cwd=user)
    git("add", "-A", cwd=user)

    def commit() -> subprocess.CompletedProcess[str]:
        return run(sys.executable, "-m", "pre_commit", "run", "--color", "never", cwd=user)

    refused = commit()
    assert refused.returncode == 1, refused.stdout + refused.stderr
    assert "\netc/httpd/conf/httpd.conf:5:5: error GA201 proxy-sendcl, set for " in refused.stdout

    (user / "etc/httpd/conf/httpd.conf").write_text(QUIET)
    git("add", "-A", cwd=user)
    passed = commit()
    assert passed.returncode == 0, passed.stdout
    assert "glance-audit...." in passed.stdout
    assert "Passed" in passed.stdout

    git("commit", "-qm", "a deployment", cwd=user)
    (user / "README.md").write_text("words\n")
    git("add", "-A", cwd=user)
    assert "(no files to check)Skipped" in commit().stdout

    git("commit", "-qm", "words", cwd=user)
    # What a2ensite does is a link, and nothing else.
    debian = user / "etc/apache2"
    (debian / "sites-enabled").mkdir(parents=True)
    (debian / "apache2.conf").write_text("IncludeOptional sites-enabled/*.conf\n")
    (debian / "image.conf").write_text(SHARED)
    git("add", "-A", cwd=user)
    assert "Passed" in commit().stdout
    git("commit", "-qm", "a site that is not enabled", cwd=user)
    (debian / "sites-enabled/image.conf").symlink_to("../image.conf")
    git("add", "-A", cwd=user)
    enabled = commit()
    assert enabled.returncode == 1, enabled.stdout
    assert "\netc/apache2/sites-enabled/image.conf:5:5: error GA201 " in enabled.stdout
