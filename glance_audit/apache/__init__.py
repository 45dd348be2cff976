"""Reading the configuration of Apache HTTPD as Apache itself does."""

from glance_audit.apache.commands import invalid_commands
from glance_audit.apache.config import ApacheConfig, Definition, Directives
from glance_audit.apache.directive import Directive, Reading, Word
from glance_audit.apache.layout import ServerLayout, find_layout
from glance_audit.apache.modules import LoadedModule, directive_names
from glance_audit.apache.raw import read_raw
from glance_audit.apache.remark import StrayFile, UndefinedVariable
from glance_audit.apache.resolve import resolve

__all__ = [
    "ApacheConfig",
    "Definition",
    "Directive",
    "Directives",
    "LoadedModule",
    "Reading",
    "ServerLayout",
    "StrayFile",
    "UndefinedVariable",
    "Word",
    "directive_names",
    "find_layout",
    "invalid_commands",
    "read_raw",
    "resolve",
]
