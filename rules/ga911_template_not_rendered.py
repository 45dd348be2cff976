"""GA911 template-not-rendered."""

from __future__ import annotations

from collections.abc import Iterator

from glance_audit.deployment.model import Deployment
from glance_audit.engine.finding import Basis, Finding, Severity
from glance_audit.engine.rule import rule

LANGUAGES = {"Jinja": "Jinja", "Mustache": "Jinja or Mustache", "ERB": "ERB"}


@rule(
    "GA911",
    "template-not-rendered",
    severity=Severity.ERROR,
    basis=Basis.MEASURED,
)
def check(deployment: Deployment) -> Iterator[Finding]:
    """A file is still a template: nobody has put the values in.

    ## What it does

    Looks outside of comments for the marks of Jinja (`{{ x }}`, `{% if %}`), Mustache (`{{#x}}`)
    and ERB (`<%= x %>`) in the files of Apache and uWSGI. Faults of syntax in such a file (GA903)
    are not reported: they are those of the template.

    ## Why it matters

    What the server will read is not known, so that the audit of this file says nothing of it: the
    audit counts as incomplete. If the file lies on a server, a deployment broke off half-way, and
    the server refuses the file or takes the marks for text.

    ## Bad

    ```apache
    ProxyPass "/image" "http://{{ glance_host }}:{{ glance_port }}"
    ```

    ## Good

    ```apache
    ProxyPass "/image" "http://127.0.0.1:60999"
    ```

    ## Measured

    Apache 2.4.71 takes `ServerAdmin "{{ glance_admin }}"`, and the mark stands on the pages that it
    answers with. Neither server knows these marks; a line that begins with one is an "Invalid
    command" for Apache, and for uWSGI the name of an option that it does not know and passes over.

    ## References

    - Jinja, ERB and Mustache: their documentation of delimiters and tags.
    """
    for template in deployment.marks.templates:
        word = "mark" if template.marks == 1 else "marks"
        language = LANGUAGES[template.language]
        yield Finding(
            place=template.place,
            message=(
                f"the file is a template that was not rendered, with {template.marks} {word} of "
                f"{language}: what the server will read is not known"
            ),
            help="render it first, with the variables of a real host, and audit the result",
        )
