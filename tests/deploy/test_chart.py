"""What the chart makes of values, over every mode, sign-in and option."""

from pathlib import Path

import pytest

from meshviz.config import SETTINGS, load
from tests.deploy.chart import (
    CHART,
    Object,
    containers,
    deployments,
    environment,
    kinds,
    one,
    pods,
    render,
    rendered,
    rendered_anew,
)
from tests.deploy.matrix import (
    EXPOSED,
    MODES,
    OF_SCALED,
    OPTIONS,
    SIGN_INS,
    Values,
    cases,
    everything,
    merged,
)
from tests.deploy.mounted import as_in_a_pod
from tests.deploy.restricted import violations

pytestmark = pytest.mark.helm

CASES = cases()
SCALED = MODES["scaled"]
NAMES = {setting.name for setting in SETTINGS}


@pytest.fixture(params=CASES)
def objects(request: pytest.FixtureRequest) -> list[Object]:
    return render(CASES[request.param])


def test_pods_are_restricted(objects: list[Object]):
    for pod in pods(objects).values():
        assert list(violations(pod["spec"])) == []


def test_pods_have_no_token_and_no_links_to_services(objects: list[Object]):
    accounts = [it for it in objects if it["kind"] == "ServiceAccount"]

    assert all(it["automountServiceAccountToken"] is False for it in accounts)
    for pod in pods(objects).values():
        assert pod["spec"]["automountServiceAccountToken"] is False
        # A Service called meshviz would put MESHVIZ_PORT=tcp://... into the environment.
        assert pod["spec"]["enableServiceLinks"] is False
    assert not kinds(objects) & {"Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"}


def test_no_container_writes_its_root(objects: list[Object]):
    for container in containers(objects).values():
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["resources"]["limits"]["memory"]


def test_every_mount_has_its_volume(objects: list[Object]):
    for name, pod in pods(objects).items():
        volumes = [volume["name"] for volume in pod["spec"]["volumes"]]
        mounted = [it["name"] for it in containers(objects)[name]["volumeMounts"]]
        assert sorted(volumes) == sorted(mounted)
        assert len(set(volumes)) == len(volumes)


def test_every_file_that_a_setting_names_is_mounted(objects: list[Object]):
    for name, container in containers(objects).items():
        volumes = {it["name"]: it for it in pods(objects)[name]["spec"]["volumes"]}
        given = environment(container).values() if "env" in container else []
        for path in (value for value in given if value.startswith("/etc/meshviz/")):
            volume, _, key = path.removeprefix("/etc/meshviz/").partition("/")
            source = volumes[volume].get("secret") or volumes[volume]["configMap"]
            assert key in [item["key"] for item in source["items"]]


def test_meshviz_takes_the_settings(objects: list[Object], tmp_path: Path):
    for name, container in containers(objects).items():
        if name != "redis":
            given = as_in_a_pod(environment(container), objects, tmp_path)
            load(given, complete=True)


def test_selectors_find_their_pods_and_nobody_else(objects: list[Object]):
    labels = {name: pod["metadata"]["labels"] for name, pod in pods(objects).items()}
    for found in objects:
        selector = _selector(found)
        if selector:
            matching = [name for name, it in labels.items() if selector.items() <= it.items()]
            component = found["metadata"]["labels"]["app.kubernetes.io/component"]
            assert matching == [component], found["kind"]


def test_ports_that_are_called_are_there(objects: list[Object]):
    ports = {
        name: {port["name"] for port in container["ports"]}
        for name, container in containers(objects).items()
    }
    for found in (it for it in objects if it["kind"] == "Service"):
        component = found["metadata"]["labels"]["app.kubernetes.io/component"]
        assert {port["targetPort"] for port in found["spec"]["ports"]} == ports[component]
    for name, container in containers(objects).items():
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            asked = container.get(probe, {}).get("httpGet")
            assert asked is None or asked["port"] in ports[name]


def test_two_renderings_are_the_same():
    values = everything(SCALED)

    assert rendered_anew(values) == rendered(values)


