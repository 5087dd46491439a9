"""Chapter 1, Goals: the two sheets, and why we want this at all."""
from __future__ import annotations

from datetime import date
from decimal import Decimal

from crm_workbook.records.declare import (
    Record,
    choice,
    day,
    integer,
    known,
    line,
    link,
    links,
    money,
    number,
    text,
    tick,
    yes_no,
)

UP_DOWN = {"up": "should rise", "down": "should fall"}


class Project(Record, prefix="PRJ", table="project", chapter="goals", title="The project", one="the project", single=True):
    company: str = line("Company", "The name of your company.", needed=True)
    start: date | None = day("Project start", "The day on which the group began. Days of the project are counted from here.",
                             needed=True)
    idea: str = text("The idea that unites us", "One or two sentences everybody can repeat: why do we do this together?",
                     needed=True)
    rescue: bool | None = yes_no("Is a CRM already there that has to be rescued?")
    currency: str = line("Currency", "Three letters, such as EUR. All amounts in this workbook are in this currency.")
    hour_cost: Decimal | None = money("Cost of one hour of own work", "Used to show what your own hours cost.")
    budget_low: Decimal | None = money("Budget, lower bound", "Agree on it before the first talk with a vendor.")
    budget_high: Decimal | None = money("Budget, upper bound")
    plain_language: bool | None = yes_no(
        "Are the texts understandable?", "The process owner has read phases and requirements and understands them.")


class CompanyGoal(Record, prefix="G", table="company_goal", chapter="goals", title="Company goals", one="company goal",
                  about="What the whole company wants to reach, in the words of each department. Two each are a good start.",
                  columns=("title", "department", "weight", "user_benefit")):
    title: str = line("Goal", "What should the company reach?", needed=True)
    department: str = link("Department", "Which department named this goal?", to="department", needed=True)
    user_benefit: str = line("What its people gain", "What gets easier for the people of this department?", needed=True)
    owner: str = link("Who looks after it", to="person")
    weight: int | None = integer("Weight", "How important is it: 1 a little, 5 very much.", low=1, high=5)
    note: str = text("Notes")


class CrmGoal(Record, prefix="C", table="crm_goal", chapter="goals", title="CRM goals", one="CRM goal",
              about="What the CRM is for. Each CRM goal serves at least one company goal.",
              columns=("title", "company_goals", "owner", "indicator", "baseline", "target")):
    title: str = line("Goal", "What should be different once the CRM is used?", needed=True)
    company_goals: tuple[str, ...] = links("Serves the company goals", "Which company goals does it help to reach?",
                                           to="company_goal", needed=True, short="Serves")
    behaviour: str = text("What people will do differently", "Describe it so that one can see it happen.", needed=True)
    owner: str = link("Who looks after it", "One person who asks about it every month.", to="person", needed=True)
    indicator: str = line("Indicator", "What will be counted or measured?", needed=True, heading="How we shall see it")
    unit: str = line("Unit", "Days, hours, %, pieces ...")
    direction: str = choice("Direction", options=UP_DOWN)
    baseline: float | None = number("Today's value", "Measure it before the start.", needed=True)
    baseline_on: date | None = day("Measured on")
    target: float | None = number("Target", needed=True)
    target_on: date | None = day("To be reached by")
    customer_side: bool | None = yes_no("Would a customer notice it?")
    too_broad: bool = tick("Too broad", "Tick it when it names a result (more profit) and no behaviour.")
    phrase_checked: bool = tick("Wording was checked", "Tick it when a warning about the wording does not apply.")
    note: str = text("Notes")


class Motive(Record, prefix="MO", table="motive", chapter="goals", title="Motives", one="motive",
             about="Why do we want a CRM now? Note every reason you hear. There are no wrong answers here.",
             columns=("motive", "words")):
    motive: str = known("Motive", "Choose the nearest one.", of="motive", needed=True)
    words: str = text("In our own words")
    said_by: str = link("Who said it", to="person")


class Reason(Record, prefix="RE", table="reason", chapter="goals", title="Gain and avoid", one="reason",
             about="Two columns: what we want to gain, and what we want to avoid.", columns=("side", "title")):
    title: str = line("Reason", needed=True)
    side: str = choice("Column", options={"gain": "what we gain", "avoid": "what we want to avoid"}, needed=True)


class Expectation(Record, prefix="E", table="expectation", chapter="goals", title="Expectations", one="expectation",
                  about="What people hope the CRM will bring, and how we shall see whether it came true.",
                  columns=("title", "department", "check")):
    title: str = line("Expectation", "What do you hope for?", needed=True)
    department: str = link("Department", to="department")
    check: str = text("How we shall see it", "By what will we notice that it came true?", needed=True)
    expected: int | None = integer("Expected", "1 a little, 5 a lot.", low=1, high=5)
    got: int | None = integer("Got", "Filled in after the phase: 1 a little, 5 a lot.", low=1, high=5)
    phrase_checked: bool = tick("Wording was checked", "Tick it when a warning about the wording does not apply.")


class Fear(Record, prefix="FE", table="fear", chapter="goals", title="Fears", one="fear",
           about="What worries people. Each fear deserves an answer on which the group agreed.",
           columns=("fear", "words", "department", "agreed")):
    fear: str = known("Fear", "Choose the nearest one.", of="fear", needed=True)
    words: str = text("In their own words")
    department: str = link("Department", to="department")
    answer: str = text("Our answer", "What do we say and do about it?", needed=True)
    agreed: bool = tick("The group agreed on the answer", short="Agreed")


class Postponed(Record, prefix="PP", table="postponed", chapter="goals", title="Put off", one="postponed item",
                about="What was put off. It needs a day, a place and a way, or it is forgotten.",
                columns=("title", "when", "times")):
    title: str = line("What was put off", needed=True)
    when: date | None = day("When shall we come back to it?", needed=True)
    where: str = line("Where", "In which meeting or place?", needed=True)
    how: str = line("How", "Who does what first?", needed=True)
    times: int | None = integer("How often put off so far")


class EarlierAttempt(Record, prefix="EA", table="earlier_attempt", chapter="goals", title="Earlier attempts",
                     one="earlier attempt", about="Earlier introductions, here or elsewhere, and what they taught.",
                     columns=("title", "year", "lesson")):
    title: str = line("What was tried", needed=True)
    year: int | None = integer("Year", low=1970, high=2200)
    lesson: str = text("What we learnt from it", needed=True)


class StrategyChange(Record, prefix="SC", table="strategy_change", chapter="goals", title="Changes of strategy",
                     one="change of strategy", about="When the company changes its course, the goals must be read again.",
                     columns=("title", "on", "reviewed_on")):
    title: str = line("What changed", needed=True)
    on: date | None = day("On", needed=True)
    reviewed_on: date | None = day("Goals read again on", needed=True)
