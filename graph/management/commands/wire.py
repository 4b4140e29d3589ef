"""Writes the JSON Schema of the wire format, from which the browser's types are made."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from graph.api.wire_schema import document


class Command(BaseCommand):
    help = "Write frontend/src/wire/schema.json from graph/core/wire.py."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--output",
            type=Path,
            default=Path(settings.BASE_DIR) / "frontend" / "src" / "wire" / "schema.json",
            help="where to write the schema (default: %(default)s)",
        )

    def handle(self, *, output: Path, **options: Any) -> None:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(document(), encoding="utf-8")
        self.stdout.write(f"wrote {output}")
