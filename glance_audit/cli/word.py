"""The word in front: what a command line asks for."""

from __future__ import annotations

from collections.abc import Sequence

WORDS = {
    "check": "audit a deployment (the default)",
    "hook": "audit the deployments that changed files belong to",
    "baseline": "write down what is found, so that what is new stands out",
    "merge": "make one report of those of many hosts",
    "explain": "tell what a rule looks for, why, and what was measured",
    "rules": "list the rules",
    "show": "draw the deployment: the routes to Glance and what is behind them",
    "resolve": "print a configuration as Apache or uWSGI itself resolves it",
    "schema": "print the JSON schema of a report, or of the settings",
    "completion": "print what bash, zsh or fish needs to complete this command line",
}
DEFAULT = "check"

# The options that take the next argument as their value; a test compares with the parsers.
VALUED = frozenset(
    (
        *("--root", "--stdin-filename", "-D", "--envvars", "--env", "--cwd"),
        *("--glance-release", "--httpd-version", "--uwsgi-version", "--python-version"),
        *("--largest-image", "--concurrent-uploads", "--tmpdir-size"),
        *("--buffering-floor", "--streaming-floor", "--gateway-floor", "--mercy-floor"),
        "--header-floor",
        *("--baseline", "--glance-route"),
        *(
            "--select",
            "--extend-select",
            "--ignore",
            "--severity",
            "--confidence",
            "--fail-on",
            "--today",
        ),
        *("--rules-dir", "--config"),
        *("--format", "--output", "-o", "--color", "--width"),
    )
)


def split_word(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """Return the word and the other arguments.

    The word is the first argument that is neither an option nor an option's value; when that is
    no word (``./check`` is none) the audit is asked for.
    """
    position = 0
    while position < len(arguments):
        argument = arguments[position]
        if argument in VALUED:
            position += 2
        elif argument == "--" or not argument.startswith("-") or argument == "-":
            break
        else:
            position += 1
    if position < len(arguments) and arguments[position] in WORDS:
        return arguments[position], [*arguments[:position], *arguments[position + 1 :]]
    return DEFAULT, list(arguments)
