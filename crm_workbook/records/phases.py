"""Chapter 6, Phases: from basic to advanced, step by step, each step tested and accepted."""
from __future__ import annotations

from datetime import date

from crm_workbook.records.declare import Record, choice, day, integer, known, line, link, links, text, tick

SEVERITIES = {"critical": "critical: work stops", "major": "major: work is hindered", "minor": "minor"}


class Phase(Record, prefix="PH", table="phase", chapter="phases", title="Phases", one="phase",
            about="Steps from basic to advanced. The first one is small and shows a result within a month.",
            columns=("title", "start", "go_live", "end", "closed_on")):
    title: str = line("Name", needed=True)
    order: int | None = integer("Order", "1 is the first phase.", low=1, high=99)
    goals: tuple[str, ...] = links("CRM goals it serves", to="crm_goal", needed=True)
    departments: tuple[str, ...] = links("Departments that start", to="department")
    users: int | None = integer("Users of this phase", unit="people")
    start: date | None = day("Start", needed=True, heading="Dates")
    first_result: date | None = day("First visible result", "A day within the first month.", needed=True)
    go_live: date | None = day("In daily use from", needed=True, short="In use")
    end: date | None = day("End", needed=True)
    buffer_days: int | None = integer("Buffer", "Days kept free for what nobody foresaw.", unit="days")
    closed_on: date | None = day("Closed on")
    client_mark: int | None = integer("Our mark", "1 bad, 5 very good.", low=1, high=5, heading="At the end")
    vendor_mark: int | None = integer("The vendor's mark", "1 bad, 5 very good.", low=1, high=5)
    note: str = text("Notes")


class PhaseFunction(Record, prefix="FN", table="phase_function", chapter="phases", title="Functions", one="function",
                    about="Which functions of the CRM come in which phase. Eight in the first phase are enough.",
                    label=("function",), columns=("function", "phase", "reason", "used_from")):
    phase: str = link("Phase", to="phase", owner=True, needed=True)
    function: str = known("Function", of="function", needed=True)
    reason: str = line("Why do we need it", "'It is usual' is no reason.", needed=True)
    goals: tuple[str, ...] = links("CRM goals it serves", to="crm_goal")
    points: int | None = integer("Effort points", "Empty: the usual effort from the catalogue.", low=0, high=999)
    used_from: date | None = day("Used since")


class AcceptanceTest(Record, prefix="T", table="acceptance_test", chapter="phases", title="Acceptance tests", one="test",
                     about="How we shall see that a function does what was agreed.",
                     columns=("title", "phase", "function", "tester", "passed_on")):
    title: str = line("Test", "What is done, and what must come out?", needed=True)
    phase: str = link("Phase", to="phase")
    function: str = known("Function", of="function")
    requirement: str = link("Requirement", to="requirement")
    tester: str = link("Tester", to="person", needed=True)
    passed_on: date | None = day("Passed on")
    note: str = text("What was seen")


class Release(Record, prefix="RL", table="release", chapter="phases", title="Releases", one="release",
              about="Each version given to everybody. Before that, both sides test it.",
              columns=("title", "phase", "vendor_tested_on", "client_tested_on", "given_on")):
    title: str = line("Version", needed=True)
    phase: str = link("Phase", to="phase")
    vendor_tested_on: date | None = day("Tested by the vendor's group on", needed=True)
    client_tested_on: date | None = day("Tested by our testers on", needed=True)
    given_on: date | None = day("Given to everybody on")


class Defect(Record, prefix="DF", table="defect", chapter="phases", title="Defects", one="defect",
             about="Faults that tests or daily work have shown.",
             columns=("title", "severity", "found_on", "agreed_on", "closed_on")):
    title: str = line("What happens", needed=True)
    severity: str = choice("How bad", options=SEVERITIES, needed=True)
    phase: str = link("Phase", to="phase")
    found_on: date | None = day("Found on", needed=True)
    found_by: str = link("Found by", to="person")
    agreed_on: date | None = day("To be repaired by")
    closed_on: date | None = day("Repaired and checked on")
    note: str = text("Notes")


class GateMark(Record, prefix="GM", table="gate_mark", chapter="phases", title="Gate items", one="gate item",
               about="What a person has ticked on the list of a gate, or accepted although it is not there yet.",
               label=("item",), columns=("item", "mark", "phase", "person", "on")):
    item: str = known("Item", of="gate_item", needed=True)
    phase: str = link("Phase", "For the gates that each phase passes.", to="phase")
    mark: str = choice("Mark", options={"done": "done", "waived": "accepted as it is"}, needed=True)
    person: str = link("Who", to="person", needed=True)
    on: date | None = day("On", needed=True)
    reason: str = text("Reason", "Needed when something is accepted as it is.")


class GateSignOff(Record, prefix="GS", table="gate_sign_off", chapter="phases", title="Gates", one="gate sign-off",
                  about="Before each large step the group looks at a list and signs.",
                  label=("gate",), columns=("gate", "phase", "on", "verdict", "people")):
    gate: str = known("Gate", of="gate", needed=True)
    phase: str = link("Phase", "For the gates that each phase passes.", to="phase")
    on: date | None = day("On", needed=True)
    verdict: str = choice("Verdict", options={"go": "go", "go_with_conditions": "go, with conditions", "stop": "stop"},
                          needed=True)
    people: tuple[str, ...] = links("Signed by", to="person", needed=True)
    note: str = text("Conditions and reasons")
    reopened: bool = tick("Opened again", heading="When it was opened again")
    reopened_on: date | None = day("Opened again on")
    reopened_by: str = link("Opened by", to="person")
    readiness: int | None = integer("Ready on that day", unit="%", low=0, high=100, heading="What was known on that day")
    stops: int | None = integer("Stops on that day")
    figures: str = text("Figures of that day", "Written by the program: one figure on each line.")
