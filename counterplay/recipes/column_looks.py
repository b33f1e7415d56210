"""What is measured of tables of mixed columns besides what is measured of every vector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterplay.errors import UserError

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["with_columns"]


def with_columns(
    found: dict[str, Any],
    table: Any,
    sides: tuple[Tensor, Tensor, Tensor],
    split: str,
    ema: bool,
    seed: int = 0,
) -> dict[str, Any]:
    """Add the figures of the table's columns to those of ``evaluate``.

    Args:
        found: what ``evaluate`` returned.
        table: the domain, which decodes rows.
        sides: generated, training and held-out rows, as networks see them.
        split: what the held-out part is called.
        ema: whether the networks are averaged ones.
        seed: of choices.
    """
    from counterplay.metrics.tabular_figures import tabular

    kept = [i for i, column in enumerate(table.columns) if column.kind != "id"]
    made, train, held = (table.decode(side).cpu().numpy()[:, kept] for side in sides)
    names = [table.names[i] for i in kept]
    nominal = [table.nominal[i] for i in kept]
    target = names.index(table.target)
    try:
        entries = tabular(
            made, train, held, nominal, target=target, split=split, ema=ema, seed=seed
        )
    except UserError as error:
        return {**found, "notes": [*found["notes"], f"columns not measured: {error}"]}
    note = (
        f"utility: {table.target!r} is predicted by a model trained on generated rows; nearest, "
        "copies: to training rows, and the reference is that of held-out rows; detection and "
        "closer_to_training: 0.5 is ideal"
    )
    return {"metrics": {**found["metrics"], **entries}, "notes": [*found["notes"], note]}
