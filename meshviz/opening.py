"""From settings to the source that they describe."""

import functools

from graph.core.health import DEFAULT_RULES
from graph.core.rules import MeshRules
from graph.live.counters import Counters
from graph.live.desk import Desk, InThread, Studio
from graph.live.feeds import Pace
from graph.live.hub import Shares
from graph.live.parameters import Windows
from graph.live.rules import Rules
from graph.live.scaled.keys import Keys, prefix_for
from graph.live.scaled.links import connected, connected_for_loop
from graph.live.scaled.outlook import Outlook
from graph.live.scaled.stock import Stock
from graph.live.scaled.studio import Scaled
from graph.live.scaled.workshop import Workshop
from graph.sources import Access, Source, open_source
from graph.sources.recording import BadRecording
from meshviz import __version__, config, files
from meshviz.starting import Starter

# Where people sign in. An address is no person: a proxy, or a port-forward, is everybody's.
_VIEWERS_OF_USER = 50
_VIEWS_OF_USER = 16


def open_configured(wanted: config.Config) -> Source:
    """Return the source of these settings; nothing is asked of it yet. Raises ConfigError."""
    url = config.prometheus_address(wanted)
    try:
        return open_source(
            url,
            timeout_s=wanted.query_timeout,
            scrape_interval_s=wanted.scrape_interval,
            public_url=wanted.prometheus_public_url or url,
            access=access_of(wanted),
            matchers=wanted.selector or (),
            metrics=wanted.metrics,
            labels=wanted.labels,
        )
    except BadRecording as error:
        reason = f"{error.detail} {error.advice}".rstrip(" .")
        raise config.problem_with("prometheus_url", url, reason) from None


def rules_of(wanted: config.Config) -> Rules:
    """Return what these settings say about serving and polling."""
    windows = {config.compact(seconds): seconds for seconds in wanted.windows}
    return Rules(
        version=__version__,
        windows=Windows(windows, config.compact(wanted.window)),
        pace=Pace(wanted.interval, wanted.query_budget),
        query_timeout_s=wanted.query_timeout,
        max_views=wanted.max_views,
        max_viewers=wanted.max_viewers,
        shares=_shares(wanted),
        query_s_per_user=wanted.query_seconds_per_user,
        query_s=wanted.query_seconds,
        max_nodes=wanted.max_nodes,
        max_edges=wanted.max_edges,
        mesh=mesh_rules(wanted),
    )


def _shares(wanted: config.Config) -> Shares:
    """Return how much one user may take of what there is for all."""
    by_name = wanted.sign_in not in ("none", "anyone")
    return Shares(
        wanted.max_viewers_per_user or (_VIEWERS_OF_USER if by_name else None),
        wanted.max_views_per_user or (_VIEWS_OF_USER if by_name else None),
    )


def open_desk(wanted: config.Config, source: Source | None = None) -> Desk:
    """Return the desk that these settings describe; nothing is asked of anybody yet.

    ``source`` is theirs, if it is open already. Raises ConfigError.
    """
    source = source or open_configured(wanted)
    if wanted.redis_url is None:
        return Desk(source, rules_of(wanted))
    return Desk(source, rules_of(wanted), functools.partial(_scaled, wanted))


def _scaled(
    wanted: config.Config,
    source: Source,
    rules: Rules,
    epoch: str,
    in_thread: InThread,
    counters: Counters,
) -> Studio:
    redis = connected_for_loop(config.redis_address(wanted).text)
    outlook = Outlook(redis, Keys(prefix_of(wanted)), rules.max_views)
    return Scaled(source, rules, epoch, counters, outlook, Starter(wanted).start)


def open_workshop(wanted: config.Config) -> Workshop:
    """Return what a worker of these settings works with. Raises ConfigError."""
    stock = Stock(connected(config.redis_address(wanted).text), Keys(prefix_of(wanted)))
    return Workshop(open_configured(wanted), stock, rules_of(wanted), wanted.heartbeat_file)


def prefix_of(wanted: config.Config) -> str:
    """Return the prefix of all that Redis holds about this mesh, as these settings look at it."""
    headers = [pair for pair in wanted.prometheus_headers if pair[0].lower() != "authorization"]
    return prefix_for(
        wanted.prometheus_url,
        headers,
        wanted.prometheus_parameters,
        wanted.selector,
        sorted(wanted.metrics.items()),
        sorted(wanted.labels.items()),
        mesh_rules(wanted),
        wanted.max_nodes,
        wanted.max_edges,
    )


def access_of(wanted: config.Config) -> Access:
    """Return how Prometheus lets these settings in."""
    return Access(
        bearer_token=wanted.prometheus_token,
        bearer_token_file=wanted.prometheus_token_file,
        user=wanted.prometheus_user,
        password=wanted.prometheus_password,
        password_file=wanted.prometheus_password_file,
        ca_file=wanted.prometheus_ca_file,
        client_cert=wanted.prometheus_cert_file,
        client_key=wanted.prometheus_key_file,
        verify=wanted.prometheus_verify,
        headers=wanted.prometheus_headers,
        parameters=wanted.prometheus_parameters,
    )


def mesh_rules(wanted: config.Config) -> MeshRules:
    """Return what the operator decided about the mesh. Raises ValueError for a bad health file."""
    return MeshRules(
        waypoints=wanted.waypoints,
        gateways=wanted.gateways,
        groups=wanted.groups,
        health=files.health(wanted.health_file) if wanted.health_file else DEFAULT_RULES,
    )
