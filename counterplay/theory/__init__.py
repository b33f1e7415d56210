"""What the lectures derive, computed: functions, checks and pictures.

Each topic file ends with a table ``ITEMS``: name -> :class:`~counterplay.theory.item.Item`. Reading
the tables imports neither torch nor matplotlib.
"""

from __future__ import annotations

from counterplay.theory import (
    actor_critic,
    adversarial_costs,
    adversarial_critics,
    adversarial_order,
    adversarial_shift,
    adversarial_terms,
    adversarial_vanishing,
    bound,
    checkerboard,
    convolution,
    divergence_discrete,
    divergence_fits,
    divergence_supports,
    divergences,
    flows,
    likelihood_noise,
    likelihood_ratio,
    likelihood_table,
    linear,
    small_games_bilinear,
    small_games_dirac,
    small_games_history,
    small_games_limits,
    small_games_matrix,
    small_games_quadratic,
    table,
    transport,
    transport_critics,
)
from counterplay.theory.item import Check, Item, Value

__all__ = ["ITEMS", "Check", "Item", "Value"]

TOPICS = (
    divergence_discrete,
    divergence_fits,
    divergence_supports,
    divergences,
    adversarial_costs,
    adversarial_critics,
    adversarial_order,
    adversarial_shift,
    adversarial_terms,
    adversarial_vanishing,
    likelihood_ratio,
    likelihood_noise,
    likelihood_table,
    actor_critic,
    transport,
    transport_critics,
    small_games_bilinear,
    small_games_limits,
    small_games_quadratic,
    small_games_dirac,
    small_games_matrix,
    small_games_history,
    convolution,
    checkerboard,
    linear,
    flows,
    bound,
    table,
)

ITEMS: dict[str, Item] = {name: item for topic in TOPICS for name, item in topic.ITEMS.items()}
"""Every item by name, in the order of the lectures."""
