"""What a decision rested on, so that it can be explained a year later: the figures of that day, and what they would be today.

The figures are kept as text in `Choice.figures`, one on each line (`V1.fit = 0.82`; it is TOML, and a person can read it).
Beside them stands what no figure shows: motives that have nothing to do with the work, and what the deciders gain.
"""
from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from crm_workbook.analysis import costs, scoring
from crm_workbook.analysis.comparison import Standing, compare
from crm_workbook.analysis.facts.view import View, shared
from crm_workbook.i18n import N_, _
from crm_workbook.records import KINDS, TEXT_LIMIT, split_code
from crm_workbook.records.book import Book
from crm_workbook.records.edits import Change, Edit
from crm_workbook.records.goals import Motive
from crm_workbook.records.requirements import Requirement
from crm_workbook.records.team import Interest, Person
from crm_workbook.records.vendors import Answer, Choice, Vendor

if TYPE_CHECKING:
    from crm_workbook.catalogue.rows import Question

Amount = float | Decimal | str | bool | None
"""A figure: a share from 0 to 1, a number, money, a code or an answer; None: not known."""

IMPORTANCE = "importance"
"""In place of a weighing: the weights were those of the questions."""
LONG = 200
"""Characters of an answer that are kept."""

FIGURES: Mapping[str, str] = {
    "first": N_("First in the table"), "winner": N_("Highest score"), "proven_winner": N_("Highest proven score"),
    "weights": N_("Weights"), "years": N_("Years of costs"), "there": N_("Among the candidates"), "out": N_("Ruled out"),
    "must_gaps": N_("Musts that are not met"), "must_open": N_("Musts nobody has marked"), "fit": N_("Fit"),
    "claimed": N_("Score"), "proven": N_("Proven score"), "coverage": N_("Questions answered"), "cost": N_("Cost, at least"),
    "open": N_("Amounts open"), "answer": N_("Answer"), "evidence": N_("How sure we are")}
"""What is kept, with its name. The first five are about all vendors, the last two about an answer that decided."""
KEPT_ON = "kept_on"
"""Stands before the figures when they were not kept on the day of the decision: the day on which they were."""
SHARES = frozenset({"fit", "claimed", "proven", "coverage"})
"""Those that are shown in per cent."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Figures that were kept: about all vendors by name, and by the code of a vendor or an answer and by name. What was not
    known is left out. `on`: the day on which they were kept, when it was a later one than that of the decision."""

    whole: Mapping[str, Amount] = field(default_factory=dict)
    of: Mapping[str, Mapping[str, Amount]] = field(default_factory=dict)
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """A figure that is another one with today's evidence. `of`: the code of a vendor or an answer, "" for all vendors."""

    of: str
    figure: str
    then: Amount
    now: Amount


# ---- the figures ----

def figures(view: View, choice: Choice | None = None, years: int | None = None) -> Kept:
    """The figures of this View: the comparison, and the answers that decided (of this decision, or of the one that holds).

    `years`: costs over these, whatever the decision says."""
    made = choice or scoring.decision(view)
    view = as_held(view, made) if made is not None else view
    found, period = compare(view), costs.period(view)
    whole: dict[str, Amount] = {
        "first": found.standings[0].vendor.code if found.inside else None, "winner": found.winner,
        "proven_winner": found.proven_winner, "weights": found.round.code if found.round else IMPORTANCE,
        "years": float(years or period)}
    of: dict[str, Mapping[str, Amount]] = {}
    for one in found.standings:
        paid = one.costs if years in (None, period) else costs.costs(view, one.vendor.code, years)
        of[one.vendor.code] = _known(_standing(one, paid))
    for code in made.answers if made else ():
        row = view.find(Answer, code)
        if row is not None:
            of[code] = _known({"answer": scoring.reply(row)[:LONG], "evidence": row.evidence})
    return Kept(_known(whole), of)


def as_held(view: View, choice: Choice) -> View:
    """The View in which this decision is the only one: an older one is compared with its own vendor and its own years."""
    if scoring.decision(view) == choice:
        return view
    rows = [row for kind in KINDS if kind is not Choice for row in view.rows(kind)]
    only = choice.with_value("on", None)  # one of a later day does not hold yet
    return View(Book.of([*rows, only]), view.catalogue, view.today, zone=view.zone)


