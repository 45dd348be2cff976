"""Building the deployment from what was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from glance_audit.apache import ApacheConfig, Directive
from glance_audit.deployment.answers import Answers
from glance_audit.deployment.available_site import AvailableSite, available_sites, link_of
from glance_audit.deployment.collect import ApacheInput, Inputs, UwsgiInput
from glance_audit.deployment.config_directory import apache_directory, uwsgi_directory
from glance_audit.deployment.detect import redhat_family, uwsgi_build
from glance_audit.deployment.endpoints import find_endpoints
from glance_audit.deployment.entry_point import entry_points
from glance_audit.deployment.environment import (
    Settings,
    buffering_of,
    find_settings,
)
from glance_audit.deployment.expectation import DIRECTIVE as PROXY_100_CONTINUE
from glance_audit.deployment.expectation import expectation
from glance_audit.deployment.file_marks import find_marks
from glance_audit.deployment.glance_service import GlanceService, glance_services
from glance_audit.deployment.input_filter import DIRECTIVE, with_filters
from glance_audit.deployment.instance import UwsgiInstance, applications_of, listeners_of
from glance_audit.deployment.model import (
    ApacheServer,
    Deployment,
    Expectations,
    Versions,
    VirtualHost,
    position,
)
from glance_audit.deployment.open_variable import open_variables
from glance_audit.deployment.per_directory import PerDirectory
from glance_audit.deployment.plugin_files import plugin_files
from glance_audit.deployment.python_mode import uwsgi_python, wsgi_python
from glance_audit.deployment.recognise import (
    match_backends,
    recognise,
    recognise_by_surroundings,
)
from glance_audit.deployment.rewrite import Rewriting
from glance_audit.deployment.room import RoomFinder
from glance_audit.deployment.route import NOT_PASSED, Endpoint, Route
from glance_audit.deployment.runtime import glance_uwsgis
from glance_audit.deployment.spool import VARIABLES, Spool, Wish, choose_spool
from glance_audit.deployment.target import Gateway
from glance_audit.deployment.timers import Timers
from glance_audit.deployment.uses import affordable, environment_uses
from glance_audit.files import FileSource, Place
from glance_audit.storage import Mount
from glance_audit.storage.mount import tmpfs_of
from glance_audit.systemd import Unit

MAIN_SERVER = "the main server"


def build(
    source: FileSource,
    inputs: Inputs,
    versions: Versions,
    expectations: Expectations,
    rooms: RoomFinder,
) -> Deployment:
    """Match routes to backends, settings to routes, and servers to their spool."""
    instances = tuple(_instance(source, one) for one in inputs.uwsgis)
    servers = tuple(
        _whole_server(source, one, instances, rooms, expectations.glance_routes)
        for one in inputs.apaches
    )
    problems = [*inputs.problems]
    for apache in inputs.apaches:
        problems += apache.config.problems
        problems += apache.environment.problems if apache.environment is not None else ()
        problems += apache.unit.problems if apache.unit is not None else ()
    for uwsgi in inputs.uwsgis:
        problems += uwsgi.config.problems
        problems += uwsgi.unit.problems if uwsgi.unit is not None else ()
    spools = tuple(
        (one, _uwsgi_spool(one, rooms)) for one in instances if one.post_buffering is not None
    )
    deployment = Deployment(
        servers, instances, (), versions, expectations, (), spools,
        find_marks(
            source,
            (file for apache in inputs.apaches for file in apache.config.files),
            (file for uwsgi in inputs.uwsgis for file in uwsgi.config.files),
        ),
        entry_points(source, instances, (r for server in servers for r in server.glance_routes)),
        inputs.units,
    )  # fmt: skip
    services = _services(inputs, deployment)
    problems += [problem for service in services for problem in service.problems]
    problems += [problem for server in servers for problem in server.problems]
    return deployment._replace(services=services, problems=tuple(dict.fromkeys(problems)))


def _services(inputs: Inputs, deployment: Deployment) -> tuple[GlanceService, ...]:
    return glance_services(
        inputs.glances,
        [(one, uwsgi_directory(one.config, one.unit)) for one in glance_uwsgis(deployment)],
        [
            (route, apache_directory(apache))
            for apache, server in zip(inputs.apaches, deployment.servers, strict=True)
            for route in server.glance_routes
            if route.gateway is Gateway.MOD_WSGI
        ],
        deployment.versions.holds(since="api-drop-ins-under-wsgi"),
    )


def _instance(source: FileSource, one: UwsgiInput) -> UwsgiInstance:
    return UwsgiInstance(
        one.config,
        listeners_of(one.config),
        applications_of(one.config, source),
        uwsgi_python(one.config, source),
        uwsgi_build(source, one.unit),
        one.unit,
        plugin_files(source, one.config),
        redhat_family(source),
    )


def _whole_server(
    source: FileSource,
    apache: ApacheInput,
    instances: tuple[UwsgiInstance, ...],
    rooms: RoomFinder,
    stated: frozenset[str],
) -> ApacheServer:
    """Return the server; where it serves no Glance, with the routes that nothing enables."""
    server = _server(source, apache, instances, rooms, stated)
    if any(route.glance for route in server.routes):
        return server
    sites = []
    for one in available_sites(source, apache):
        file, routes = (
            one.config.main_file,
            _server(source, one, instances, rooms, stated).glance_routes,
        )
        if routes:
            sites.append(AvailableSite(file, routes, link_of(source, file)))
    return server._replace(available=tuple(sites))


def _server(
    source: FileSource,
    apache: ApacheInput,
    instances: tuple[UwsgiInstance, ...],
    rooms: RoomFinder,
    stated: frozenset[str],
) -> ApacheServer:
    config = apache.config
    passed = (
        frozenset(apache.environment.values()) if apache.environment is not None else frozenset()
    )
    rewriting = Rewriting(config.all)
    endpoints = find_endpoints(config, rewriting)
    settings, left_out = affordable(find_settings(config.all, passed, rewriting), endpoints)
    sections: list[Directive | None] = [None, *config.all.of("virtualhost")]
    names = {id(section): host_name(section) for section in sections}
    routes = _routes(source, config, endpoints, settings, instances, names, stated)
    by_host: dict[int, list[Route]] = {}
    for route in routes:
        by_host.setdefault(id(route.endpoint.host), []).append(route)
    hosts = tuple(
        VirtualHost(
            names[id(section)],
            section,
            section.place if section is not None else Place(config.main_file),
            tuple(by_host.get(id(section), ())),
        )
        for section in sections
        if section is not None or id(None) in by_host
    )
    daemons = config.all.of("wsgidaemonprocess")
    ordered = tuple(route for host in hosts for route in host.routes)
    return ApacheServer(
        config,
        apache.family,
        hosts,
        ordered,
        tuple(route for route in ordered if route.uploads),
        environment_uses(settings, routes, by_host),
        _apache_spool(apache, rooms),
        wsgi_python(config, next((d for d in daemons if "glance" in d.args), None), source),
        left_out,
        open_variables(apache),
    )


def _routes(
    source: FileSource,
    config: ApacheConfig,
    endpoints: Sequence[Endpoint],
    settings: Settings,
    instances: tuple[UwsgiInstance, ...],
    names: Mapping[int, str],
    stated: frozenset[str],
) -> tuple[Route, ...]:
    alone = _Alone(endpoints)
    timers = Timers(config)
    filters = PerDirectory(config.all, DIRECTIVE)
    continues = PerDirectory(config.all, PROXY_100_CONTINUE)
    backends = [match_backends(endpoint, instances) for endpoint in endpoints]
    verdicts = [
        recognise(endpoint, behind, source, stated)
        for endpoint, behind in zip(endpoints, backends, strict=True)
    ]
    # A name around a route says nothing where another one there is Glance's by itself.
    told = {id(e.host) for e, (glance, _) in zip(endpoints, verdicts, strict=True) if glance}
    verdicts = [
        recognise_by_surroundings(endpoint, alone)
        if not glance and not why and id(endpoint.host) not in told
        else (glance, why)
        for endpoint, (glance, why) in zip(endpoints, verdicts, strict=True)
    ]
    asked = [e.host for e, (glance, _) in zip(endpoints, verdicts, strict=True) if glance]
    answers = Answers(config, asked) if asked else None
    routes = []
    for endpoint, behind, (glance, why) in zip(endpoints, backends, verdicts, strict=True):
        if endpoint.misdirected and not glance:
            continue
        name = names[id(endpoint.host)]
        buffering, expect, shadow = buffering_of(settings, endpoint), NOT_PASSED, None
        if glance and answers is not None:
            shadow = answers.shadow_of(endpoint)
            buffering = with_filters(buffering, settings, filters, endpoint)
            expect = expectation(continues, settings, endpoint)
        routes.append(
            Route(
                endpoint,
                name,
                glance,
                why,
                behind,
                buffering,
                timers.of(endpoint),
                timers.body_cap(endpoint),
                expect,
                shadow,
            )
        )
    return tuple(routes)


class _Alone:
    """Whether an endpoint's directive is the only one of the kind in its file."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._endpoints = endpoints
        self._in_file: Counter[str] | None = None  # counted when first asked for

    def __call__(self, endpoint: Endpoint) -> bool:
        if self._in_file is None:
            places = {position(one.directive) for one in self._endpoints}
            self._in_file = Counter(place[0] for place in places)
        return self._in_file[endpoint.directive.file] == 1


