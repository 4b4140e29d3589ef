"""Few selectors for many links: sets of values per label that take in no other link."""

from collections.abc import Collection, Hashable, Iterable, Sequence

Key = tuple[Hashable, ...]
# What each label may be; None where it may be anything.
Box = tuple[frozenset[Hashable] | None, ...]


def cover(wanted: Collection[Key], others: Collection[Key], apart: Sequence[int] = ()) -> list[Box]:
    """Return boxes that hold every wanted key and none of the others.

    Where labels are ``apart``, a box has one value of each.
    """
    whole = _box(wanted)
    near = [key for key in others if _holds(whole, key)]
    if not near and all(len(whole[place] or ()) == 1 for place in apart):
        return [whole]
    groups: list[list[Key]] = []
    for key in sorted(wanted, key=repr):
        _join(groups, key, near, apart)
    return [_box(group) for group in groups]


def _join(groups: list[list[Key]], key: Key, others: Collection[Key], apart: Sequence[int]) -> None:
    """Put the key into the first group that it can join without taking in others."""
    for group in groups:
        if any(group[0][place] != key[place] for place in apart):
            continue
        larger = _box([*group, key])
        if not any(_holds(larger, other) for other in others):
            group.append(key)
            return
    groups.append([key])


def widened(box: Box, places: Iterable[int], others: Collection[Key]) -> Box:
    """Return the box without those labels that it does not need, tried in this order."""
    if any(_holds(box, other) for other in others):
        return box
    for place in places:
        wider = (*box[:place], None, *box[place + 1 :])
        if not any(_holds(wider, other) for other in others):
            box = wider
    return box


def _box(keys: Iterable[Key]) -> Box:
    return tuple(frozenset(values) for values in zip(*keys, strict=True))


def _holds(box: Box, key: Key) -> bool:
    # Asked for every link of a mesh: a loop takes a third of the time of `all`.
    for values, value in zip(box, key, strict=True):
        if values is not None and value not in values:
            return False
    return True
