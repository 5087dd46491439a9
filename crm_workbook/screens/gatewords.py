"""Gates in words: what a gate is called, how it stands, and what was signed."""
from __future__ import annotations

from typing import TYPE_CHECKING

from crm_workbook.i18n import _, ngettext
from crm_workbook.screens.words import full_stop

if TYPE_CHECKING:
    from crm_workbook.analysis.gates import GateState, ItemState
    from crm_workbook.records.phases import GateSignOff
    from crm_workbook.screens.titles import Titles


def gate_name(state: GateState, titles: Titles) -> str:
    """'Ready to talk to vendors'; of a gate that each phase passes, with the phase."""
    return f"{state.gate.name}: {titles.label(state.phase)}" if state.phase is not None else state.gate.name


def stops(count: int) -> str:
    """'2 stops'."""
    return ngettext("{n} stop", "{n} stops", count).format(n=count)


def signed_short(state: GateState) -> tuple[str, str]:
    """('2026-03-12', 'go'), or that it was opened again."""
    if state.signed is None:
        return "", ""
    return (_("open again"), "") if state.signed.reopened else (str(state.signed.on), _verdict(state.signed))


def signed_in_full(state: GateState, titles: Titles) -> str:
    """What was signed on which day, by whom, and how it stands today; "" when nothing was."""
    signed = state.signed
    if signed is None:
        return ""
    people = ", ".join(person_name(titles, code) for code in signed.people) or _("nobody named yet")
    said = f"{signed_on(signed)} {full_stop(_('By {people} ({code})').format(people=people, code=signed.code))}"
    if signed.reopened:
        who = person_name(titles, signed.reopened_by)
        said += " " + (_("Opened again on {day} by {who}.") if who else _("Opened again on {day}.")).format(
            day=signed.reopened_on or "-", who=who)
    return said + " " + _("Today: {ready} %, {stops}.").format(ready=state.readiness, stops=stops(state.stops))


def signed_on(signed: GateSignOff) -> str:
    """'Signed on 2026-05-27: go, with conditions (92 %, 0 stops that day).'"""
    then = ", ".join(filter(None, (f"{signed.readiness} %" if signed.readiness is not None else "",
                                   stops(signed.stops) if signed.stops is not None else "")))
    words = _("Signed on {day}: {verdict} ({then} that day).") if then else _("Signed on {day}: {verdict}.")
    return words.format(day=signed.on, verdict=_verdict(signed), then=then)


def _verdict(signed: GateSignOff) -> str:
    return _((signed.declared.fields["verdict"].options or {}).get(signed.verdict, signed.verdict))


def person_name(titles: Titles, code: str) -> str:
    """What a person is called, without the code."""
    row = titles.book.get(code) if code else None
    return titles.label(row) if row is not None else code


def first_stop(state: GateState) -> ItemState | None:
    """What holds the group back first; without a stop, the first thing that is not ready."""
    return next((item for item in state.items if item.stops),
                next((item for item in state.items if item.state in ("open", "unknown")), None))
