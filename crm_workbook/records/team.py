"""Chapter 2, Team: departments, offices, people and who may decide what."""
from __future__ import annotations

from datetime import date
from decimal import Decimal

from crm_workbook.records.declare import Record, choice, day, integer, known, line, link, money, number, text, tick, yes_no

SIDES = {"client": "our company", "vendor": "the vendor", "outside": "somebody else"}


class Department(Record, prefix="D", table="department", chapter="team", title="Departments", one="department",
                 about="Every department whose people will enter or use something in the CRM.",
                 columns=("name", "users", "head", "announced", "needs_asked")):
    name: str = line("Name", needed=True)
    kind: str = known("Kind of department", "Choose the nearest one.", of="department")
    users: int | None = integer("Future users", "How many people here will enter or use something?", unit="people",
                                needed=True, short="Users")
    head: str = link("Head", to="person")
    impact: int | None = integer("How much will change here", "1 hardly anything, 5 nearly everything.", low=1, high=5)
    usage: str = text("Who will use the CRM, and how", "A few sentences, written by the department itself.", needed=True)
    announced: date | None = day("Told why the CRM comes", "The day on which they were told.", needed=True,
                                 heading="Were they involved?", short="Told")
    fears_asked: date | None = day("Asked about worries")
    needs_asked: date | None = day("Asked about needs", short="Asked")
    details_clarified: date | None = day("Details made clear together")


class Office(Record, prefix="O", table="office", chapter="team", title="Offices", one="office",
             about="Every place where people will use the CRM, with its measured Internet line.",
             columns=("name", "users", "down_mbps", "up_kbps", "ping_ms")):
    name: str = line("Name", needed=True)
    users: int | None = integer("Users here", unit="people", needed=True)
    calls: int | None = integer("Calls at once", "Telephone calls at the same time in the busiest hour.")
    down_mbps: float | None = number("Download, measured", "Measure in the busiest hour.", unit="Mbit/s", low=0, needed=True,
                                     heading="Internet line", short="Down")
    up_kbps: float | None = number("Upload, measured", "Measure in the busiest hour.", unit="kbit/s", low=0, needed=True,
                                   short="Up")
    ping_ms: float | None = number("Ping, measured", "Time of a tiny message there and back.", unit="ms", low=0, needed=True,
                                   short="Ping")
    measured_on: date | None = day("Measured on")
    second_line: bool | None = yes_no("Is there a second line or a mobile backup?", needed=True)


class Person(Record, prefix="M", table="person", chapter="team", title="People", one="person",
             about="Everybody who takes part, on both sides: the working group, the sponsor, the vendor's people.",
             columns=("name", "department", "job", "in_group", "hours")):
    name: str = line("Name", needed=True)
    side: str = choice("Belongs to", options=SIDES)
    department: str = link("Department", to="department")
    job: str = line("Job")
    in_group: bool = tick("Member of the working group", short="Group")
    from_it: bool = tick("Works in IT")
    everyday_user: bool = tick("Works with clients or their data every day", "A future everyday user, not the head.")
    decider: bool = tick("Decides on the vendor")
    early_follower: bool = tick("Starts first and shows colleagues")
    hours: float | None = number("Hours for the project", "Hours a week that were really promised.", unit="h/week", low=0,
                                 high=168, short="Hours")
    decides_up_to: Decimal | None = money("Decides alone up to", "The largest amount this person may decide without asking.")
    agrees_with_idea: bool | None = yes_no("Agrees with the idea that unites us")
    contact: str = line("How to reach", "Telephone or mail.")
    note: str = text("Notes")


class Assignment(Record, prefix="A", table="assignment", chapter="team", title="Roles", one="role",
                 about="Who has which role. Begin with the sponsor, the project manager and the process owner.",
                 label=("role", "person"), columns=("role", "person", "hours", "since", "until")):
    role: str = known("Role", of="role", needed=True)
    person: str = link("Person", to="person", owner=True, needed=True)
    deputy: str = link("Deputy", "Who decides when this person is away?", to="person")
    hours: float | None = number("Hours for this role", unit="h/week", low=0, high=168)
    since: date | None = day("Since")
    until: date | None = day("Until", "Empty while the person has the role.")
    confirmed: bool | None = yes_no("Sponsor: money and people's hours confirmed?")
    relieved_hours: float | None = number("Expert: hours taken off", "Other work taken off this person.", unit="h/week", low=0)
    incentive: str = line("Expert: incentive", "What this person gets for it.")
    objections: str = text("What speaks against it", "For example: also leads the vendor's project, no free hours.")
    waiver: str = text("Why we accept it all the same", "A reason and a name, when roles clash or something speaks against it.")


