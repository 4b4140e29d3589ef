"""Recording rules as the files that Prometheus, or its operator in Kubernetes, reads."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

_WIDTH = 100
_ABOUT = """\
# Recording rules for meshviz: what is dear to ask, computed beforehand. Written by
#   python manage.py rules{options}
# Do not edit: meshviz uses a rule only if it computes exactly what meshviz would ask itself.
# Groups may be removed as a whole, one for each look-back window. See docs/recording-rules.md.
"""


def rule_file(groups: Iterable[Mapping[str, object]], options: Sequence[str] = ()) -> str:
    """Return the text of a file for ``rule_files`` of Prometheus' configuration."""
    return _text({"groups": list(groups)}, options)


def manifest(groups: Iterable[Mapping[str, object]], options: Sequence[str] = ()) -> str:
    """Return the same as a PrometheusRule of the Prometheus operator."""
    return _text(
        {
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "PrometheusRule",
            "metadata": {"name": "meshviz", "labels": {"app.kubernetes.io/name": "meshviz"}},
            "spec": {"groups": list(groups)},
        },
        options,
    )


def _text(content: Mapping[str, Any], options: Sequence[str]) -> str:
    about = _ABOUT.format(options="".join(f" {option}" for option in options))
    return about + yaml.dump(content, Dumper=_Plain, sort_keys=False, width=_WIDTH)


class _Plain(yaml.SafeDumper):
    """Writes what occurs twice twice: anchors are hard to read."""

    def ignore_aliases(self, data: Any) -> bool:
        """Return True: never an alias."""
        return True
