"""The lines of the difference between an edge's two proxies."""

from collections.abc import Iterator

from graph.core.outcomes import NEVER_REACHED
from graph.sources.line import Line
from graph.sources.matching import LOST, flagged, not_flagged
from graph.sources.naming import Matcher
from graph.sources.selecting import Part
from graph.sources.sums import Sum, Sums


def gap_lines(sums: Sums, client: Part, server: Part, timed: tuple[Part, Part]) -> Iterator[Line]:
    """Yield where the two sides' accounts differ, given the series of both."""

    def rate(side: Part, *more: Matcher) -> Sum:
        every = sums.counted("requests", side.where.plus(*more))
        return every[0] if len(every) == 1 else sums.added(every)

    above, below = (sums.mean_ms(side.where, side.old) for side in timed)
    apart = above.joined(f"({above.promql}) - ({below.promql})", below)
    meaning = "the caller's mean response time less the server's, in milliseconds"
    yield Line("gap.network_ms", meaning, "source", apart)
    meaning = "requests that never reached a server's proxy"
    yield Line("gap.unreached_rps", meaning, "source", rate(client, LOST))
    meaning = "requests that the caller's proxy gave up waiting for"
    yield Line("gap.timed_out_rps", meaning, "source", rate(client, flagged({"UT"})))
    gone = sums.added(
        (
            rate(server, ("response_code", "=", "0")),
            rate(server, ("response_code", "!=", "0"), flagged({"DC"})),
        )
    )
    meaning = "requests whose caller was gone before the server had answered"
    yield Line("gap.abandoned_rps", meaning, server.reporter, gone)
    seen, sent = rate(server), rate(client, not_flagged(NEVER_REACHED))
    more = seen.joined(f"clamp_min(({seen.promql}) - ({sent.promql}), 0)", sent)
    meaning = "requests that the server counted beyond those let through; chance shows as 0"
    yield Line("gap.retried_rps", meaning, server.reporter, more)
