"""Everything secret that the settings hold, so that it can be looked for in what is logged."""

from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from graph.sources.access import secret_text
from meshviz import files, parsing
from meshviz.table import SETTINGS, Setting


def secrets_in(environ: Mapping[str, str]) -> set[str]:
    """Return every secret of these settings, those in files as they are now."""
    return {
        secret
        for setting in SETTINGS
        if (text := environ.get(setting.name, "").strip())
        for secret in _secrets_of(setting, text)
    }


def _secrets_of(setting: Setting, text: str) -> Iterator[str]:
    if setting.check in (files.secret, files.secret_key):
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
