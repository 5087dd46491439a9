"""The check: facts, findings and gates of a workbook on one day, as plain data and as text, JSON or TOML.

One computation, all outputs from it: the same `View` that the screens show. A Book from the database and one from its full
export give the same check.
"""
from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crm_workbook.analysis.facts import FACTS, View
from crm_workbook.analysis.gates import READY, GateState, ItemState, current, gates
from crm_workbook.analysis.radar import SEVERITIES, Finding, look, values_of
from crm_workbook.analysis.wording import shown, to_change
from crm_workbook.catalogue.expressions import parse
from crm_workbook.exchange.changes import name_of
from crm_workbook.i18n import N_, _, ngettext
from crm_workbook.records.book import Book

CHECK_VERSION = 1
"""Version of the layout."""
WIDTH = 100
_SEVERITIES = {"blocker": N_("blocker"), "serious": N_("serious"), "warn": N_("warning"), "info": N_("hint")}
_TRENDS = {"new": N_("new"), "worse": N_("worse"), "same": N_("as before"), "better": N_("better")}
_SIGNS = {"ok": "✓", "done": "✓", "waived": "~", "open": "✗", "unknown": "?"}


def checked(view: View) -> dict[str, Any]:
    """Everything the check finds, as plain data: numbers, texts, lists and None (not known)."""
    radar = look(view)
    findings = [*radar.findings, *radar.accepted]
    return {
        "check_version": CHECK_VERSION, "date": view.today.isoformat(),
        "catalogue": f"{view.catalogue.id} {view.catalogue.version}",
        "findings": [_finding(view, finding) for finding in findings],
        "unknown": [_unknown(view, finding) for finding in radar.unknown],
        "gone": [pattern.id for pattern in radar.gone],
        "since": None if radar.since is None else {"code": radar.since.code, "on": str(radar.since.on)},
        "silenced": [{"code": pattern.id, "name": pattern.name, "reason": pattern.silenced} for pattern in radar.silenced],
        "gates": [_gate(view, state) for state in gates(view)],
        "facts": {name: _figure(view, name) for name in FACTS},
    }


def worst(view: View) -> str:
    """The gravest severity among the findings that nobody has accepted; "" when nothing fires."""
    return max((finding.severity for finding in look(view).findings), key=SEVERITIES.index, default="")


def reaches(found: str, limit: str) -> bool:
    """Is this severity ("" for none) at or above that one?"""
    return bool(found) and SEVERITIES.index(found) >= SEVERITIES.index(limit)


def _figure(view: View, name: str) -> dict[str, Any]:
    figure = view.figure(name)
    value = round(figure.value, 6) if isinstance(figure.value, float) else figure.value
    return {"value": value, "records": list(figure.records)} | ({"notes": list(figure.notes)} if figure.notes else {})


def _finding(view: View, finding: Finding) -> dict[str, Any]:
    pattern, response = finding.pattern, finding.response
    found = {"code": pattern.id, "name": pattern.name, "severity": finding.severity, "message": pattern.message,
             "advice": pattern.advice, "facts": {name: _figure(view, name)["value"] for name in finding.figures},
             "records": list(finding.records), "to_change": to_change(view, finding.wish, _values(view, pattern.fires_when)),
             "trend": finding.trend or None, "response": None}
    if response is not None:
        found["response"] = {"code": response.code, "kind": response.response or None, "person": response.person or None,
                             "until": response.until.isoformat() if response.until else None,
                             "reason": response.reason or None, "accepted": finding.accepted, "overdue": finding.overdue}
    if finding.said:
        found["said"] = list(finding.said)
    return found


def _values(view: View, rule: str) -> dict[str, Any]:
    return values_of(view, parse(rule))


def _unknown(view: View, finding: Finding) -> dict[str, Any]:
    return {"code": finding.pattern.id, "name": finding.pattern.name, "severity": finding.severity,
            "missing": [{"fact": name, "title": view.catalogue.facts[name].title, "do": view.catalogue.facts[name].missing,
                         "records": list(finding.figures[name].records)} for name in finding.culprits]}


def _gate(view: View, state: GateState) -> dict[str, Any]:
    signed = state.signed
    return {"code": state.gate.id, "name": state.gate.name, "phase": state.phase.code if state.phase else None,
            "readiness": state.readiness, "stops": state.stops,
            "signed": None if signed is None else {
                "code": signed.code, "on": signed.on.isoformat() if signed.on else None, "verdict": signed.verdict or None,
                "readiness": signed.readiness, "stops": signed.stops, "reopened": signed.reopened},
            "items": [_item(state.phase.code if state.phase else "", view, item) for item in state.items]}


def _item(phase: str, view: View, item: ItemState) -> dict[str, Any]:
    seen = view.of_phase(phase) if phase else view
    values = _values(seen, item.item.ok_when) if item.item.ok_when else {}
    found = {"code": item.item.id, "text": item.item.text, "kind": item.item.kind, "hard": item.item.hard, "state": item.state,
             "facts": {name: figure.value for name, figure in item.figures.items()},
             "records": list(dict.fromkeys(code for figure in item.figures.values() for code in figure.records))
             if item.state not in READY else [],
             "to_change": to_change(seen, item.wish, values)}
    if item.mark is not None:
        found["mark"] = {"code": item.mark.code, "mark": item.mark.mark, "person": item.mark.person,
                         "on": item.mark.on.isoformat() if item.mark.on else None, "reason": item.mark.reason or None}
    return found


