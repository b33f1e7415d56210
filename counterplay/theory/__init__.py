"""What the lectures derive, computed: functions, checks and pictures.

Each topic file ends with a table ``ITEMS``: name -> :class:`~counterplay.theory.item.Item`. Reading
the tables imports neither torch nor matplotlib.
"""

from __future__ import annotations

from counterplay.theory import transport
from counterplay.theory.item import Check, Item, Value

__all__ = ["ITEMS", "Check", "Item", "Value"]

TOPICS = (transport,)

ITEMS: dict[str, Item] = {name: item for topic in TOPICS for name, item in topic.ITEMS.items()}
"""Every item by name, in the order of the lectures."""
