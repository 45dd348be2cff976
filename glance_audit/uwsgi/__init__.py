"""uWSGI's configuration as uWSGI resolves it, with the place of every option."""

from glance_audit.uwsgi.address import SocketAddress, parse_socket
from glance_audit.uwsgi.config import UwsgiConfig
from glance_audit.uwsgi.facts import HostFacts
from glance_audit.uwsgi.option import Option
from glance_audit.uwsgi.options import OptionFact, OptionTable, load_options
from glance_audit.uwsgi.recognise import is_uwsgi_ini
from glance_audit.uwsgi.resolve import resolve
from glance_audit.uwsgi.values import atoi, is_true

__all__ = [
    "HostFacts",
    "Option",
    "OptionFact",
    "OptionTable",
    "SocketAddress",
    "UwsgiConfig",
    "atoi",
    "is_true",
    "is_uwsgi_ini",
    "load_options",
    "parse_socket",
    "resolve",
]
