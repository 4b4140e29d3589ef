"""As much of PromQL's grammar as it takes to tell what is text in a query and what is query."""

import re

# A string in double quotes, single quotes or backticks, as Prometheus' lexer takes them.
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`[^`]*`')
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|.)", re.DOTALL)


def skeleton(query: str) -> str:
    """Return the query with every string emptied; what is left decides what is asked."""
    return _STRING.sub('""', query)


def strings(query: str) -> list[str]:
    """Return the strings of a query, unescaped."""
    return [_unescaped(found[0]) for found in _STRING.finditer(query)]


def _unescaped(text: str) -> str:
    if text[0] == "`":
        return text[1:-1]

    def plain(match: re.Match[str]) -> str:
        code = match[1]
        if code[0] in "xuU" and len(code) > 1:
            return chr(int(code[1:], 16))
        return chr(int(code, 8)) if len(code) == 3 else _ESCAPES.get(code, code)

    return _ESCAPE.sub(plain, text[1:-1])
