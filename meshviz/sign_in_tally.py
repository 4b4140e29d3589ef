"""How often signing in was refused, by reason; imported where nobody signs in as well."""

from collections import Counter

REFUSALS: Counter[str] = Counter()
