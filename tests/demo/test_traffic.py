"""One step of traffic: what follows from what."""

from pathlib import Path

import numpy as np
import pytest

from graph.demo.conditions import (
    Conditions,
    Delay,
    Effect,
    EffectError,
    Fail,
    Load,
    Plaintext,
    Slow,
    Split,
    under,
    usual,
)
from graph.demo.plan import Plan
from graph.demo.traffic import Requests, simulate_step
from tests.demo import meshes

SECONDS = 400.0


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return meshes.plan(tmp_path)


def _flow(plan: Plan, *effects: Effect, load: float = 1.0) -> Requests:
    conditions = under(plan, usual(plan, load), effects)
    return simulate_step(plan, conditions, np.random.default_rng(7), SECONDS)


def _to(plan: Plan, requests: Requests, service: str) -> Requests:
    return requests.take(np.flatnonzero(np.isin(requests.call, plan.calls_to(service))))


def test_roots_make_the_requests_they_should(plan: Plan) -> None:
    arrived = len(_to(plan, _flow(plan), "shop/front"))

    assert arrived == pytest.approx(50 * SECONDS, rel=0.03)


def test_load_multiplies_every_root(plan: Plan) -> None:
    arrived = len(_to(plan, _flow(plan, load=0.1), "shop/front"))

    assert arrived == pytest.approx(5 * SECONDS, rel=0.1)


def test_calls_follow_the_requests_that_were_served(plan: Plan) -> None:
    requests = _flow(plan)
    # A critical call that fails turns its caller's answer into an error, but was made; nothing
    # fails critically here, so every request to front makes one or two calls to back.
    front, back = _to(plan, requests, "shop/front"), _to(plan, requests, "shop/back")

    assert len(front) <= len(back) <= 2 * len(front)
    assert len(back) == pytest.approx(1.5 * len(front), rel=0.02)


def test_a_whole_fan_out_is_exact(plan: Plan) -> None:
    requests = _flow(plan)
    back = _to(plan, requests, "shop/back")
    v1 = int((back.workload == plan.workload_index["shop/back-v1"]).sum())

    assert len(_to(plan, requests, "shop/store")) == v1


def test_calls_leave_from_the_pod_that_served(plan: Plan) -> None:
    requests = _flow(plan)
    front = _to(plan, requests, "shop/front")
    back = _to(plan, requests, "shop/back")

    served, made = (np.bincount(pods) for pods in (front.pod, back.source_pod))
    assert set(np.flatnonzero(made)) == set(np.flatnonzero(served))
    assert all(plan.workload_of_pod[back.source_pod] == plan.workload_index["shop/front-v1"])


def test_split_sends_each_version_its_share(plan: Plan) -> None:
    back = _to(plan, _flow(plan), "shop/back")
    v2 = (back.workload == plan.workload_index["shop/back-v2"]).mean()

    assert v2 == pytest.approx(0.25, abs=0.02)


def test_split_effect_moves_traffic(plan: Plan) -> None:
    back = _to(plan, _flow(plan, Split("shop/back", (("shop/back-v2", 1.0),))), "shop/back")

    assert set(back.workload.tolist()) == {plan.workload_index["shop/back-v2"]}


def test_a_client_waits_longer_than_its_server_takes(plan: Plan) -> None:
    requests = _flow(plan)

    assert (requests.client_ms > requests.server_ms).all()


def test_a_server_takes_longer_than_the_calls_it_waits_for(plan: Plan) -> None:
    requests = _flow(plan)
    front, back = _to(plan, requests, "shop/front"), _to(plan, requests, "shop/back")
    outside = _to(plan, requests, "/pay.example.com")

    # Sums over all requests: every millisecond of a call is part of its caller's time.
    below = back.client_ms.sum() + outside.client_ms.sum()
    assert front.server_ms.sum() > below


def test_slowness_rises_through_every_caller(plan: Plan) -> None:
    requests = _flow(plan, Slow("shop/back-v1", 7000), Slow("shop/back-v2", 7000))

    for service in ("shop/front", "shop/back"):
        flow = _to(plan, requests, service)
        assert flow.server_ms.min() > 7000
        assert flow.client_ms.min() > 7000


