"""What is written of a saved view, and how much of it there may be."""

from typing_extensions import TypedDict

MOST_NAME = 100  # characters
MOST_QUERY = 4096  # characters; browsers write ASCII
MOST_PLACES_BYTES = 256 * 1024
MOST_VIEWS = 200  # of one owner; a list that a person still reads


class Draft(TypedDict, total=False):
    """The columns to write; ``places`` is JSON as text, "" for none."""

    name: str
    query: str
    places: str
    shared: bool