class Nomination(Record, prefix="NO", table="nomination", chapter="team", title="Nominations", one="nomination",
                 about="Who could be the internal expert: the colleague who learns first and helps the others.",
                 label=("person",), columns=("person", "respected", "understands_programs", "understands_work", "willing")):
    person: str = link("Person", to="person", owner=True, needed=True)
    daily: bool | None = yes_no("Works with clients' data every day")
    respected: bool | None = yes_no("Is asked by colleagues already")
    no_faction: bool | None = yes_no("Belongs to no faction")
    understands_programs: int | None = integer("Understands how programs work", "1 hardly, 5 very well.", low=1, high=5)
    understands_work: int | None = integer("Knows the work that earns most", "1 hardly, 5 very well.", low=1, high=5)
    willing: bool | None = yes_no("Wants it")
    relieved_hours: float | None = number("Hours taken off", unit="h/week", low=0)
    incentive: str = line("Incentive")
    by: str = link("Nominated by", to="person")
    on: date | None = day("On")


class Interest(Record, prefix="DI", table="interest", chapter="team", title="Declared interests", one="declaration",
               about="Everybody who decides says whether they gain from a certain choice. Having nothing to declare counts.",
               label=("person",), columns=("person", "has_interest", "title", "settled")):
    person: str = link("Person", to="person", owner=True, needed=True)
    has_interest: bool | None = yes_no("Gains something from a certain choice?", needed=True)
    title: str = text("What", "Commission, shares, relatives, gifts, invitations.")
    settled: str = text("How it was settled", "For example: does not vote on this vendor.")
    on: date | None = day("Declared on")


class SponsorTalk(Record, prefix="ST", table="sponsor_talk", chapter="team", title="Talks with the sponsor",
                  one="talk with the sponsor", about="Each contact with the sponsor. Ten minutes a month are enough.",
                  columns=("title", "on")):
    title: str = line("About", needed=True)
    on: date | None = day("On", needed=True)
    result: str = text("Result")


class Question(Record, prefix="Q", table="question", chapter="team", title="Questions between the sides", one="question",
               about="Questions that the company and the vendor ask each other, with the day of the answer.",
               columns=("title", "asked_by", "asked_on", "answered_on")):
    title: str = text("Question", needed=True)
    asked_by: str = choice("Asked by", options=SIDES, needed=True)
    person: str = link("Who asks", to="person")
    asked_on: date | None = day("Asked on", needed=True)
    waits_for: str = link("Who should answer", to="person")
    answer: str = text("Answer")
    answered_on: date | None = day("Answered on")


class OpenDecision(Record, prefix="OD", table="open_decision", chapter="team", title="Open decisions", one="decision",
                   about="What has to be decided, by whom, and what was decided.",
                   columns=("title", "raised_on", "decider", "decided_on")):
    title: str = line("What has to be decided", needed=True)
    raised_on: date | None = day("Raised on", needed=True)
    decider: str = link("Who decides", to="person", needed=True)
    decision: str = text("Decision and reason")
    decided_on: date | None = day("Decided on")


class RoleChange(Record, prefix="RC", table="role_change", chapter="team", title="Changes of people", one="change of people",
                 about="When a key person changes, the successor reads the goals and confirms them.",
                 label=("role",), columns=("role", "before", "after", "on", "confirmed_on")):
    role: str = known("Role", of="role", needed=True)
    before: str = link("Before", to="person")
    after: str = link("Now", to="person")
    on: date | None = day("On", needed=True)
    confirmed_on: date | None = day("Goals confirmed on", needed=True)


class Scale(Record, prefix="SZ", table="scale", chapter="team", title="Size of the task", one="the size of the task",
            single=True):
    users_total: int | None = integer("Users in all", "Everybody who will enter or use something.", unit="people", needed=True)
    users_at_once: int | None = integer("Users at once", "Working at the same time in the busiest hour.", unit="people",
                                        needed=True)
    users_mobile: int | None = integer("Users on a phone", unit="people")
    calls_at_once: int | None = integer("Calls at once", "In the busiest hour of the slowest office.")
    data_gb: float | None = number("Data after three years", "Cards, letters and files together. A rough guess is enough.",
                                   unit="GB", low=0)
    letters_per_day: int | None = integer("Letters on the largest mailing day")
    branch_note: str = text("Notes")
    users_growth: float | None = number("Growth of users a year", "How many more each year, once all have started.", unit="%",
                                        low=-100, high=1000)


