"""The incidents of the demo's tour: something for everybody to see, on the named applications."""

from graph.demo.conditions import Delay, Fail, Load, Plaintext, Slow, Split
from graph.demo.scenario import Effects, Scenario

RESTART_EVERY_S = 6.0


def _ramp(t: float, seconds: float) -> float:
    return min(1.0, max(0.0, t / seconds))


def _canary(t: float) -> Effects:
    done = _ramp(t, 60)
    shares = (("v1", 80 - 50 * done), ("v2", 10 + 50 * done), ("v3", 10.0))
    return (
        Split("smm-demo/movies", tuple((f"smm-demo/movies-{v}", share) for v, share in shares)),
    )


def _plaintext(t: float) -> Effects:
    grown = _ramp(t, 45)
    return (
        Plaintext("bookinfo/productpage-v1", "bookinfo/reviews", 0.3),
        Load("bookinfo/batch-export", 1 + 5 * grown),
    )


_PAYMENTS_503: Effects = (
    Fail(
        "smm-demo/payments",
        (("503", 0.12), ("503/UH", 0.06), ("503/UF", 0.08), ("503/UO", 0.04)),
    ),
    Fail(
        "boutique/paymentservice",
        (("14", 0.12), ("14/UH", 0.06), ("14/UF", 0.08), ("14/UO", 0.04)),
    ),
)

DEMO = (
    Scenario("steady", "A quiet day.", 0, lambda t: ()),
    Scenario(
        "ratings-delay",
        "Every answer of ratings takes seven seconds; reviews and the page wait with it.",
        0,
        lambda t: (Slow("bookinfo/ratings-v1", 7000),),
    ),
    Scenario(
        "ratings-fault",
        "Istio's fault injection holds half of the calls to ratings back for seven seconds: "
        "only the callers' proxies see it (flag DI).",
        0,
        lambda t: (Delay("bookinfo/ratings", 0.5, 7000),),
    ),
    Scenario(
        "canary",
        "Traffic moves from movies v1 to v2: 80/10/10 becomes 30/60/10 within a minute.",
        60,
        _canary,
    ),
    Scenario(
        "payments-503",
        "30 % of payments fail: some answered with an error, some never reach a server.",
        0,
        lambda t: _PAYMENTS_503,
    ),
    Scenario(
        "plaintext-client",
        "30 % of the page's calls to reviews come without a certificate, and a client "
        "without a proxy asks details more and more.",
        45,
        _plaintext,
    ),
    Scenario(
        "rolling-restart",
        "One pod after another is replaced by a new one.",
        0,
        lambda t: (),
        restarts=lambda t: int(t // RESTART_EVERY_S),
    ),
)
