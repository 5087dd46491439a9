"""What the group says to a finding: that somebody does something, that the risk is accepted, or that it does not apply."""
from __future__ import annotations

from typing import TYPE_CHECKING

from crm_workbook.analysis.finders import Gap
from crm_workbook.analysis.radar import graver
from crm_workbook.i18n import N_, _
from crm_workbook.records.radar import FindingResponse
from crm_workbook.screens.actions import register_page
from crm_workbook.screens.dialogs import DialogKey
from crm_workbook.screens.gaps import open_gap
from crm_workbook.screens.trail import Again, lead_back, remember
from crm_workbook.screens.words import full_stop

if TYPE_CHECKING:
    from crm_workbook.analysis.facts import View
    from crm_workbook.analysis.radar import Finding
    from crm_workbook.screens.titles import Titles
    from crm_workbook.screens.workbook import WorkbookScreen

ANSWERS = {"act": DialogKey("d", "answer('act')", N_("we act"), N_("We do something about it")),
           "accept": DialogKey("a", "answer('accept')", N_("accept"), N_("We accept the risk for now")),
           "dismiss": DialogKey("x", "answer('dismiss')", N_("not ours"), N_("It does not apply to us"))}
"""What a group can say to a finding; the keys are the choices of `FindingResponse.response`."""
NEEDED = {"act": N_("Write down who does what until when."),
           "accept": N_("This counts with a name, a day and a reason. The warning keeps quiet until that day."),
           "dismiss": N_("This counts with a name, a day and a reason. The warning keeps quiet until that day.")}
_SAID = {"act": N_("{who} does something about it until {day}: {reason}"),
         "accept": N_("{who} accepts the risk until {day}: {reason}"),
         "dismiss": N_("{who} says that it does not apply, until {day}: {reason}")}


def answer(screen: WorkbookScreen, finding: Finding, response: str, again: Again) -> None:
    """Leads into the form of what the group says to a finding: the answer that is there, or a new one with this `response`
    when there is none, its day has passed, or the warning is graver by now. `again`: opens the finding again."""
    given = finding.response
    if given is not None and not finding.overdue and not graver(given, finding.severity):
        open_gap(screen, Gap(given.code, missing_in(given) or "response"), _("There is an answer already. Change it here."),
                 again=again, linger=True)
        return
    remember(screen, again)
    screen.open_kind(FindingResponse)
    if (page := register_page(screen)) is not None:
        page.when_ready(lambda: page.add({"pattern": finding.pattern.id, "response": response, "severity": finding.severity}))
    lead_back(screen)
    screen.say(_(NEEDED[response]))


def missing_in(response: FindingResponse) -> str:
    """The first field that the answer needs and that is empty; "" when it is complete. Who acts need not say how."""
    fields = response.declared.fields.values()
    return next((field.name for field in fields if field.needed and response[field.index] == field.empty
                 and (field.name, response.response) != ("reason", "act")), "")


def response_text(finding: Finding, titles: Titles, view: View) -> str:
    """What the group says to a finding, in sentences; "" when it says nothing yet."""
    response = finding.response
    if response is None:
        return ""
    if missing_in(response):
        return _("The answer {code} is not complete. It needs a name, a day and a few words.").format(code=response.code)
    person = titles.book.get(response.person)
    who = titles.label(person) if person is not None else response.person
    reason = titles.shown(response.declared.fields["reason"], response.reason)
    text = _(_SAID[response.response]).format(who=who, day=response.until, reason=reason).rstrip(": ")
    return " ".join(filter(None, (full_stop(text), _without_effect(finding, view, who))))


def _without_effect(finding: Finding, view: View, who: str) -> str:
    """Why an answer does not keep the warning quiet."""
    given, days = finding.response, int(view.param("p_accept_days"))
    if finding.overdue:
        return _("(That day has passed.)")
    if given is None or given.until is None or given.response == "act" or finding.accepted or not finding.fires:
        return ""
    if graver(given, finding.severity):
        return _("(It does not count any more: the warning has become graver.)")
    if (given.until - view.today).days > days:
        return _("(It does not count: that day is more than {n} days away.)").format(n=days)
    return _("(It does not count: {who} is not one of ours.)").format(who=who)
