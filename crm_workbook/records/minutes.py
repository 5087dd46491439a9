"""Chapter 9, Minutes: the meetings, and what left the workbook."""
from __future__ import annotations

from datetime import date

from crm_workbook.records.declare import Record, choice, day, known, line, link, links, text


class Workshop(Record, prefix="WS", table="workshop", chapter="minutes", title="Meetings", one="meeting",
               about="Every meeting of the group: who was expected, who came, what was decided.",
               columns=("title", "agenda", "on", "attended")):
    title: str = line("Title", needed=True)
    agenda: str = known("Agenda", of="workshop")
    on: date | None = day("On", needed=True)
    led_by: str = link("Led by", to="person")
    expected: tuple[str, ...] = links("Expected", to="person")
    attended: tuple[str, ...] = links("Came", to="person", needed=True)
    result: str = text("Results and decisions", needed=True)


class Handout(Record, prefix="XP", table="handout", chapter="minutes", title="Copies", one="copy",
              about="Exports and backups: when something last left this workbook.", label=("kind", "on"),
              columns=("on", "kind", "title")):
    title: str = line("Where to")
    kind: str = choice("What", options={"summary": "summary", "full": "full export", "backup": "backup"}, needed=True)
    on: date | None = day("On", needed=True)


class Unfinished(Record, prefix="U", table="unfinished", chapter="minutes", title="Unfinished entries", one="unfinished entry",
                 about="Texts that could not be taken over yet: a number that is not one, or a text that met another.",
                 label=("record", "field"), columns=("record", "field", "text", "who")):
    record: str = line("Record", needed=True)
    field: str = line("Field", needed=True)
    text: str = text("Text")
    who: str = line("Who")