def _standing(one: Standing, paid: costs.Costs) -> dict[str, Amount]:
    return {"there": True, "out": bool(one.out), "must_gaps": float(len(one.fit.must_gaps)),
            "must_open": float(len(one.fit.must_open)), "fit": one.fit.value, "claimed": one.claimed, "proven": one.proven,
            "coverage": one.coverage, "cost": paid.total if one.priced else None, "open": float(paid.open_amounts)}


def _known(values: Mapping[str, Amount]) -> dict[str, Amount]:
    return {name: value for name, value in values.items() if value not in (None, "")}


def figures_of(view: View, choice: Choice | None = None, years: int | None = None) -> str:
    """The same as text, to be kept in `Choice.figures`."""
    kept = figures(view, choice, years)
    lines = list(kept.whole.items())
    lines += [(f"{code}.{name}", value) for code, values in kept.of.items() for name, value in values.items()]
    return "\n".join(f"{name} = {_written(value)}" for name, value in lines)


def to_keep(view: View, choice: Choice, *, late: bool = False) -> list[Edit]:
    """The edit that keeps the figures of today with a decision that is made today; none when they stand there, or when it was
    made on another day. `late`: also with an older one that has none; the text says on which day they were kept."""
    today = choice.on == view.today
    if not choice.vendor or not (today or (late and not choice.figures.strip())):
        return []
    text = figures_of(view, choice)
    text = text if today else f"{KEPT_ON} = {view.today.isoformat()}\n{text}"
    return [Change(choice.code, "figures", choice.figures, text)] if text != choice.figures and len(text) <= TEXT_LIMIT else []


def _written(value: Amount) -> str:
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    assert value is not None
    return repr(int(value) if value == int(value) else round(value, 6))


def read_figures(text: str) -> Kept:
    """The figures of such a text. Lines that are none are left out: a person may have written between them."""
    whole, of, on = dict[str, Amount](), dict[str, dict[str, Amount]](), None
    for line in text.splitlines():
        name, mark, value = (part.strip() for part in line.partition("="))
        if mark and name == KEPT_ON:
            on = _day(value)
            continue
        code, dot, figure = name.rpartition(".")
        read = _read(figure, value) if mark and figure in FIGURES else None
        if read is None:
            continue
        if dot:
            of.setdefault(code, {})[figure] = read
        else:
            whole[figure] = read
    return Kept(whole, of, on)


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _read(figure: str, value: str) -> Amount:
    """What stands behind the sign; None when it is no figure."""
    try:
        if value[:1] == '"' or value in ("true", "false"):
            found = json.loads(value)
            return found.encode("utf-8", "replace").decode() if isinstance(found, str) else bool(found)
        number = Decimal(value)
    except (ValueError, InvalidOperation):
        return None
    if not number.is_finite() or abs(number) >= Decimal(scoring.LARGEST):
        return None
    return number if figure == "cost" else float(number)


# ---- today's evidence ----

def drift(view: View, choice: Choice) -> tuple[Drift, ...]:
    """Which kept figures are others with today's evidence, in the order of `FIGURES`: first those about all vendors, then by
    vendor, then the answers that decided. Shares count in whole per cent and money in whole units, as they are shown. Empty
    when nothing was kept.

    Costs are compared over the years of that day, also when the decision says other ones by now. A vendor that came or went
    is one line.
    """
    then = read_figures(choice.figures)
    if not then.whole and not then.of:
        return ()
    return tuple(_drift(then, read_figures(figures_of(view, choice, _years(then)))))  # both as they are written: rounded alike


def _years(kept: Kept) -> int | None:
    years = kept.whole.get("years")
    least, most = costs.YEARS
    return int(years) if isinstance(years, float) and least <= years <= most else None


def _drift(then: Kept, now: Kept) -> Iterator[Drift]:
    yield from _others("", then.whole, now.whole)
    years = then.whole.get("years") == now.whole.get("years")  # not so when a person has written something else there
    for code in dict.fromkeys((*then.of, *now.of)):
        old, new = then.of.get(code, {}), now.of.get(code, {})
        if not old and "there" not in new:
            continue  # an answer that was named after that day
        if ("there" in old) != ("there" in new):
            yield Drift(code, "there", "there" in old, "there" in new)
        else:
            yield from (one for one in _others(code, old, new) if years or one.figure not in ("cost", "open"))


