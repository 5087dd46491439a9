"""Chapter 8, Radar: what the group says to the patterns that the workbook finds, and the states it keeps to compare with."""
from __future__ import annotations

from datetime import date

from crm_workbook.records.declare import Record, choice, day, known, knowns, line, link, text, yes_no


class FindingResponse(Record, prefix="FR", table="finding_response", chapter="radar", title="Responses", one="response",
                      about="What the group does about a warning: who does it until when, or who accepts the risk until when.",
                      label=("pattern",), columns=("pattern", "response", "until", "person")):
    pattern: str = known("Warning", of="pattern", needed=True)
    response: str = choice("Our answer", options={"act": "we do something about it", "accept": "we accept the risk",
                                                  "dismiss": "it does not apply to us"}, needed=True)
    person: str = link("Who", to="person", needed=True)
    until: date | None = day("Until", "After this day the warning comes back. A year ahead at most.", needed=True)
    reason: str = text("Reason", "What is done, or why the risk is accepted.", needed=True)
    severity: str = choice("How grave it was then", "Written by the program: a warning that grows graver comes back.",
                           options={"info": "hint", "warn": "warning", "serious": "serious", "blocker": "blocker"})


class SelfCheckAnswer(Record, prefix="SE", table="self_check_answer", chapter="radar", title="Ask yourselves",
                      one="answer", about="Sentences that groups say when something goes wrong. Is it true of you?",
                      label=("statement",), columns=("statement", "applies", "on")):
    statement: str = known("Sentence", of="self_check", needed=True)
    applies: bool | None = yes_no("Is it true of us?", needed=True)
    person: str = link("Who said it", "May stay empty.", to="person")
    on: date | None = day("On")


class Snapshot(Record, prefix="SN", table="snapshot", chapter="radar", title="Kept states", one="kept state",
               about="What the radar showed on a day, usually at a meeting. The next meeting sees what has changed since.",
               label=("on", "title"), columns=("on", "title", "meeting", "findings")):
    title: str = line("Occasion", needed=True)
    on: date | None = day("On", needed=True)
    meeting: str = link("Meeting", to="workshop")
    findings: tuple[str, ...] = knowns("Warnings on that day", of="pattern")
    figures: str = text("Figures of that day", "Written by the program: one figure on each line.")


class LinkCheck(Record, prefix="LK", table="link_check", chapter="radar", title="Confirmed links", one="confirmed link",
                about="When the words of a goal or a requirement change, its links are looked at again and confirmed here.",
                label=("source", "target"), columns=("source", "target", "on", "person")):
    source: str = line("This record", "Its code, such as R12.", needed=True)
    target: str = line("still fits this one", "Its code, such as C3.", needed=True)
    on: date | None = day("On", needed=True)
    person: str = link("Who looked", to="person")
