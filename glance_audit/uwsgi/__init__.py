"""uWSGI's configuration as uWSGI resolves it, with the place of every option."""

from glance_audit.uwsgi.address import SocketAddress, parse_socket
from glance_audit.uwsgi.build import Build
from glance_audit.uwsgi.command_line import CommandLine, parse_command_line
from glance_audit.uwsgi.config import UwsgiConfig
from glance_audit.uwsgi.facts import HostFacts
from glance_audit.uwsgi.fault import UndefinedName
from glance_audit.uwsgi.glob import glob
from glance_audit.uwsgi.option import Option
from glance_audit.uwsgi.options import OptionFact, OptionTable, load_options
from glance_audit.uwsgi.recognise import UWSGI_ENDINGS, is_uwsgi_file, is_uwsgi_ini
from glance_audit.uwsgi.resolve import resolve, resolve_start
from glance_audit.uwsgi.start import Start, given, variable_options
from glance_audit.uwsgi.syntax import OPTION_FORMATS
from glance_audit.uwsgi.values import atoi, is_true

__all__ = [
    "OPTION_FORMATS",
    "UWSGI_ENDINGS",
    "Build",
    "CommandLine",
    "HostFacts",
    "Option",
    "OptionFact",
    "OptionTable",
    "SocketAddress",
    "Start",
    "UndefinedName",
    "UwsgiConfig",
    "atoi",
    "given",
    "glob",
    "is_true",
    "is_uwsgi_file",
    "is_uwsgi_ini",
    "load_options",
    "parse_command_line",
    "parse_socket",
    "resolve",
    "resolve_start",
    "variable_options",
]