def test_an_injected_delay_is_seen_by_the_client_alone(plan: Plan) -> None:
    requests = _flow(plan, Delay("shop/back", 1.0, 7000))
    back, front = _to(plan, requests, "shop/back"), _to(plan, requests, "shop/front")

    assert np.median(back.server_ms) < 1000 < 7000 < back.client_ms.min()
    assert {plan.outcomes[o].client_flags for o in back.outcome} == {"DI"}
    assert front.server_ms.min() > 7000


def test_failures_come_in_the_shares_asked_for(plan: Plan) -> None:
    back = _to(plan, _flow(plan, Fail("shop/back", (("14", 0.2), ("14/UF", 0.1)))), "shop/back")
    names = [plan.outcomes[o] for o in back.outcome]

    assert np.mean([o.error and o.reached for o in names]) == pytest.approx(0.2, abs=0.02)
    assert np.mean([o.error and not o.reached for o in names]) == pytest.approx(0.1, abs=0.02)


def test_a_request_that_found_no_server_is_followed_by_nothing(plan: Plan) -> None:
    requests = _flow(plan, Fail("shop/back", (("14/UH", 1.0),)))

    assert len(_to(plan, requests, "shop/back")) > 0
    assert len(_to(plan, requests, "shop/store")) == 0
    assert not _to(plan, requests, "shop/back").reached.any()


def test_a_failed_critical_call_fails_its_caller(plan: Plan) -> None:
    front = _to(plan, _flow(plan, Fail("shop/back", (("14", 1.0),))), "shop/front")
    codes = [plan.outcomes[o].code for o in front.outcome]

    assert set(codes) == {"500"}


def test_a_failed_ordinary_call_does_not(plan: Plan) -> None:
    front = _to(plan, _flow(plan, Fail("/pay.example.com", (("503", 1.0),))), "shop/front")

    assert not plan.error[front.outcome].any()


def test_only_callers_with_a_proxy_use_certificates(plan: Plan) -> None:
    front = _to(plan, _flow(plan), "shop/front")
    old = plan.source[front.call] == plan.workload_index["shop/old"]

    assert old.any()
    assert (front.plaintext == old).all()


def test_plaintext_effect_takes_its_share_of_one_edge(plan: Plan) -> None:
    requests = _flow(plan, Plaintext("shop/front-v1", "shop/back", 0.3))

    assert _to(plan, requests, "shop/back").plaintext.mean() == pytest.approx(0.3, abs=0.02)
    assert not _to(plan, requests, "shop/store").plaintext.any()


def test_load_effect_grows_one_root(plan: Plan) -> None:
    front = _to(plan, _flow(plan, Load("shop/old", 5)), "shop/front")
    old = plan.source[front.call] == plan.workload_index["shop/old"]

    assert old.sum() == pytest.approx(50 * SECONDS, rel=0.03)
    assert (~old).sum() == pytest.approx(40 * SECONDS, rel=0.03)


def test_connections_open_on_tcp_calls_only(plan: Plan) -> None:
    requests = _flow(plan)
    store = _to(plan, requests, "shop/store")

    assert (store.lifetime_s > 0).mean() == pytest.approx(0.5, abs=0.02)
    assert not requests.lifetime_s[~plan.tcp[requests.call]].any()


def test_an_effect_on_something_absent_is_refused(plan: Plan) -> None:
    base: Conditions = usual(plan)

    with pytest.raises(EffectError, match="bookinfo/ratings-v1"):
        under(plan, base, [Slow("bookinfo/ratings-v1", 7000)])


def test_effects_leave_the_usual_conditions_alone(plan: Plan) -> None:
    base = usual(plan)
    before = base.slow_ms.copy(), base.split_until.copy(), base.outcome_until.copy()

    under(
        plan,
        base,
        [
            Slow("shop/store", 10),
            Split("shop/back", (("shop/back-v2", 1.0),)),
            Fail("shop/back", (("14", 1.0),)),
        ],
    )

    for then, now in zip(before, (base.slow_ms, base.split_until, base.outcome_until), strict=True):
        assert np.array_equal(then, now)
