"""The summary that a group hands round, as TOML: `analysis.summary` written out with a few words above each part."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import tomli_w

from crm_workbook.analysis.summary import summary
from crm_workbook.catalogue import Catalogue
from crm_workbook.exchange.full import comment
from crm_workbook.i18n import N_, _
from crm_workbook.records import CHAPTERS
from crm_workbook.records.book import Book

SUMMARY_VERSION = 1
"""Version of the layout of the summary."""

_HEADER = N_("Summary of a CRM workbook: what was decided, how far we are, and what is still open.\n"
             "\n"
             "It is made for reading and is never imported. What is not known is left out or says so; no figure in it is "
             "a guess. Codes such as G1 or R12 name the records.")
_ABOUT: Mapping[str, str] = {
    "goals": N_("Goals: what the company wants to reach, and what the CRM is for."),
    "team": N_("Team: who takes part, who decides, and what waits for a decision."),
    "processes": N_("Processes: the work as it is and as it will be."),
    "requirements": N_("Requirements: what the CRM must make possible."),
    "vendors": N_("Vendors: the candidates, their answers, and the decision."),
    "phases": N_("Phases: what comes when."),
    "adoption": N_("Adoption: do people learn it, use it, and is repaired what hinders them?"),
    "radar": N_("Radar: what the workbook warns of, how far the gates are, and what the group does about it."),
    "radar.warnings": N_("Warnings on the day of this summary, the gravest first"),
    "radar.gates": N_("Gates: ready_percent counts the items that are ready; no percentage makes up for a stop"),
    "minutes": N_("Minutes: the meetings and their results."),
    "goals.open": N_("Still open"), "team.open": N_("Still open"), "processes.open": N_("Still open"),
    "requirements.open": N_("Still open"), "vendors.open": N_("Still open"), "phases.open": N_("Still open"),
    "adoption.open": N_("Still open"), "minutes.open": N_("Still open"),
    "requirements.count": N_("How many requirements there are, by priority and state"),
    "requirements.musts": N_("Without these the system is not bought"),
    "team.open.decisions": N_("Open decisions, with the person who decides"),
    "team.open.questions": N_("Questions between the two sides that wait for an answer"),
    "adoption.last_week": N_("The youngest weekly figures; active_rate: of 100 users, so many really worked with it"),
    "adoption.open.workarounds": N_("Ways people find to get round something awkward; they show what to repair"),
    "minutes.open.unfinished": N_("Entries that could not be taken over yet"),
}
_NOTHING = N_("Nothing has been written down here yet.")


def write_summary(book: Book, catalogue: Catalogue, today: date, chapter: str = "") -> str:
    """The summary of all chapters on this day, or of one. KeyError for a chapter that does not exist."""
    parts = summary(book, catalogue, today, (chapter,) if chapter else CHAPTERS)
    lines = [comment(_(_HEADER)), f"\nsummary_version = {SUMMARY_VERSION}\n"]
    for name, node in parts.items():
        lines += _table((name,), node)
    return "".join(lines)


def _table(path: tuple[str, ...], node: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """A section and those below it, named by plain keys and codes. `above`: comments of sections that hold only others."""
    about = _ABOUT.get(".".join(path))
    above += (comment(_(about)) if about else "") + ("" if node else comment(_(_NOTHING)))
    plain = {key: value for key, value in node.items() if not isinstance(value, dict)}
    if plain or not node:
        keys = (key if "." not in key else f'"{key}"' for key in path)  # names of a company's own warnings have a dot
        yield f"\n{above}[{'.'.join(keys)}]\n{tomli_w.dumps(plain)}"
        above = ""
    for key, value in node.items():
        if isinstance(value, dict):
            yield from _table((*path, key), value, above)
            above = ""
