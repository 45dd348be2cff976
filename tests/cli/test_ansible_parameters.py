"""The Ansible module has the options of the command line."""

from __future__ import annotations

from glance_audit.cli.parser import make_parser
from tests.integrations.parameters import (
    EVERYTHING,
    NOT_PARAMETERS,
    OWN_PARAMETERS,
    argument_spec,
)


def test_every_option_of_an_audit_is_a_parameter_or_has_a_reason_not_to_be() -> None:
    options = {action.dest for action in make_parser("check")._actions}

    assert set(EVERYTHING) & set(NOT_PARAMETERS) == set()
    assert set(EVERYTHING) | set(NOT_PARAMETERS) == options
    assert set(argument_spec()) == set(EVERYTHING) | OWN_PARAMETERS


def test_the_choices_of_a_parameter_are_those_of_the_option() -> None:
    spec = argument_spec()
    for action in make_parser("check")._actions:
        if action.dest in spec:
            assert spec[action.dest].get("choices") == (
                None if action.choices is None else list(action.choices)
            ), action.dest
