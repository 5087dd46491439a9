"""The marks of the requirements as one table: what is to be marked, for whom, and what stands there.

Pure functions over a View, remembered with it; the figures that follow (fit, gaps) are in `scoring`.
"""
from __future__ import annotations

from collections.abc import Mapping

from crm_workbook.analysis.facts.view import View, shared
from crm_workbook.analysis.scoring import MARKS, MET, WEIGHTS, of_vendor
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.vendors import CostLine, Fit, Vendor

EXTRA, ADDONS = "extra", "addons"
"""The mark that opens a cost, and the kind of cost it opens."""
Cell = tuple[str, str]
"""The codes of a requirement and a vendor."""
_ORDER = {priority: place for place, priority in enumerate(WEIGHTS)}


@shared
def wanted(view: View) -> tuple[Requirement, ...]:
    """The accepted requirements: musts, then should, later, gadget, and last what has no priority yet and so counts nothing."""
    state, priority = (Requirement.declared.fields[name].index for name in ("state", "priority"))
    rows = [row for row in view.rows(Requirement) if row[state] == "accepted"]
    return tuple(sorted(rows, key=lambda row: _ORDER.get(row[priority], len(_ORDER))))


@shared
def candidates(view: View) -> tuple[Vendor, ...]:
    """The vendors, those that are out last."""
    return tuple(sorted(view.rows(Vendor), key=lambda row: row.state == "out"))


@of_vendor
def marks(view: View, vendor: str) -> Mapping[str, Fit]:
    """What stands in the cells of a vendor, by requirement. Of two marks the later one holds; a note without a mark stands
    where nothing else does."""
    fields, rows = Fit.declared.fields, view.where(Fit, "vendor", vendor)
    requirement, mark = fields["requirement"].index, fields["mark"].index
    found = {row[requirement]: row for row in rows if not row[mark]}
    found.update((row[requirement], row) for row in rows if row[mark])
    return found


def mark_of(view: View, cell: Cell) -> Fit | None:
    """What stands in a cell."""
    requirement, vendor = cell
    return marks(view, vendor).get(requirement)


@of_vendor
def unmarked(view: View, vendor: str) -> tuple[Requirement, ...]:
    """The accepted requirements without a mark for this vendor, in the order of `wanted`."""
    held = marks(view, vendor)
    return tuple(row for row in wanted(view) if (fit := held.get(row.code)) is None or not fit.mark)


@of_vendor
def gaps(view: View, vendor: str) -> tuple[tuple[Requirement, Fit], ...]:
    """The musts that this vendor does not meet (`scoring.MET`), with their marks."""
    held = marks(view, vendor)
    return tuple((row, fit) for row in wanted(view) if row.priority == "must"
                 and (fit := held.get(row.code)) is not None and fit.mark and MARKS[fit.mark] < MET)


@of_vendor
def extras(view: View, vendor: str) -> Mapping[str, CostLine]:
    """The cost lines of this vendor that are for a requirement, by its code."""
    return {row.requirement: row for row in view.where(CostLine, "vendor", vendor) if row.requirement}