# ---- written out ----

def as_json(view: View) -> str:
    """The check as JSON."""
    return json.dumps(checked(view), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def as_toml(view: View) -> str:
    """The check as TOML; what is not known is left out."""
    import tomli_w

    return tomli_w.dumps(_filled(checked(view)))


def _filled(value: Any) -> Any:
    """Without anything that is None: TOML has no word for it."""
    if isinstance(value, Mapping):
        return {key: _filled(inner) for key, inner in value.items() if inner is not None}
    return [_filled(inner) for inner in value] if isinstance(value, list) else value


def as_text(view: View, book: Book) -> Iterator[str]:
    """The check as lines for people. `book` is the one of the view; it says what records are called."""
    radar = look(view)
    yield _("Warnings on {day}: {n}").format(day=view.today.isoformat(), n=len(radar.findings))
    if radar.since is not None:
        yield _("Compared with {day}.").format(day=radar.since.on)
    for finding in (*radar.findings, *radar.accepted):
        yield ""
        yield from _warning(view, book, finding)
    for title, lines in ((_("Not known yet: {n}").format(n=len(radar.unknown)), list(_not_known(view, radar.unknown))),
                         (_("Gone since then: {n}").format(n=len(radar.gone)), [pattern.name for pattern in radar.gone]),
                         (_("Left out by the company: {n}").format(n=len(radar.silenced)),
                          [f"{pattern.name}: {pattern.silenced}" for pattern in radar.silenced])):
        if lines:
            yield ""
            yield title
            for line in lines:
                yield from _wrapped(line)
    yield ""
    yield _("Gates")
    states, reached = gates(view), True
    for state in states:  # what holds the later ones back is not for now
        yield from _gate_lines(state, book, stops=reached)
        reached = reached and state is not current(states)


def _warning(view: View, book: Book, finding: Finding) -> Iterator[str]:
    """One finding: what is the matter, the figures with their records, what to do, and what the group says to it."""
    pattern, response, facts = finding.pattern, finding.response, view.catalogue.facts
    notes = [_(_SEVERITIES[finding.severity]), *([_(_TRENDS[finding.trend])] if finding.trend else []), pattern.id]
    yield f"{pattern.name}  ({', '.join(notes)})"
    yield from _wrapped(pattern.message)
    for name in finding.culprits:
        figure = finding.figures[name]
        yield from _wrapped(f"{facts[name].title}: {shown(facts[name], figure.value)}"
                            + (f" ({'; '.join(figure.notes)})" if figure.notes else ""))
        for code in figure.records[:_MOST]:
            yield from _wrapped(_named(book, code), "      ")
        if (more := len(figure.records) - _MOST) > 0:
            yield "      " + ngettext("and {n} more", "and {n} more", more).format(n=more)
    yield from _wrapped(_("Do: {advice}").format(advice=pattern.advice))
    if response is not None:
        words = _("Accepted until {day} by {who}.") if finding.accepted else _("Overdue since {day}: {who}.") if (
            finding.overdue) else _("Until {day}: {who}.") if response.until else _("Not complete yet: {code}.")
        yield from _wrapped(words.format(day=response.until, who=_named(book, response.person) if response.person else "?",
                                         code=response.code))


def _not_known(view: View, findings: Iterable[Finding]) -> Iterator[str]:
    facts = view.catalogue.facts
    for finding in findings:
        yield f"{finding.pattern.name}: " + " ".join(facts[name].missing for name in finding.culprits[:2])


def _gate_lines(state: GateState, book: Book, *, stops: bool) -> Iterator[str]:
    phase = f" ({_named(book, state.phase.code)})" if state.phase else ""
    counted = ngettext("{n} stop", "{n} stops", state.stops).format(n=state.stops)
    signed = "" if state.signed is None else "  " + (_("opened again") if state.signed.reopened else _("signed {day}").format(
        day=state.signed.on))
    yield f"    {state.readiness:3} %  {counted:<9} {state.gate.name}{phase}{signed}"
    for item in state.items:
        if stops and item.stops:
            yield from _wrapped(f"{_SIGNS[item.state]} {item.item.text}", "                   ")


def _named(book: Book, code: str) -> str:
    row = book.get(code)
    if row is not None and row.declared.single:
        return f"{code} {_(row.declared.title)}"
    return code + (name_of(row) if row is not None else "")


_MOST = 10
"""Records that are named for one finding."""


def _wrapped(text: str, pad: str = "    ") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=pad, subsequent_indent=pad, break_long_words=False,
                         break_on_hyphens=False)


FORMATS = ("text", "json", "toml")

__all__ = ["CHECK_VERSION", "FORMATS", "as_json", "as_text", "as_toml", "checked", "reaches", "worst"]
