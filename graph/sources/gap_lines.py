"""The lines of the difference between an edge's two proxies."""

from collections.abc import Iterator

from graph.core.outcomes import NEVER_REACHED
from graph.sources.line import Line, Series
from graph.sources.matching import LOST, flagged, not_flagged
from graph.sources.naming import Matcher
from graph.sources.sums import REQUESTS, Sum, Sums


def gap_lines(sums: Sums, client: Series, server: Series) -> Iterator[Line]:
    """Yield where the two sides' accounts differ, given the series of both."""

    def client_rate(*more: Matcher) -> Sum:
        return sums.rate(REQUESTS, [*client.where, *more])

    def server_rate(*more: Matcher) -> Sum:
        return sums.rate(REQUESTS, [*server.where, *more])

    above, below = sums.mean_ms(client.timed), sums.mean_ms(server.timed)
    apart = above.joined(f"({above.promql}) - ({below.promql})", below)
    meaning = "the caller's mean response time less the server's, in milliseconds"
    yield Line("gap.network_ms", meaning, "source", apart)
    meaning = "requests that never reached a server's proxy"
    yield Line("gap.unreached_rps", meaning, "source", client_rate(LOST))
    meaning = "requests that the caller's proxy gave up waiting for"
    yield Line("gap.timed_out_rps", meaning, "source", client_rate(flagged({"UT"})))
    gone = sums.added(
        (
            server_rate(("response_code", "=", "0")),
            server_rate(("response_code", "!=", "0"), flagged({"DC"})),
        )
    )
    meaning = "requests whose caller was gone before the server had answered"
    yield Line("gap.abandoned_rps", meaning, server.reporter, gone)
    seen, sent = server_rate(), client_rate(not_flagged(NEVER_REACHED))
    more = seen.joined(f"clamp_min(({seen.promql}) - ({sent.promql}), 0)", sent)
    meaning = "requests that the server counted beyond those let through; chance shows as 0"
    yield Line("gap.retried_rps", meaning, server.reporter, more)
