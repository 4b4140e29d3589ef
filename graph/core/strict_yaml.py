"""The text of a YAML file as places, strictly: what cannot be meant is an error with its line.

Only scalars, lists and mappings are read, from YAML's own node tree: no object is ever made from a
tag, and anchors are refused, since a few lines of them can stand for millions of entries.

    FileError   the one error: which file, which line, what is wrong and what is accepted
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

# Far more than any mesh needs; it bounds the time that a wrong file can cost.
MAX_CHARACTERS = 65_536
_MAX_DEPTH = 8  # the deepest that any of our files goes is 5


class FileError(Exception):
    """The file cannot be used; ``str()`` is fit to be shown to its author."""

    def __init__(self, name: str, line: int, reason: str) -> None:
        super().__init__(f"{name}, line {line}: {reason}")
        self.name = name
        self.line = line
        self.reason = reason


def read(text: str, name: str, wanted: str) -> "Place":
    """Return the root of a file's text; ``name`` is what errors call the file.

    ``wanted`` says what has to be in it, for a file that is empty. Raises FileError.
    """
    if len(text) > MAX_CHARACTERS:
        raise FileError(
            name, 1, f"the file is too long: at most {MAX_CHARACTERS} characters are accepted"
        )
    root = _parse(text, name)
    if root is None:
        raise FileError(name, 1, f"the file is empty: {wanted}")
    return Place(name, "the file", root)


def _parse(text: str, name: str) -> yaml.Node | None:
    try:
        _refuse_bombs(text, name)
        node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise FileError(
            name, mark.line + 1 if mark else 1, f"this is not YAML: {error.problem}"
        ) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise FileError(name, line, "this is not YAML: a control character") from error
    except (ValueError, OverflowError) as error:  # such as an escaped character beyond Unicode
        raise FileError(name, 1, f"this is not YAML: {error}") from error
    return node


def _refuse_bombs(text: str, name: str) -> None:
    """Refuse what makes a short file expensive, before any tree is built from it."""
    depth = line = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else line
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            reason = "anchors (&) and aliases (*) are not accepted: quote the text, or repeat it"
            raise FileError(name, line, reason)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise FileError(name, line, "this is nested too deeply")


@dataclass(frozen=True, slots=True)
class Place:
    """One node of the file, and what to call it in an error."""

    file: str
    path: str
    node: yaml.Node

    def error(self, reason: str) -> FileError:
        return FileError(self.file, self.node.start_mark.line + 1, f"{self.path}: {reason}")

    def fields(self, *accepted: str) -> "dict[str, Place]":
        """Return the mapping's values; a key that is not accepted, or comes twice, is an error."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error(f"keys with values are accepted here: {', '.join(accepted)}")
        found: dict[str, Place] = {}
        for key_node, value in self.node.value:
            key = Place(self.file, "a key", key_node).text()
            here = Place(self.file, key, key_node)
            if key not in accepted:
                raise here.error(f"no such key; accepted are {', '.join(accepted)}")
            if key in found:
                raise here.error("the key is given twice")
            found[key] = Place(self.file, key, value)
        return found

    def named(self, most_length: int) -> "dict[str, Place]":
        """Return the values of a mapping whose keys are names of the author's own."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error("names with values are accepted here")
        found: dict[str, Place] = {}
        for key_node, value in self.node.value:
            key = Place(self.file, "a name", key_node).text()
            here = Place(self.file, key[:80], key_node)
            if not 1 <= len(key) <= most_length:
                raise here.error(f"a name of 1 to {most_length} characters is accepted")
            if key in found:
                raise here.error("the name is given twice")
            found[key] = Place(self.file, key, value)
        return found

    def items(self) -> "Iterator[Place]":
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error("a list is accepted here, each entry after a dash")
        for item in self.node.value:
            yield Place(self.file, f"an entry of {self.path}", item)

    def text(self) -> str:
        if not isinstance(self.node, yaml.ScalarNode) or self.node.tag.endswith((":bool", ":null")):
            raise self.error(
                'a text is accepted here; quote what YAML takes for another: "-", "no"'
            )
        text: str = self.node.value
        return text