def _others(of: str, old: Mapping[str, Amount], new: Mapping[str, Amount]) -> Iterator[Drift]:
    for name in FIGURES:
        then, now = old.get(name), new.get(name)
        if _seen(name, then) != _seen(name, now):
            yield Drift(of, name, then, now)


def _seen(figure: str, value: Amount) -> Amount:
    if isinstance(value, float | Decimal):
        return round(value * 100) if figure in SHARES else round(value)
    return value


def shown(view: View, figure: str, value: Amount) -> str:
    """A figure as people read it: '82 %', 'yes', '12 000', 'Alpha', 'not known'."""
    if value is None:
        return _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return _shown_text(view, figure, value)
    return f"{round(value * 100)} %" if figure in SHARES else f"{round(value):,}".replace(",", " ")


def _shown_text(view: View, figure: str, value: str) -> str:
    if figure == "weights":
        return _("from the importance of the questions") if value == IMPORTANCE else value
    if figure == "evidence":
        level = view.catalogue.evidence_levels.get(value)
        return level.name if level else value
    row = view.find(Vendor, value) if figure in ("first", "winner", "proven_winner") else None
    return row.name or value if row is not None else value


def sentence(view: View, one: Drift) -> str:
    """'Alpha, fit: 82 % on that day, 71 % with today's evidence.'"""
    row = view.find(Vendor, one.of)
    name = ", ".join(filter(None, (one.of if row is None else row.name or one.of, _(FIGURES[one.figure]))))
    return _("{name}: {then} on that day, {now} with today's evidence.").format(
        name=name, then=shown(view, one.figure, one.then), now=shown(view, one.figure, one.now))


# ---- what the texts name ----

class Cited(NamedTuple):
    """What a decision names, by its links and in its texts. `missing`: codes of requirements and answers in the texts that
    belong to none."""

    requirements: tuple[Requirement, ...]
    answers: tuple[Answer, ...]
    questions: tuple[Question, ...]
    missing: tuple[str, ...]


_WORDS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def cited(view: View, choice: Choice) -> Cited:
    """The requirements (R12), answers (VA7) and questions to vendors (dbms-which) that a decision rests on, each once, the
    linked ones first."""
    words = _WORDS.findall(f"{choice.reason}\n{choice.rejected}\n{choice.dissent}")
    codes, missing = dict.fromkeys((*choice.requirements, *choice.answers)), list[str]()
    for word in dict.fromkeys(words):
        kind = _kind(word)
        if kind is not None and view.find(kind, word) is None:
            missing.append(word)
        elif kind is not None:
            codes[word] = None
    questions = view.catalogue.questions
    return Cited(tuple(filter(None, (view.find(Requirement, code) for code in codes))),
                 tuple(filter(None, (view.find(Answer, code) for code in codes))),
                 tuple(questions[word] for word in dict.fromkeys(words) if word in questions), tuple(missing))


def _kind(word: str) -> type[Requirement] | type[Answer] | None:
    try:
        kind, _number = split_code(word)
    except ValueError:
        return None
    return Requirement if kind is Requirement else Answer if kind is Answer else None


# ---- beside the figures ----

@shared
def motives_of(view: View) -> tuple[Motive, ...]:
    """The motives that were heard and that are no reason to buy anything (not `sound` in the catalogue)."""
    known = view.catalogue.motives
    return tuple(row for row in view.rows(Motive) if row.motive in known and not known[row.motive].sound)


class Declared(NamedTuple):
    """What one decider declared; None when nothing was declared yet, not even "nothing to declare"."""

    person: Person
    interest: Interest | None


def interests_of(view: View, choice: Choice) -> tuple[Declared, ...]:
    """The declarations of those who decided, in their order; a person with several stands there with each."""
    found = list[Declared]()
    for code in choice.deciders:
        person = view.find(Person, code)
        if person is None:
            continue
        rows = [row for row in view.where(Interest, "person", code) if row.has_interest is not None or row.title.strip()]
        found += [Declared(person, row) for row in rows] or [Declared(person, None)]
    return tuple(found)
