"""Settings files that are taken and refused, for the tests of both the program and its schema."""

from __future__ import annotations

# Every key but `minimum-version` and `reports`, in the order of the help.
EVERYTHING = """\
paths = ["etc/apache2", "/etc/glance"]
root = "."
defines = ["A", "B=1"]
envvars = "envvars"
glance-routes = ["/pictures"]
host = false
glance-release = "ussuri"
httpd-version = "2.4.62"
uwsgi-version = "2.0.31"
python-version = "3.11"
largest-image = "1.5TiB"
concurrent-uploads = 7
tmpdir-size = "20G"
buffering-floor = 11
streaming-floor = 0
gateway-floor = 12
mercy-floor = 13
header-floor = "8K"
select = ["GA201", "GA3"]
extend-select = ["GA910"]
ignore = ["GA301"]
preview = true
severity = "error"
confidence = "medium"
suppressions = false
rules-dirs = ["own"]
cross-check = true
fail-on = "never"
baseline = "known.json"
format = "sarif"
output = "report.sarif"
color = "always"
width = 120
verbose = 1
quiet = true
statistics = true
hyperlinks = false

[severities]
GA201 = "info"

[[overrides]]
paths = ["old-*.conf"]
ignore = ["GA201"]
reason = "goes away"
severities = { GA3 = "info" }
"""

# A file, and how the message begins, its line first.
REFUSED = [
    ('selct = ["GA1"]', "1: 'selct' is not known; did you mean 'select'?"),
    ('fail_on = "error"', "1: 'fail_on' is not known; did you mean 'fail-on'?"),
    ("zzz = 1", "1: 'zzz' is not known; there are paths, root, defines, "),
    ('today = "2027-01-31"', "1: today: belongs on the command line: written down, "),
    ('stdin-filename = "x"', "1: stdin-filename: belongs on the command line: "),
    ("\nglance-release = 33", '2: glance-release: write a text in quotes, such as "2025.2"'),
    ("python-version = 3.10", '1: python-version: write a text in quotes, such as "3.11"'),
    ('select = "GA1"', '1: select: write a list of texts, such as ["GA201"]'),
    ('select = ["GA1", 2]', '1: select[2]: write a list of texts, such as ["GA201"]'),
    ('width = "80"', "1: width: write a whole number, such as 1"),
    ("width = true", "1: width: write a whole number, such as 1"),
    ("quiet = 1", "1: quiet: write true or false"),
    ('fail-on = "erorr"', "1: fail-on: 'erorr' is not known; did you mean 'error'?"),
    ('format = "sarrif"', "1: format: 'sarrif' is not known; did you mean 'sarif'?"),
    ('root = ""', '1: root: write a text in quotes, such as "directory"'),
    ('output = "../x"', "1: output: lies outside the directory of these settings, "),
    ('output = "/etc/x"', "1: output: lies outside the directory of these settings, "),
    ('output = ".git/hooks/pre-commit"', "1: output: lies outside the directory of these "),
    (
        'output = "a/.envrc"',
        "1: output: lies outside the directory of these settings, or is ",
    ),
    ('rules-dirs = ["own"]', "1: rules-dirs: own rules are programs, and this file was merely "),
    ('minimum-version = "99"', "1: minimum-version: this is glance-audit "),
    ('new-key = 1\nminimum-version = "99"', "2: minimum-version: this is glance-audit "),
    ("minimum-version = 1.0", "1: minimum-version: write a version, such as "),
    ("severities = 1", "1: severities: write a table of rules, such as { GA201 = "),
    ('[severities]\nGA1 = "low"', '2: severities.GA1: write "error", "warning", "info"'),
    ("overrides = 1", "1: overrides: write tables under the heading [[overrides]]"),
    ("[overrides]\n", "1: overrides: write tables under the heading [[overrides]]"),
    ('[[overrides]]\nignore = ["GA1"]', "1: overrides[1]: name its files in `paths`"),
    ('[[overrides]]\npaths = ["a"]', "1: overrides[1]: has no effect: say `ignore` or "),
    (
        '[[overrides]]\npaths = ["a"]\nignore = ["GA1"]',
        "3: overrides[1].ignore: say in `reason` why it may stay",
    ),
    (
        '[[overrides]]\npaths = ["a"]\nselect = ["GA1"]',
        "3: 'select' is not known; there are paths, ignore, reason, severities",
    ),
    ('reports = ["sarif"]', "1: reports: write tables under the heading [[reports]]"),
    ('[[reports]]\noutput = "x"', '1: reports[1]: has no format, such as "sarif"'),
    ('[[reports]]\nformat = "x"', "2: reports[1].format: 'x' is not known; "),
    ('format = "rich"\n[[reports]]\nformat = "json"', "1: format: say it in [[reports]], "),
    ('[[reports]]\nformat = "json"\noutput = "/x"', "3: reports[1].output: lies outside "),
]
# Of these, what no schema can see: the version that runs, and what a found file may do.
BEYOND_A_SCHEMA = ("this is glance-audit", "lies outside", "own rules are programs")
