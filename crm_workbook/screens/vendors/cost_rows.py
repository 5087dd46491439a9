"""The lines of the cost sheet: what is priced, kind by kind, and what nobody has priced; with the way to each."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Literal

from crm_workbook.analysis import cashflow, costs, scoring
from crm_workbook.analysis.costs import Costs, Ghost
from crm_workbook.analysis.facts import View
from crm_workbook.analysis.facts.money import answer_gap
from crm_workbook.analysis.finders import Gap
from crm_workbook.i18n import N_, _
from crm_workbook.records import Value
from crm_workbook.records.edits import Change, Create, Edit
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.vendors import CostLine, DatabaseTier

Mode = Literal["year", "added", "worth"]
MODES: Mapping[Mode, str] = {"year": N_("year by year"), "added": N_("added up"), "worth": N_("at today's worth")}
"""How the amounts are shown."""


@dataclass(frozen=True, slots=True)
class CostRow:
    """One line. `kind`: a "bucket" with several lines below it, a "line", the database "sizes", a "ghost", or a "total".

    `amounts` of each year; None: not known. `bucket` "" for the totals; `ref`: the code of the cost line.
    """

    kind: Literal["bucket", "line", "sizes", "ghost", "total"]
    key: str
    title: str
    amounts: tuple[Decimal, ...] | None = None
    bucket: str = ""
    ref: str = ""
    ghost: Ghost | None = None


def rows_of(view: View, found: Costs) -> Iterator[CostRow]:
    """All lines: each kind of cost, all of them together, leaving apart, and what nobody has asked about."""
    lines = {bucket: list[CostLine]() for bucket in view.catalogue.cost_buckets}
    for line in view.where(CostLine, "vendor", found.vendor):
        lines.setdefault(line.bucket, []).append(line)
    yearly = _yearly(view, found)
    parts = {bucket: tuple(_parts(view, found, bucket, rows, yearly)) for bucket, rows in lines.items()}
    for bucket, rows in parts.items():
        if bucket != costs.LEAVING:
            yield from _group(view, found, bucket, rows)
    yield CostRow("total", "total", _("At least, without leaving") if found.open_amounts else _("Together, without leaving"),
                  cashflow.by_year(found))
    yield from _group(view, found, costs.LEAVING, parts.get(costs.LEAVING, ()))
    for ghost in found.ghosts:
        if ghost.kind == "bucket":
            yield CostRow("ghost", f"bucket {ghost.ref}", _("{kind}: nobody has asked").format(
                kind=bucket_name(view, ghost.ref)), bucket=ghost.bucket, ghost=ghost)


def _yearly(view: View, found: Costs) -> Mapping[str, tuple[Decimal, ...]]:
    """What each priced line costs in each year."""
    upto = [costs.costs(view, found.vendor, year).lines for year in range(1, found.years + 1)]
    return {code: tuple(now.get(code, costs.ZERO) - before.get(code, costs.ZERO)
                        for before, now in zip(({}, *upto), upto, strict=False)) for code in found.lines}


def _parts(view: View, found: Costs, bucket: str, lines: Sequence[CostLine],
           yearly: Mapping[str, tuple[Decimal, ...]]) -> Iterator[CostRow]:
    """What belongs to one kind of cost."""
    ghosts = {ghost.ref: ghost for ghost in found.ghosts if ghost.bucket == bucket and ghost.kind == "line"}
    for line in lines:
        title = line.title or line.code
        yield CostRow("ghost" if line.code in ghosts else "line", line.code,
                      _("late: {title}").format(title=title) if line.late else title,
                      yearly.get(line.code), bucket, line.code, ghosts.get(line.code))
    if bucket == costs.DATABASE and found.sizes is not None:
        yield CostRow("sizes", "sizes", _("by the vendor's database sizes"), found.sizes, bucket)
    for ghost in found.ghosts:
        if ghost.bucket == bucket and ghost.kind not in ("line", "bucket"):
            yield CostRow("ghost", f"{ghost.kind} {ghost.ref}", _title(view, ghost), None, bucket, ghost=ghost)


def _group(view: View, found: Costs, bucket: str, rows: Sequence[CostRow]) -> Iterator[CostRow]:
    """A kind of cost: on one line where there is only one part of it, otherwise a line for all of them first."""
    name = bucket_name(view, bucket)
    if bucket == costs.LEAVING and rows:
        name = _("Apart: {kind}").format(kind=name)
    if len(rows) == 1:
        row = rows[0]
        yield CostRow(row.kind, row.key, f"{name}: {row.title}", row.amounts, bucket, row.ref, row.ghost)
    elif rows:
        priced = [row.amounts for row in rows if row.amounts is not None]
        amounts = tuple(sum(year, costs.ZERO) for year in zip(*priced, strict=True)) if priced else None
        yield CostRow("bucket", f"of {bucket}", name, amounts, bucket)
        yield from (CostRow(row.kind, row.key, f"  {row.title}", row.amounts, bucket, row.ref, row.ghost) for row in rows)


def bucket_name(view: View, bucket: str) -> str:
    """A kind of cost in words."""
    found = view.catalogue.cost_buckets.get(bucket)
    return found.name if found is not None else bucket or _("Without a kind of cost")


def _title(view: View, ghost: Ghost) -> str:
    row = view.get(ghost.ref) if ghost.kind in ("tier", "extra") else None
    if isinstance(row, DatabaseTier | Requirement):
        return row.title
    question = view.catalogue.questions.get(ghost.ref)
    return question.text if question is not None else ghost.ref


# ---- amounts ----

def in_mode(amounts: Sequence[Decimal], mode: Mode, rate: float) -> tuple[Decimal, ...]:
    """The amounts of the years as they are, added up, or at their worth today with this discount rate (% a year)."""
    if mode == "added":
        return tuple(accumulate(amounts))
    if mode == "worth":
        return tuple(cashflow.npv([*[costs.ZERO] * year, amount], rate) for year, amount in enumerate(amounts))
    return tuple(amounts)


def together(amounts: Sequence[Decimal], mode: Mode, rate: float) -> Decimal:
    """What they come to."""
    return sum(in_mode(amounts, "worth" if mode == "worth" else "year", rate), costs.ZERO)


# ---- ways out of a ghost ----

def gap_of(view: View, vendor: str, ghost: Ghost) -> Gap:
    """What to open so that somebody can write down what it costs."""
    row = view.get(ghost.ref) if ghost.kind in ("line", "tier") else None
    if isinstance(row, CostLine):
        missing = "likely" if costs.price_of(view, row) is None else "kind" if not row.kind else "units"
        return Gap(row.code, missing)
    if isinstance(row, DatabaseTier):
        return Gap(row.code, "price") if row.price is None else Gap(kind=DatabaseTier, given=(("vendor", vendor),))
    if ghost.ref == costs.GROWTH:
        return answer_gap(vendor, ghost.ref, scoring.answers(view, vendor).get(ghost.ref))
    return Gap(kind=CostLine, given=tuple(_given(view, vendor, ghost).items()))


def _given(view: View, vendor: str, ghost: Ghost) -> dict[str, Value]:
    """What is known of the cost line of a ghost."""
    given: dict[str, Value] = {"vendor": vendor, "bucket": ghost.bucket}
    if ghost.kind == "extra":
        return {**given, "title": _title(view, ghost), "requirement": ghost.ref}
    question = view.catalogue.questions.get(ghost.ref) if ghost.kind == "answer" else None
    if question is None:
        return given
    kind: dict[str, Value] = {"kind": question.cost.kind} if question.cost is not None and question.cost.kind != "both" else {}
    return {**given, **kind, "question": question.id}


def settled(view: View, vendor: str, ghost: Ghost, note: str) -> list[Edit]:
    """What writes down that nothing is to be paid here; nothing where that is no answer: where an amount was written already,
    and where the vendor has to say how prices grow."""
    zero, row = Decimal(0), view.get(ghost.ref) if ghost.kind in ("line", "tier") else None
    if isinstance(row, DatabaseTier):
        return [Change(row.code, "price", None, zero)] if row.price is None else []
    if isinstance(row, CostLine):
        if row.likely is not None:
            return []
        made: list[Edit] = [Change(row.code, "likely", None, zero),
                            Change(row.code, "note", row.note, f"{row.note}\n{note}".strip())]
        if not row.kind:
            made.append(Change(row.code, "kind", "", "one_off"))
        if costs.units_of(view, row, 1) is None:
            made.append(Change(row.code, "units", row.units, 1.0))
        return made
    if ghost.ref == costs.GROWTH:
        return []
    given = {"title": bucket_name(view, ghost.bucket), "kind": "one_off", **_given(view, vendor, ghost)}
    return [Create(CostLine, {**given, "basis": "fixed", "likely": zero, "note": note})]
