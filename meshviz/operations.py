"""`/healthz`, `/readyz` and `/metrics` of a server.

They answer whoever asks, by whatever name: a kubelet and a Prometheus call the pod by its address.
None says anything of the mesh.

With MESHVIZ_OPERATIONS_ADDRESS they have a port of their own, on which nothing else is answered,
and `/metrics` is there only. Which port was called is read from the connection, not from the Host
header, which anybody may write.
"""

from collections import Counter
from typing import Any

from graph.live import metrics
from graph.live.replies import say
from meshviz.sign_in_tally import REFUSALS
from meshviz.standing import Standing

_NOTHING = "There are /healthz, /readyz and /metrics at this address.\n"


class Operations:
    """Answers for one process. ``port`` is None where the main port does it all."""

    def __init__(self, standing: Standing, port: int | None = None) -> None:
        self.standing = standing
        self.port = port
        # Requests answered, by the template of their address and their status.
        self.requests: Counter[tuple[str, str]] = Counter()

    def is_called(self, scope: Any) -> bool:
        """Tell whether a connection came in by the port that is for this alone."""
        return self.port is not None and (scope.get("server") or ("", None))[1] == self.port

    async def answer(self, scope: Any, send: Any) -> bool:
        """Answer if it is for us to answer; False leaves the request to others."""
        own = self.is_called(scope)
        asks = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        match scope["path"] if asks else "":
            case "/healthz":
                await say(scope, send, 200, "ok\n")
            case "/readyz":
                await self._say_ready(scope, send)
            case "/metrics" if own or self.port is None:
                text = metrics.exposition(scope["state"]["desk"], self.requests, REFUSALS)
                await say(scope, send, 200, text, content_type=metrics.CONTENT_TYPE)
            case _ if own:
                await say(scope, send, 404, _NOTHING)
            case _:
                return False
        return True

    async def _say_ready(self, scope: Any, send: Any) -> None:
        objections = self.standing.objections(scope["state"]["desk"])
        text = "".join(f"{line}\n" for line in objections)
        await say(scope, send, 503 if objections else 200, text or "ok\n")