def test_another_name_reaches_every_object():
    objects = render(everything(SCALED), name="east")

    assert all(found["metadata"]["name"].startswith("east-meshviz") for found in objects)


@pytest.mark.parametrize("sign_in", SIGN_INS)
def test_only_who_asks_for_a_name_or_says_anyone_listens_to_the_cluster(sign_in: str):
    objects = render(SIGN_INS[sign_in])
    given = environment(containers(objects)["server"])
    ports = [port["name"] for port in one(objects, "Service")["spec"]["ports"]]

    assert given["MESHVIZ_SIGN_IN"] == sign_in
    if sign_in == "none":
        assert given["MESHVIZ_HOST"] == "127.0.0.1"
        assert ports == ["http-ops"]
    else:
        assert given["MESHVIZ_HOST"] == "0.0.0.0"  # noqa: S104  # what a Service needs
        assert ports == ["http", "http-ops"]
        assert "meshviz.istio-system.svc" in given["MESHVIZ_ALLOWED_HOSTS"].split(",")


def test_scaled_mode_has_servers_workers_one_beat_and_a_redis():
    found = deployments(render(SCALED))

    assert sorted(found) == ["beat", "redis", "server", "worker"]
    assert found["beat"]["spec"]["replicas"] == 1
    assert found["beat"]["spec"]["strategy"] == {"type": "Recreate"}
    assert found["worker"]["spec"]["replicas"] == 2


def test_everybody_in_scaled_mode_has_the_settings_that_change_numbers():
    objects = render(merged(everything(SCALED), {"settings": {"MESHVIZ_SELECTOR": 'cluster="a"'}}))
    shared = ("MESHVIZ_PROMETHEUS_URL", "MESHVIZ_PROMETHEUS_HEADERS", "MESHVIZ_HEALTH_FILE")
    given = {name: environment(it) for name, it in containers(objects).items() if name != "redis"}

    for name in (*shared, "MESHVIZ_SELECTOR", "MESHVIZ_REDIS_URL"):
        assert len({it[name] for it in given.values()}) == 1, name


def test_credentials_reach_only_those_who_use_them():
    objects = render(everything(SCALED))
    volumes = {
        name: {volume["name"] for volume in pod["spec"]["volumes"]}
        for name, pod in pods(objects).items()
    }
    given = {name: environment(it) for name, it in containers(objects).items() if name != "redis"}

    assert {"secret-key", "oidc-client-secret"} <= volumes["server"]
    assert not {"secret-key", "oidc-client-secret", "access"} & volumes["worker"]
    assert not {"prometheus-password", "prometheus-certificate"} & volumes["beat"]
    assert [name for name, it in given.items() if "DATABASE_URL" in it] == ["server"]


def test_an_upgrade_to_scaled_mode_changes_nothing_that_cannot_be_changed():
    before, after = (deployments(render(values))["server"] for values in ({}, SCALED))

    assert before["metadata"]["name"] == after["metadata"]["name"]
    assert before["spec"]["selector"] == after["spec"]["selector"]


def test_what_may_be_interrupted_has_a_budget():
    many = merged(SCALED, OF_SCALED["replicas"])

    assert "PodDisruptionBudget" not in kinds(render({}))
    assert [it["metadata"]["name"] for it in _budgets(many)] == ["meshviz", "meshviz-worker"]
    assert [it["metadata"]["name"] for it in _budgets(SCALED)] == ["meshviz-worker"]


def test_an_autoscaler_is_not_overruled_by_the_deployment():
    objects = render(merged(SCALED, OF_SCALED["autoscaling"]))

    assert "replicas" not in deployments(objects)["server"]["spec"]
    assert one(objects, "HorizontalPodAutoscaler")["spec"]["minReplicas"] == 2


@pytest.mark.parametrize(
    ("given", "written"), [(None, "no such field"), ("", ""), ("gp3", "gp3")], ids=str
)
def test_storage_class_means_what_kubernetes_means(given: str | None, written: str):
    values = {"persistence": {"enabled": True, "storageClassName": given}}
    spec = one(render(values), "PersistentVolumeClaim")["spec"]

    assert spec.get("storageClassName", "no such field") == written


