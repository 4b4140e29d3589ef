"""The table of settings: start-up, error messages, tests and docs/configuration.md all read it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graph.sources.naming_text import parse_selector
from meshviz import database, files, parsing, redis_url

PREFIX = "MESHVIZ_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable: how it is read and what to tell people about it.

    ``default`` is text like the variable itself; None means that `serve` needs a value. ``check``
    looks at what the value names, such as a file; it raises ValueError.
    """

    field: str
    parse: Callable[[str], Any]
    default: str | None
    accepted: str
    example: str
    help: str
    check: Callable[[Any], object] | None = None
    # Never shown, not even when it is wrong.
    is_secret: bool = False
    # Its whole name, where the world has one already.
    variable: str = ""

    @property
    def name(self) -> str:
        return self.variable or PREFIX + self.field.upper()


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "prometheus_url",
        parsing.source_url,
        None,
        "an http:// or https:// address without user name, query or fragment, or recording:FILE",
        "http://prometheus.istio-system:9090",
        "The Prometheus that scrapes the mesh, or a recording to play back. The only setting "
        "without a default.",
        check=files.source,
    ),
    Setting(
        "prometheus_public_url",
        parsing.optional(parsing.base_url),
        "",
        "an http:// or https:// address without user name, query or fragment",
        "https://prometheus.example.com",
        "Prometheus' address as browsers reach it, for links. Default: the address above.",
    ),
    Setting(
        "window",
        parsing.whole_seconds("10s", "24h"),
        "1m",
        "one of the durations in MESHVIZ_WINDOWS",
        "5m",
        "The look-back window shown first; rates are averages over it.",
    ),
    Setting(
        "windows",
        parsing.list_of(parsing.whole_seconds("10s", "24h"), at_least=1),
        "1m,5m,15m,1h",
        "durations from 10s to 24h, separated by commas, each once",
        "1m,5m,30m",
        "The look-back windows people may choose; no other is ever asked of Prometheus.",
    ),
    Setting(
        "interval",
        parsing.duration_between("1s", "60s"),
        "5s",
        "a duration from 1s to 60s",
        "10s",
        "How often Prometheus is asked. One poll serves every viewer.",
    ),
    Setting(
        "query_timeout",
        parsing.duration_between("100ms", "2m"),
        "10s",
        "a duration from 100ms to 2m",
        "20s",
        "How long one query may take before the tick counts as failed.",
    ),
    Setting(
        "query_budget",
        parsing.share,
        "0.25",
        "a number above 0, at most 1",
        "0.1",
        "The share of time that queries may keep Prometheus busy; ticks stretch to stay below.",
    ),
    Setting(
        "scrape_interval",
        parsing.duration_or_auto("1s", "10m"),
        "auto",
        "auto, or a duration from 1s to 10m",
        "15s",
        "How often Prometheus scrapes the proxies; auto finds out.",
    ),
    Setting(
        "prometheus_token",
        parsing.optional(parsing.secret),
        "",
        "one line of text",
        "eyJhbGciOi...",
        "A bearer token to send to Prometheus. A file is safer: environments are easily read.",
        is_secret=True,
    ),
    Setting(
        "prometheus_token_file",
        parsing.optional(parsing.path),
        "",
        "the path of a readable file with one line of text",
        "/var/run/secrets/kubernetes.io/serviceaccount/token",
        "A file with the bearer token; read again whenever it changes.",
        check=files.secret,
    ),
    Setting(
        "prometheus_user",
        parsing.optional(parsing.user_name),
        "",
        "a user name without colon",
        "meshviz",
        "The user for basic authentication; needs a password.",
    ),
    Setting(
        "prometheus_password",
        parsing.optional(parsing.secret),
        "",
        "one line of text",
        "correct-horse",
        "The password for basic authentication.",
        is_secret=True,
    ),
    Setting(
        "prometheus_password_file",
        parsing.optional(parsing.path),
        "",
        "the path of a readable file with one line of text",
        "/etc/meshviz/password",
        "A file with the password; read again whenever it changes.",
        check=files.secret,
    ),
    Setting(
        "prometheus_headers",
        parsing.headers,
        "",
        "NAME: VALUE, several separated by semicolons or lines",
        "X-Scope-OrgID: team-a",
        "Headers to send with every query, such as the tenant of Mimir or Cortex.",
        is_secret=True,
    ),
    Setting(
        "prometheus_parameters",
        parsing.url_parameters,
        "",
        "name=value, several separated by &, percent-encoded as in an address",
        "dedup=true&partial_response=false",
        "URL parameters to send with every query: Thanos' dedup and partial_response ...",
        is_secret=True,
    ),
    Setting(
        "prometheus_ca_file",
        parsing.optional(parsing.path),
        "",
        "the path of a readable file with PEM certificates",
        "/etc/meshviz/ca.pem",
        "Certificates to trust in place of the system's when Prometheus is asked by https.",
        check=files.certificates,
    ),
    Setting(
        "prometheus_cert_file",
        parsing.optional(parsing.path),
        "",
        "the path of a readable PEM file",
        "/etc/meshviz/client.pem",
        "The certificate that meshviz shows to Prometheus, with or without its key.",
        check=files.readable,
    ),
    Setting(
        "prometheus_key_file",
        parsing.optional(parsing.path),
        "",
        "the path of a readable PEM file",
        "/etc/meshviz/client-key.pem",
        "The key of that certificate, if it is in a file of its own.",
        check=files.readable,
    ),
    Setting(
        "prometheus_verify",
        parsing.yes_or_no,
        "true",
        "true or false",
        "false",
        "Whether Prometheus' certificate is verified. false is warned of as long as it is so.",
    ),
    Setting(
        "selector",
        parsing.optional(parse_selector),
        "",
        'matchers as in PromQL: label="value", also with !=, =~ and !~, separated by commas',
        'cluster="east",env!="dev"',
        "A selector for every query, for a Prometheus that holds more than one mesh.",
    ),
    Setting(
        "metrics",
        parsing.renamed_metrics,
        "",
        "ISTIO_NAME=YOUR_NAME or ISTIO_NAME=per_second(YOUR_NAME), separated by commas",
        "istio_requests_total=mesh:istio_requests_total",
        "Names of Istio's metrics where recording rules changed them; per_second(...) for series "
        "that are rates already.",
    ),
    Setting(
        "labels",
        parsing.renamed_labels,
        "",
        "ISTIO_NAME=YOUR_NAME, separated by commas",
        "source_workload=source.workload",
        "Names of Istio's labels where something changed them; any characters for Prometheus 3.",
    ),
    Setting(
        "waypoints",
        parsing.list_of(parsing.name_pattern),
        "",
        "patterns [namespace/]name, separated by commas; * is any text",
        "bookinfo/*-proxy",
        "Workloads that are waypoints although nothing in their labels says so.",
    ),
    Setting(
        "gateways",
        parsing.list_of(parsing.name_pattern),
        "",
        "patterns [namespace/]name, separated by commas; * is any text",
        "edge/envoy-*",
        "Workloads that are gateways although nothing in their names says so.",
    ),
    Setting(
        "groups",
        parsing.list_of(parsing.name_pattern),
        "",
        "patterns [namespace/]name, separated by commas; * is any text",
        "tenants/tenant-*",
        "Families of names (one service per tenant ...) that are drawn as one node each.",
    ),
    Setting(
        "health_file",
        parsing.optional(parsing.path),
        "",
        "the path of a readable YAML file as in docs/health.md",
        "/etc/meshviz/health.yaml",
        "What counts as healthy, where it differs from the defaults.",
        check=files.health,
    ),
    Setting(
        "database_url",
        database.parse,
        "",
        database.ACCEPTED,
        "postgres://meshviz:correct-horse@db.example.com:5432/meshviz?sslmode=verify-full",
        "Where to keep what people save. Default: an SQLite file, var/meshviz.sqlite3 beside "
        "manage.py. The graph needs no database.",
        check=database.usable,
        is_secret=True,
        variable="DATABASE_URL",
    ),
    Setting(
        "sign_in",
        parsing.one_of("none", "users"),
        "none",
        "none or users",
        "users",
        "Who may see anything: none lets in whoever reaches the port, users asks for a name and a "
        "password that the database knows.",
    ),
    Setting(
        "secret_key",
        parsing.optional(parsing.secret_key),
        "",
        "one line of 32 characters or more",
        "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9v",
        "What sign-ins are signed with; the same for every process, and nobody else's to know. "
        "Without it they end with the process.",
        is_secret=True,
    ),
    Setting(
        "secret_key_file",
        parsing.optional(parsing.path),
        "",
        "the path of a readable file with one line of 32 characters or more",
        "/etc/meshviz/secret-key",
        "A file with that key; read at the start.",
        check=files.secret_key,
    ),
    Setting(
        "host",
        parsing.bind_address,
        "127.0.0.1",
        "an address or host name to listen on",
        "0.0.0.0",  # noqa: S104  # an example in the documentation, not an address in use
        "Where to listen. 0.0.0.0 listens on every network interface.",
    ),
    Setting(
        "port",
        parsing.whole_between(0, 65535),
        "8000",
        "a whole number from 0 to 65535; 0 takes any free port",
        "8080",
        "The TCP port to listen on.",
    ),
    Setting(
        "operations_address",
        parsing.optional(parsing.host_and_port),
        "",
        "HOST:PORT, an IPv6 address in brackets; port 0 takes any free one",
        "0.0.0.0:9100",
        "Where /healthz, /readyz and /metrics are answered, and nothing else. Empty: servers "
        "answer them on the main port, workers and beat nowhere.",
    ),
    Setting(
        "drain",
        parsing.duration_between("0s", "5m"),
        "0s",
        "a duration from 0s to 5m",
        "5s",
        "How long a server that is told to end goes on serving, no longer ready, so that load "
        "balancers notice first.",
    ),
    Setting(
        "allowed_hosts",
        parsing.list_of(parsing.host),
        "",
        "host names without scheme and port, separated by commas; no wildcards",
        "meshviz.example.com,meshviz.istio-system.svc",
        "Names by which people reach meshviz, besides localhost, 127.0.0.1, [::1] and the "
        "address in MESHVIZ_HOST.",
    ),
    Setting(
        "extra_origins",
        parsing.list_of(parsing.origin),
        "",
        "origins (scheme://host[:port]) separated by commas",
        "https://meshviz.example.com",
        "Web origins that may open the websocket although they differ from the address that "
        "meshviz sees, as behind a proxy that ends TLS.",
    ),
    Setting(
        "max_views",
        parsing.whole_between(1, 10_000),
        "64",
        "a whole number from 1 to 10000",
        "200",
        "How many different pictures (window, graph type, namespaces) are kept live at a time.",
    ),
    Setting(
        "max_viewers",
        parsing.whole_between(1, 100_000),
        "2000",
        "a whole number from 1 to 100000",
        "500",
        "How many browsers may be connected at a time.",
    ),
    Setting(
        "max_nodes",
        parsing.whole_between(50, 20_000),
        "1500",
        "a whole number from 50 to 20000",
        "3000",
        "How many nodes one picture may have. Of a larger one the namespaces are shown, to be "
        "opened one by one.",
    ),
    Setting(
        "max_edges",
        parsing.whole_between(100, 100_000),
        "5000",
        "a whole number from 100 to 100000",
        "10000",
        "How many edges one picture may have, likewise.",
    ),
    Setting(
        "redis_url",
        redis_url.parse,
        "",
        redis_url.ACCEPTED,
        "redis://redis.istio-system:6379/0",
        "Switches to scaled mode: workers poll, any number of servers show what they tell through "
        "this Redis. Empty: this one process does it all.",
        is_secret=True,
    ),
    Setting(
        "heartbeat_file",
        parsing.optional(parsing.path),
        "",
        "the path of a file in a folder that can be written",
        "/tmp/meshviz-worker",  # noqa: S108  # an example in the documentation, not a file in use
        "A file that a worker touches whenever it takes up a task, for a probe of its age.",
        check=files.in_folder,
    ),
    Setting(
        "log_level",
        parsing.one_of("debug", "info", "warning", "error"),
        "info",
        "debug, info, warning or error",
        "debug",
        "How much is logged.",
    ),
    Setting(
        "log_format",
        parsing.one_of("text", "json"),
        "text",
        "text or json",
        "json",
        "How a line of the log looks: text for people, or one JSON object with a line for each "
        "request as well.",
    ),
)
