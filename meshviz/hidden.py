"""Everything secret that the settings hold, so that it can be looked for in what is logged."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from graph.sources.access import FileMark, file_mark, secret_text
from meshviz import files, parsing
from meshviz.table import SETTINGS, Setting

_IN_FILES = (files.secret, files.secret_key)


class KnownSecrets:
    """Returns every secret of these settings: those in files as they are now and as they were last.

    Kubernetes and others replace such files at any time, and what was sent with the one before may
    still be answered. Asking costs a look at each file's state, and no reading while that stays.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = dict(environ)
        self._files = [*_files_in(environ)]
        self._marks: list[FileMark | None] | None = None
        self._now: frozenset[str] = frozenset()
        self._all: frozenset[str] = frozenset()

    def __call__(self) -> frozenset[str]:
        marks = [file_mark(path) for path in self._files]
        if marks != self._marks:
            before, self._now = self._now, frozenset(secrets_in(self._environ))
            self._all = before | self._now
            self._marks = marks
        return self._all


def secrets_in(environ: Mapping[str, str]) -> set[str]:
    """Return every secret of these settings, those in files as they are now."""
    return {
        secret
        for setting in SETTINGS
        if (text := environ.get(setting.name, "").strip())
        for secret in _secrets_of(setting, text)
    }


def _files_in(environ: Mapping[str, str]) -> Iterator[Path]:
    for setting in SETTINGS:
        text = environ.get(setting.name, "").strip()
        if text and setting.check in _IN_FILES:
            yield Path(text)


def _secrets_of(setting: Setting, text: str) -> Iterator[str]:
    if setting.check in _IN_FILES:
        try:
            yield secret_text(setting.parse(text))
        except (OSError, ValueError):
            return
    if not setting.is_secret:
        return
    yield text
    if setting.parse in (parsing.headers, parsing.url_parameters):
        try:
            yield from (value for _, value in setting.parse(text))
        except ValueError:
            return
    elif "://" in text:
        yield from _passwords_of(text)


def _passwords_of(address: str) -> Iterator[str]:
    """Yield what is between the user and the @, as it is written and as it is meant."""
    try:
        password = urlsplit(address).password
    except ValueError:
        return
    if password:
        yield password
        yield unquote(password)
