"""Chapter 5, Vendors: candidates, their answers with evidence, fit, cost and the decision."""
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

ANSWER_STATES = {"answered": "answered", "unsure": "answered, we are unsure", "dont_know": "the vendor does not know",
                 "not_applicable": "does not apply", "later": "will be answered later"}
YES_PARTLY_NO = {"yes": "yes", "partly": "in part", "no": "no", "unknown": "no clear answer"}
FIT_MARKS = {"works": "works today", "extra": "works with a paid extra", "partly": "works in part",
             "promised": "promised for later", "no": "does not work"}
ANSWER_MARKS = {"good": "good", "fair": "in part", "bad": "bad"}
COST_BASES = {"fixed": "fixed", "user": "for each user", "office": "for each office", "call": "for each call",
              "gb": "for each GB", "hour": "for each hour of our own"}
WEIGHT_METHODS = {"swing": "swing: from the worst to the best", "points": "100 points to spread", "ranks": "order only"}


class Vendor(Record, prefix="V", table="vendor", chapter="vendors", title="Vendors", one="vendor",
             about="The candidates. Two or three are enough for a serious comparison.",
             columns=("name", "product", "state", "contact")):
    name: str = line("Name", needed=True)
    product: str = line("Product and edition")
    state: str = choice("State", options={"candidate": "candidate", "out": "out", "chosen": "chosen"})
    out_because: str = text("Out because")
    contact: str = line("Contact")
    first_talk: date | None = day("First talk on")
    note: str = text("Notes")


class Answer(Record, prefix="VA", table="answer", chapter="vendors", title="Answers", one="answer",
             about="What the vendors answered to the questions, and how sure we are of it.",
             label=("question", "vendor"), columns=("question", "value", "vendor", "evidence", "state"),
             unique=("vendor", "question")):
    vendor: str = link("Vendor", to="vendor", owner=True, needed=True)
    question: str = known("Question", of="question", needed=True)
    state: str = choice("State", options=ANSWER_STATES, needed=True)
    value: str = line("Answer", needed=True)
    note: str = text("In the vendor's words")
    evidence: str = known("How sure are we", of="evidence_level")
    reference: str = line("Where it stands", "Offer page, mail, contract clause, name of the client called.")
    evidence_on: date | None = day("Date of the evidence")
    asked_on: date | None = day("Asked on")
    mark: str = choice("What it is worth", "Only for answers in words: the group judges them.", options=ANSWER_MARKS)


class VendorPromise(Record, prefix="VP", table="vendor_promise", chapter="vendors", title="Big promises", one="promise",
                    about="Promises that sound too good. Each one gets its counter-question.",
                    label=("promise",), columns=("promise", "vendor", "explained"),
                    unique=("vendor", "promise")):
    vendor: str = link("Vendor", to="vendor", owner=True, needed=True)
    promise: str = known("Promise", of="promise", needed=True)
    explained: str = text("How the vendor explained it", "The answer to the counter-question, in writing.", needed=True)


class Fit(Record, prefix="FI", table="fit", chapter="vendors", title="Fit", one="mark",
          about="For each requirement and vendor: does it work today?", label=("requirement", "vendor"),
          columns=("requirement", "mark", "vendor", "note"),
          unique=("vendor", "requirement")):
    vendor: str = link("Vendor", to="vendor", owner=True, needed=True)
    requirement: str = link("Requirement", to="requirement", owner=True, needed=True)
    mark: str = choice("Mark", options=FIT_MARKS, needed=True)
    note: str = line("Note")


class CostLine(Record, prefix="CL", table="cost_line", chapter="vendors", title="Costs", one="cost line",
               about="Every kind of cost, also those nobody has priced yet. An empty amount is never counted as zero.",
               label=("title",), columns=("title", "likely", "vendor", "bucket", "kind")):
    vendor: str = link("Vendor", to="vendor", owner=True, needed=True)
    bucket: str = known("Kind of cost", of="cost_bucket", needed=True)
    title: str = line("What", needed=True)
    kind: str = choice("How often", options={"one_off": "once", "recurring": "every year"}, needed=True)
    basis: str = choice("Counted", options=COST_BASES)
    units: float | None = number("How many", low=0)
    low: Decimal | None = money("Amount, lowest", "For one unit: once, or for one year.")
    likely: Decimal | None = money("Amount, likely", needed=True)
    high: Decimal | None = money("Amount, highest")
    growth: float | None = number("Price growth a year", unit="%", low=-100, high=1000)
    question: str = known("Opened by the question", of="question")
    late: bool = tick("Came up after the contract")
    note: str = text("Notes")
    requirement: str = link("For the requirement", "The requirement that works only with this paid extra.", to="requirement")


class DatabaseTier(Record, prefix="DT", table="database_tier", chapter="vendors", title="Database sizes",
                   one="database size", about="What the vendor's database costs at each size, from small to large.",
                   label=("title",), columns=("title", "vendor", "users", "gb", "price")):
    vendor: str = link("Vendor", to="vendor", owner=True, needed=True)
    title: str = line("Edition or size", needed=True)
    users: int | None = integer("Users at once, at most", "Empty: no limit.", low=1)
    gb: float | None = number("Data, at most", "Empty: no limit.", unit="GB", low=0)
    price: Decimal | None = money("Price for one year", "0 if it costs nothing.", needed=True)
    once: Decimal | None = money("Price once", "What has to be paid when one comes to this size.")


