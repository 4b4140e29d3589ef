"""From settings to the source that they describe."""

from graph.core.health import DEFAULT_RULES
from graph.core.rules import MeshRules
from graph.sources import Access, Source, open_source
from graph.sources.recording import BadRecording
from meshviz import config, files


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
