"""Turn a validated regime file into the regime that governance reads."""

from sim.governance.matrix import FUNCTIONS, GROUPS, Cell, Regime, Row
from sim.specification.cells import HolderFile, RowFile
from sim.specification.files import RegimeFile
from sim.specification.levels import unit_codes


def as_regime(content: RegimeFile) -> Regime:
    """Return matrix and levers of a file; reasons and sources stay behind."""
    rows = content.matrix.listed_rows.values()
    return Regime(
        id=content.id,
        matrix={group: _row(getattr(content.matrix, group)) for group in GROUPS},
        levers=content.levers,
        listed={service: _row(row) for row in rows for service in row.services},
        title=content.title,
        benchmark=content.benchmark,
        with_distance=content.with_distance,
    )


def _row(row: RowFile) -> Row:
    return {function: _cell(getattr(row, function)) for function in FUNCTIONS}


def _cell(cell: HolderFile) -> Cell:
    """Return a cell with its units by code, sorted, however they were named."""
    where = {level: {unit_codes(level, name)[0] for name in names} for level, names in (cell.where or {}).items()}
    return Cell(
        holder=cell.holder,
        pooled_at=getattr(cell, "pooled_at", None),
        partner=cell.partner,
        lead=cell.lead or "holder",
        where=tuple((level, tuple(sorted(units))) for level, units in sorted(where.items())),
        elsewhere=_cell(cell.elsewhere) if cell.elsewhere is not None else None,
        as_one=cell.as_one,
    )
