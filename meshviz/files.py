"""Looks at the files that settings name, so that a wrong one stops the start. Raise ValueError."""

import os
import ssl
from pathlib import Path

from graph.core.health import HealthRules
from graph.core.healthfile import load_text
from graph.core.strict_yaml import FileError
from graph.sources import RECORDING
from graph.sources.access import secret_text
from meshviz import parsing
from meshviz.access import AccessRules, read_access


def readable(path: Path) -> bytes:
    """Return what is in the file."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"it cannot be read ({error.strerror})") from None


def secret(path: Path) -> None:
    """Accept a file with one line of text."""
    readable(path)
    secret_text(path)


def secret_key(path: Path) -> None:
    """Accept a file with one line that nobody guesses."""
    readable(path)
    parsing.secret_key(secret_text(path))


def certificates(path: Path) -> None:
    """Accept a file with certificates to trust."""
    readable(path)
    try:
        ssl.create_default_context(cafile=str(path))
    except ssl.SSLError:
        raise ValueError("it holds no PEM certificate") from None


def health(path: Path) -> HealthRules:
    """Return the rules in the file."""
    try:
        return load_text(readable(path).decode("utf-8"), path.name)
    except UnicodeDecodeError:
        raise ValueError("it is no text in UTF-8") from None
    except FileError as error:
        raise ValueError(str(error)) from None


def access(path: Path) -> AccessRules:
    """Return who may do and see what."""
    try:
        return read_access(readable(path).decode("utf-8"), path.name)
    except UnicodeDecodeError:
        raise ValueError("it is no text in UTF-8") from None
    except FileError as error:
        raise ValueError(str(error)) from None


def source(url: str) -> None:
    """Accept any address, and a recording that can be read."""
    if url.startswith(RECORDING):
        readable(Path(url.removeprefix(RECORDING)))


def in_folder(path: Path) -> None:
    """Raise ValueError unless a file could be made at the path."""
    if not path.parent.is_dir():
        raise ValueError(f"there is no folder {path.parent}")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise ValueError("it cannot be written")
