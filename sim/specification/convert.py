"""Turn a validated regime file into the regime that governance reads."""

from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime, Row
from sim.specification.files import HolderFile, MoneyFile, RegimeFile, RowFile


def as_regime(content: RegimeFile) -> Regime:
    """Return matrix and levers of a file; reasons and sources stay behind."""
    listed = content.matrix.listed
    return Regime(
        id=content.id,
        matrix={group: _row(getattr(content.matrix, group)) for group in GROUPS},
        levers=content.levers,
        listed=dict.fromkeys(listed.services, _row(listed)) if listed is not None else {},
        title=content.title,
        benchmark=content.benchmark,
    )


def _row(row: RowFile) -> Row:
    return {function: _cell(getattr(row, function)) for function in FUNCTIONS}


def _cell(cell: HolderFile) -> Cell:
    return Cell(cell.holder, cell.pooled_at if isinstance(cell, MoneyFile) else None)