class Payment(Record, prefix="PM", table="payment", chapter="vendors", title="Payments", one="payment",
              about="The payment plan: each stage is paid after it was accepted.",
              label=("title",), columns=("title", "amount", "vendor", "due", "accepted_on", "paid_on")):
    vendor: str = link("Vendor", to="vendor", owner=True, needed=True)
    title: str = line("Stage", needed=True)
    phase: str = link("Phase", to="phase")
    amount: Decimal | None = money("Amount", needed=True)
    due: date | None = day("Due")
    needs_acceptance: bool | None = yes_no("Paid only after acceptance?", needed=True)
    accepted_on: date | None = day("Accepted on")
    paid_on: date | None = day("Paid on")
    both_signed: bool = tick("Both sides signed acceptance and payment")


class ContractPoint(Record, prefix="CP", table="contract_point", chapter="vendors", title="Contract", one="contract point",
                    about="What belongs in the contract, and where it stands.", label=("item",),
                    columns=("item", "state", "vendor", "where"),
                    unique=("vendor", "item")):
    vendor: str = link("Vendor", to="vendor", owner=True, needed=True)
    item: str = known("Point", of="contract_item", needed=True)
    state: str = choice("State", options={"open": "open", "agreed": "in the contract", "not_needed": "not needed"}, needed=True)
    where: str = line("Where it stands", "Number of the clause.")
    note: str = text("Notes")


class Trial(Record, prefix="TR", table="trial", chapter="vendors", title="Trials and demos", one="trial",
            about="Who tried which system, and how it went. A show by the vendor is a demo; work of our own is a trial.",
            label=("vendor", "kind"), columns=("vendor", "kind", "on", "people", "real_load")):
    vendor: str = link("Vendor", to="vendor", owner=True, needed=True)
    kind: str = choice("Kind", options={"demo": "demo by the vendor", "trial": "trial by our people"}, needed=True)
    on: date | None = day("On", needed=True)
    people: tuple[str, ...] = links("Who took part", to="person")
    real_load: bool | None = yes_no("With our amount of data, our computers and our line?")
    result: str = text("What we saw")


class Choice(Record, prefix="DR", table="decision", chapter="vendors", title="Decision", one="decision",
             about="Which vendor, and why. A year later somebody will ask.", label=("vendor",),
             columns=("vendor", "on", "reason", "review_on")):
    vendor: str = link("Chosen vendor", to="vendor", needed=True)
    on: date | None = day("Decided on", needed=True)
    reason: str = text("Reason", "Name the requirements that decided it.", needed=True)
    requirements: tuple[str, ...] = links("Requirements that decided", to="requirement", needed=True)
    deciders: tuple[str, ...] = links("Who decided", to="person", needed=True)
    rejected: str = text("Why not the others")
    dissent: str = text("Who thought otherwise, and why")
    review_on: date | None = day("To be looked at again on")
    reserve: Decimal | None = money("Money kept for refinement", "Reserved for changes after the start.")
    period: int | None = integer("Years to count costs for", low=1, high=15)
    answers: tuple[str, ...] = links("Answers that decided", "They become the promises of the vendor.", to="answer")
    figures: str = text("Figures of that day", "Kept by the program when the decision is made.")


class WeightRound(Record, prefix="WE", table="weight_round", chapter="vendors", title="Weighings", one="weighing",
                  about="How much each group of questions counts. Every member says it alone, then all see it together.",
                  label=("title",), columns=("title", "method", "revealed_on", "sealed_on")):
    title: str = line("Occasion", needed=True)
    method: str = choice("How", options=WEIGHT_METHODS, needed=True)
    members: tuple[str, ...] = links("Who takes part", to="person", needed=True)
    opened_on: date | None = day("Opened on")
    revealed_on: date | None = day("Shown to all on")
    sealed_on: date | None = day("Sealed on")
    sealed_by: tuple[str, ...] = links("Sealed by", to="person")
    weights: str = text("Sealed weights", "Kept by the program when the weights are sealed.")
    seal: str = line("Seal", "A fingerprint of weights, day and members. It shows whether they were changed later.")


class WeightVote(Record, prefix="WV", table="weight_vote", chapter="vendors", title="Weights of the members", one="weight",
                 about="What each member gave in a weighing.", label=("criterion", "person"),
                 columns=("round", "person", "criterion", "points"),
                 unique=("round", "person", "criterion")):
    round: str = link("Weighing", to="weight_round", owner=True, needed=True)
    person: str = link("Member", to="person", needed=True)
    criterion: str = known("Group of questions", of="question_section", needed=True)
    points: float | None = number("Points or place", "Points from 0 to 100; with order only, the place: 1 counts most.",
                                  low=0, high=1000, needed=True)


class Commitment(Record, prefix="PL", table="commitment", chapter="vendors", title="Promise ledger", one="entry",
                 about="What the vendor said and we rely on: as words for the contract, with a test and a tester.",
                 label=("title",), columns=("title", "outcome", "vendor", "tester", "due"),
                 unique=("answer",)):
    vendor: str = link("Vendor", to="vendor", owner=True, needed=True)
    title: str = line("What was promised", needed=True)
    answer: str = link("From the answer", to="answer")
    clause: str = text("Words for the contract", needed=True)
    clause_at: str = line("Where it stands", "Number of the clause.")
    test: str = text("How we shall see it", "What will be tried or measured, and what must come out.", needed=True)
    tester: str = link("Who tests it", to="person", needed=True)
    due: date | None = day("To be tested by", needed=True)
    outcome: str = choice("How it came out", options={"kept": "kept", "broken": "broken"})
    tested_on: date | None = day("Tested on")
    note: str = text("Notes")
