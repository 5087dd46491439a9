"""Chapter 4, Requirements: what was asked, what was answered, and what the CRM must do."""
from __future__ import annotations

from datetime import date

from crm_workbook.records.declare import Record, choice, day, known, knowns, line, link, links, text, tick

PRIORITIES = {"must": "must", "should": "should", "later": "later", "gadget": "gadget"}
REQUIREMENT_STATES = {"proposed": "proposed", "accepted": "accepted", "rejected": "rejected"}


class SurveyAnswer(Record, prefix="S", table="survey_answer", chapter="requirements", title="Survey answers",
                   one="survey answer", about="What people answered. The name may stay empty; the department helps.",
                   label=("answer",), columns=("answer", "question", "department", "on")):
    question: str = known("Question", of="survey_question", needed=True)
    answer: str = text("Answer", needed=True)
    department: str = link("Department", to="department", needed=True)
    person: str = link("Person", "May stay empty.", to="person")
    on: date | None = day("On")


class Interview(Record, prefix="I", table="interview", chapter="requirements", title="Interviews", one="interview",
                about="Talks with future users at their place of work.", label=("title",),
                columns=("title", "on", "people")):
    title: str = line("About", needed=True)
    people: tuple[str, ...] = links("With whom", to="person", needed=True)
    on: date | None = day("On", needed=True)
    by: str = link("Asked by", to="person")
    notes: str = text("What we heard")


class Suggestion(Record, prefix="SG", table="suggestion", chapter="requirements", title="Suggestions", one="suggestion",
                 about="Ideas and wishes of users. Each one gets an answer; a reasoned no is an answer.",
                 columns=("title", "department", "on", "state", "answered_on")):
    title: str = text("Suggestion", needed=True)
    department: str = link("Department", to="department")
    person: str = link("From whom", "May stay empty.", to="person")
    on: date | None = day("On", needed=True)
    state: str = choice("State", options={"open": "open", "accepted": "taken up", "declined": "declined", "done": "done"})
    answer: str = text("Our answer")
    answered_on: date | None = day("Answered on")
    requirement: str = link("Became requirement", to="requirement")


class Requirement(Record, prefix="R", table="requirement", chapter="requirements", title="Requirements", one="requirement",
                  about="What the CRM must make possible, in the words of the people who need it.",
                  columns=("title", "priority", "state", "department", "goals", "phase")):
    title: str = line("Requirement", "I open a client and want to see ...", needed=True)
    why: str = text("Why", "What happens today without it? 'It is usual' is no reason.")
    priority: str = choice("Priority", "A must is something without which the system is not bought.", options=PRIORITIES,
                           needed=True)
    state: str = choice("State", options=REQUIREMENT_STATES, needed=True)
    department: str = link("Department", to="department", needed=True)
    author: str = link("Written by", to="person")
    goals: tuple[str, ...] = links("Serves the CRM goals", to="crm_goal", needed=True, heading="Links", short="Goals")
    processes: tuple[str, ...] = links("Needed in the processes", to="process")
    functions: tuple[str, ...] = knowns("Functions", "Functions of a CRM that would bring it.", of="function")
    phase: str = link("Planned for phase", to="phase")
    tester: str = link("Who will test it", to="person")
    accepted_on: date | None = day("Works and accepted on", "Filled in after the acceptance test.")
    note: str = text("Notes")


class Conflict(Record, prefix="X", table="conflict", chapter="requirements", title="Conflicts", one="conflict",
               about="Two requirements that contradict each other, and how it was settled.",
               label=("title",), columns=("first", "second", "title", "settled_on")):
    title: str = line("What contradicts", needed=True)
    first: str = link("Requirement", to="requirement", owner=True, needed=True)
    second: str = link("Other requirement", to="requirement", owner=True, needed=True)
    settled: str = text("How it was settled")
    settled_on: date | None = day("Settled on")


class SignOff(Record, prefix="SO", table="sign_off", chapter="requirements", title="Sign-offs", one="sign-off",
              about="Each department signs its requirements; at least one everyday user signs too.",
              label=("department", "person"), columns=("department", "person", "everyday_user", "on")):
    department: str = link("Department", to="department", owner=True, needed=True)
    person: str = link("Signed by", to="person", needed=True)
    everyday_user: bool = tick("Is an everyday user")
    on: date | None = day("On", needed=True)
    note: str = text("Notes")