def host_name(section: Directive | None) -> str:
    """Name a virtual host by its section and its ServerName."""
    if section is None:
        return MAIN_SERVER
    server_name = next(
        (d.first_word for d in section.children if d.key == "servername" and d.args), ""
    )
    title = f"<VirtualHost {section.args}>"
    return f"{title} ({server_name})" if server_name else title


def _apache_spool(apache: ApacheInput, rooms: RoomFinder) -> Spool:
    """Debian's apachectl reads envvars after systemd has set the unit's environment."""
    wishes: dict[str, Wish] = {}
    if apache.unit is not None:
        for variable in apache.unit.environment:
            if variable.name in VARIABLES and variable.value is not None:
                wishes[variable.name] = Wish(variable.name, variable.value, variable.place)
    if apache.environment is not None:
        for name in VARIABLES:
            found = apache.environment.get(name)
            if found is not None and found.exported and found.value is not None:
                wishes[name] = Wish(name, found.value, found.place)
    private = apache.unit.private_tmp if apache.unit is not None else None
    own = _own_mounts(apache.unit)
    user = next(
        (d.words[0].text for d in apache.config.directives if d.key == "user" and d.words), None
    )
    return choose_spool(
        [wishes[name] for name in VARIABLES if name in wishes],
        lambda path: rooms.facts(path, user),
        lambda path: rooms.room(path, own),
        private.place if private is not None and private.value.lower() in _YES else None,
        absolute=True,
    )