def test_an_sqlite_file_is_opened_by_one_pod_at_a_time():
    objects = render({"persistence": {"enabled": True}})

    given = environment(containers(objects)["server"])
    assert given["DATABASE_URL"] == "sqlite:////data/meshviz.sqlite3"
    assert deployments(objects)["server"]["spec"]["strategy"] == {"type": "Recreate"}


def test_a_claim_that_is_there_is_used():
    objects = render({"persistence": {"enabled": True, "existingClaim": "mine"}})

    assert "PersistentVolumeClaim" not in kinds(objects)
    (volume,) = (it for it in pods(objects)["server"]["spec"]["volumes"] if it["name"] == "data")
    assert volume["persistentVolumeClaim"]["claimName"] == "mine"


def test_no_volume_that_lasts_is_needed():
    for mode in MODES.values():
        for pod in pods(render(mode)).values():
            assert all("emptyDir" in volume for volume in pod["spec"]["volumes"])


@pytest.mark.parametrize("way", EXPOSED)
def test_names_of_the_way_in_are_believed(way: str):
    objects = render(merged(SIGN_INS["anyone"], EXPOSED[way]))
    given = environment(containers(objects)["server"])
    name = {"ingress": "a.example.com", "route": "b.example.com"}[way]

    assert name in given["MESHVIZ_ALLOWED_HOSTS"].split(",")
    assert given["MESHVIZ_EXTRA_ORIGINS"] == f"https://{name}"


def test_a_change_of_health_rules_starts_new_pods():
    sums = {
        pods(render(values))["server"]["metadata"]["annotations"]["checksum/health"]
        for values in ({}, OPTIONS["health"])
    }

    assert len(sums) == 2


def test_large_numbers_stay_numbers():
    given = environment(containers(render(OPTIONS["settings"]))["server"])

    assert given["MESHVIZ_MAX_VIEWERS"] == "100000"
    assert given["MESHVIZ_QUERY_BUDGET"] == "0.1"


def test_operations_port_does_without_mutual_tls():
    word = "traffic.sidecar.istio.io/excludeInboundPorts"

    assert pods(render({}))["server"]["metadata"]["annotations"][word] == "9100"
    assert word not in pods(render(OPTIONS["ambient"]))["server"]["metadata"]["annotations"]


def test_a_sidecar_is_asked_for_or_kept_out():
    label = "sidecar.istio.io/inject"
    found = {
        word: pods(render({"istio": {"sidecar": word}}))["server"]["metadata"]["labels"].get(label)
        for word in ("", "inject", "skip")
    }

    assert found == {"": None, "inject": "true", "skip": "false"}


def test_network_policies_let_in_whom_they_name():
    peers = [{"namespaceSelector": {"matchLabels": {"name": "gateway"}}}]
    values = {"networkPolicy": {"from": peers, "monitoringFrom": peers}}
    rules = one(render(merged(SIGN_INS["anyone"], values)), "NetworkPolicy")["spec"]["ingress"]

    assert [rule["from"] for rule in rules] == [peers, peers, [*peers, *peers]]
    assert [port["port"] for port in rules[0]["ports"]] == [8000]


GATEWAY, SCRAPER = ({"podSelector": {"matchLabels": {"is": it}}} for it in ("gateway", "scraper"))
EVERYBODY = [{"namespaceSelector": {}}]


