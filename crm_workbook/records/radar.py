"""Chapter 8, Radar: what the group says to the patterns that the workbook finds."""
from __future__ import annotations

from datetime import date

from crm_workbook.records.declare import Record, choice, day, line, link, text


class FindingResponse(Record, prefix="FR", table="finding_response", chapter="radar", title="Responses", one="response",
                      about="What the group does about a warning: who does it until when, or who accepts the risk until when.",
                      label=("pattern",), columns=("pattern", "response", "person", "until")):
    pattern: str = line("Warning", needed=True)
    response: str = choice("What we do", options={"act": "we do something about it", "accept": "we accept the risk",
                                                  "dismiss": "it does not apply to us"}, needed=True)
    person: str = link("Who", to="person", needed=True)
    until: date | None = day("Until", "After this day the warning comes back.", needed=True)
    reason: str = text("What, or why", needed=True)