def _own_mounts(unit: Unit | None) -> tuple[Mount, ...]:
    """The file systems that a unit mounts for itself."""
    if unit is None:
        return ()
    return tuple(tmpfs_of(t.where, t.options, t.place) for t in unit.temporary_file_systems)


_YES = ("yes", "true", "1", "on")


def _uwsgi_spool(instance: UwsgiInstance, rooms: RoomFinder) -> Spool:
    """uWSGI reads TMPDIR alone; ``env = TMPDIR=`` wins over the unit (measured: D3)."""
    wish: Wish | None = None
    if instance.unit is not None:
        for variable in instance.unit.environment:
            if variable.name == "TMPDIR" and variable.value is not None:
                wish = Wish("TMPDIR", variable.value, variable.place)
    for option in instance.config.all("env"):
        name, equals, value = option.value.partition("=")
        if name == "TMPDIR" and equals:
            wish = Wish("TMPDIR", value, option.value_place)
    private = instance.unit.private_tmp if instance.unit is not None else None
    own = _own_mounts(instance.unit)
    uid = instance.config.last("uid")
    return choose_spool(
        [wish] if wish is not None else [],
        lambda path: rooms.facts(path, uid.value if uid is not None else None),
        lambda path: rooms.room(path, own),
        private.place if private is not None and private.value.lower() in _YES else None,
    )