@pytest.mark.parametrize(
    ("page", "scrapes", "istio", "tunnel"),
    [
        ([], [], {}, EVERYBODY),
        ([], [SCRAPER], {}, EVERYBODY),
        ([GATEWAY], [SCRAPER], {}, [GATEWAY, SCRAPER]),
        # Who may scrape only is not let to the page for that.
        ([GATEWAY], [], {}, [GATEWAY]),
        ([GATEWAY], [], {"authorizationPolicy": {"enabled": True}}, EVERYBODY),
    ],
)
def test_the_tunnel_of_an_ambient_mesh_is_no_way_round(
    page: list[Object], scrapes: list[Object], istio: Values, tunnel: list[Object]
):
    values = {"networkPolicy": {"from": page, "monitoringFrom": scrapes}, "istio": istio}
    for ambient in (True, False):  # a namespace may be in such a mesh by its own label
        objects = render(merged(SIGN_INS["anyone"], values, {"istio": {"ambient": ambient}}))
        rules = one(objects, "NetworkPolicy")["spec"]["ingress"]

        assert [rule["from"] for rule in rules if rule["ports"][0]["port"] == 15008] == [tunnel]


def test_a_page_that_nobody_reaches_has_scrapers_in_its_tunnel():
    values = {"networkPolicy": {"from": [GATEWAY], "monitoringFrom": [SCRAPER]}}
    rules = one(render(values), "NetworkPolicy")["spec"]["ingress"]

    assert [(rule["ports"][0]["port"], rule["from"]) for rule in rules] == [
        (9100, [SCRAPER]),
        (15008, [SCRAPER]),
    ]


def test_only_meshviz_reaches_its_redis():
    rules = one(render(SCALED), "NetworkPolicy", "meshviz-redis")["spec"]["ingress"]

    assert [rule["ports"][0]["port"] for rule in rules] == [6379, 15008]
    for rule in rules:
        labels = [it["podSelector"]["matchLabels"] for it in rule["from"]]
        found = {it["app.kubernetes.io/component"] for it in labels}
        assert found == {"server", "worker", "beat"}


@pytest.mark.parametrize(
    ("istio", "control", "tunnel", "redis"),
    [
        # By its namespace's labels it may be in either mesh.
        ({}, [15012], [15008], [53, 53, 15012]),
        ({"sidecar": "inject"}, [15012], [], [53, 53, 15012]),
        ({"sidecar": "skip"}, [], [15008], []),
        ({"ambient": True}, [], [15008], []),
    ],
)
def test_egress_is_dns_prometheus_redis_the_mesh_and_what_is_named(
    istio: Values, control: list[int], tunnel: list[int], redis: list[int]
):
    extra = [{"ports": [{"port": 5432, "protocol": "TCP"}]}]
    values = {"networkPolicy": {"egress": {"enabled": True, "extra": extra}}}
    objects = render(merged(SCALED, values, {"istio": istio}))
    ports = {
        name: [
            port["port"]
            for rule in one(objects, "NetworkPolicy", f"meshviz{suffix}")["spec"]["egress"]
            for port in rule["ports"]
        ]
        for name, suffix in {"server": "", "beat": "-beat", "redis": "-redis"}.items()
    }

    assert ports == {
        "server": [53, 53, *control, 9090, *tunnel, 6379, *tunnel, 5432],
        "beat": [53, 53, *control, 6379, *tunnel, 5432],
        "redis": redis,
    }


def test_every_setting_can_be_given():
    owned = set(_owned())
    rest = [setting for setting in SETTINGS if setting.name not in owned]
    values = {setting.name: setting.example for setting in rest}

    given = environment(containers(render({"settings": values}))["server"])

    assert values.items() <= given.items()
    assert owned <= NAMES


def _owned() -> list[str]:
    text = (CHART / "templates" / "_settings.tpl").read_text()
    block = text.partition('define "meshviz.owned"')[2].partition("{{- end }}")[0]
    return [line.partition(":")[0] for line in block.splitlines() if ": " in line]


def _budgets(values: dict[str, object]) -> list[Object]:
    return [it for it in render(values) if it["kind"] == "PodDisruptionBudget"]


def _selector(found: Object) -> dict[str, str]:
    spec = found.get("spec", {})
    match found["kind"]:
        case "Service":
            return spec["selector"]
        case "NetworkPolicy":
            return spec["podSelector"]["matchLabels"]
        case "Deployment" | "PodDisruptionBudget" | "AuthorizationPolicy":
            return spec["selector"]["matchLabels"]
    return {}
