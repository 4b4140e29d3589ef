"""What somebody may see is the same whether this process draws it or a worker does."""

from pathlib import Path

import pytest

from tests.crew import Crew
from tests.stack import wait_until

ACCESS = """
groups:
  none: {namespaces: [nowhere]}
  shop: {namespaces: ["sh*"]}
  all: {namespaces: ["*"]}
"""


@pytest.mark.usefixtures("healthy")
def test_workers_draw_what_each_may_see(crew: Crew, tmp_path: Path) -> None:
    (tmp_path / "access.yaml").write_text(ACCESS)
    settings = {
        "sign_in": "proxy",
        "trusted_proxies": "127.0.0.1",
        "access_file": str(tmp_path / "access.yaml"),
        "database_url": f"sqlite:///{tmp_path}/mesh.sqlite3",
    }
    with crew.serve(**settings) as served:

        def graph(group: str) -> dict[str, list[str]]:
            headers = {"X-Forwarded-User": "ada", "X-Forwarded-Groups": group}
            answer = served.get("/api/v1/graph", headers=headers).json()
            return {
                "nodes": sorted(node["id"] for node in answer["nodes"]),
                "namespaces": answer["namespaces"],
            }

        wait_until(lambda: len(graph("all")["nodes"]) > 1, what="a picture")
        assert graph("all")["namespaces"] == ["bookinfo", "shop"]
        assert graph("shop")["namespaces"] == ["shop"]
        inside = [node for node in graph("all")["nodes"] if "/shop/" in node]
        assert graph("shop")["nodes"] == inside
        assert graph("none") == {"nodes": [], "namespaces": []}
