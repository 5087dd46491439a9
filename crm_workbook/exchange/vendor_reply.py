"""A question sheet that a vendor has filled in: read, compared with what is noted, and taken over as a person decides.

    reply = read_reply(path, view)             FileRefused when it is no sheet of this workbook
    shown = preview(reply, view)               one item for each question
    workbook.apply(edits_of(shown, None))      what is new, and what confirms our notes; or the questions that somebody named

Nothing that the group has noted is overwritten without being asked for, and no answer is taken in part.
"""
from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from crm_workbook.analysis import scoring
from crm_workbook.analysis.facts.view import View
from crm_workbook.exchange.files import FileRefused
from crm_workbook.exchange.vendor_file import Filled, Row, no_sheet, read_filled, short
from crm_workbook.exchange.vendor_sheet import FORMAT, NO_LIMIT, NUMBERS, YES_NO, fingerprint, identity_of, plain
from crm_workbook.exchange.vendor_values import Written, written
from crm_workbook.i18n import N_, _
from crm_workbook.records import TEXT_LIMIT, Value
from crm_workbook.records.edits import Change, Create, Edit
from crm_workbook.records.goals import Project
from crm_workbook.records.text import one_line
from crm_workbook.records.vendors import ANSWER_STATES, Answer, Vendor

if TYPE_CHECKING:
    from crm_workbook.catalogue.rows import Question

Kind = Literal["new", "same", "differs", "left_out", "changed", "refused"]
KINDS: dict[Kind, str] = {
    "refused": N_("Cannot be taken over"), "changed": N_("Changed since it was sent out"),
    "differs": N_("Differs from our notes"), "new": N_("New"), "same": N_("As in our notes"), "left_out": N_("Left out")}
"""What can be said of a question of the file, and how it is called; what a person has to look at comes first."""
USUAL: frozenset[Kind] = frozenset({"new", "same"})
"""What is taken over without being named."""
WRITTEN = "2"
"""Evidence of an answer that the vendor has written itself."""
REPLY_VERSION = 1
"""Version of the layout of the preview as JSON."""


class ForeignFile(FileRefused):
    """A sheet that was made in another workbook or for another vendor, by the names in it. A person may know better: then it is
    read for the `vendor` that has the code of the file here."""

    def __init__(self, sentence: str, vendor: str) -> None:
        super().__init__(sentence)
        self.vendor = vendor


@dataclass(frozen=True, slots=True)
class Reply:
    """A file that belongs to this vendor (its code). `problems`: sentences about the file as a whole."""

    vendor: str
    filled: Filled
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One question of the file. `noted` and `replied`: in words, "" for nothing. `cell`: where the answer stands, "" when the
    line is gone. `edits`: what taking it over comes to; for what is no answer, a note with the vendor's words."""

    question: str
    kind: Kind
    noted: str
    replied: str
    cell: str
    sentence: str
    title: str = ""
    edits: tuple[Edit, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a reply would do, in the order of the file; `problems` are sentences about the file as a whole."""

    vendor: str
    items: tuple[Item, ...]
    problems: tuple[str, ...]
    name: str = ""

    def of(self, kind: Kind) -> tuple[Item, ...]:
        """The items of a kind."""
        return tuple(item for item in self.items if item.kind == kind)

    @property
    def usual(self) -> frozenset[str]:
        """The questions that are taken over without being named."""
        return frozenset(item.question for item in self.items if item.kind in USUAL)


def read_reply(path: str | os.PathLike[str], view: View, vendor: str = "") -> Reply:
    """The reply in a file (.xlsx or .toml). `vendor`: a person says that it belongs to this vendor, although the names in it
    are others by now. Raises FileRefused for a file that cannot be read, ForeignFile for one that belongs elsewhere."""
    filled = read_filled(path)
    known, name = filled.identity, filled.name
    if not known.get("format", "").isdecimal() or not known.get("vendor"):
        raise no_sheet(name)
    if int(known["format"][:9]) > FORMAT:
        raise FileRefused(_("{name} was made by a newer version of this program. Update crm-workbook, then try again.").format(
            name=name))
    code = vendor or known["vendor"]
    row = view.find(Vendor, code)
    if row is None:
        _check_company(known, identity_of(view, Vendor()), name, "")
        raise FileRefused(_("{name} belongs to the vendor {code} {vendor}, and this workbook has none of that code.").format(
            name=name, code=short(code, 12), vendor=short(known.get("vendor_name", ""))).replace("  ", " "))
    ours = identity_of(view, row)
    if known.get("catalogue") != ours["catalogue"]:
        raise FileRefused(_("{name} holds the questions of another catalogue ({found}); here it is {ours}.").format(
            name=name, found=short(known.get("catalogue", "?")), ours=ours["catalogue"]))
    if not vendor:
        _check_home(known, ours, name)
    problems = list(filled.notices)
    if known.get("version") != ours["version"]:
        problems.insert(0, _("The file has version {found} of the questions, here it is {ours}. Questions that were reworded "
                             "are listed.").format(found=short(known.get("version", "?"), 20), ours=ours["version"]))
    return Reply(row.code, filled, tuple(problems))


def _check_home(known: Mapping[str, str], ours: Mapping[str, str], name: str) -> None:
    """ForeignFile when the file was made in another workbook, or for another vendor."""
    code = ours["vendor"]
    _check_company(known, ours, name, code)
    theirs = known.get("vendor_name", "")
    if theirs.casefold() != ours["vendor_name"].casefold():
        raise ForeignFile(_("{name} was made for {code} {theirs}; here {code} is {ours}.").format(
            name=name, code=code, theirs=short(theirs) or "?", ours=ours["vendor_name"] or "?"), code)


def _check_company(known: Mapping[str, str], ours: Mapping[str, str], name: str, code: str) -> None:
    """ForeignFile when the file was made in the workbook of another company."""
    if known.get("project") and ours["project"] and known["project"] != ours["project"]:
        raise ForeignFile(_("{name} is the file of another company: it was made for {company}, and this workbook is that of "
                            "{ours}.").format(name=name, company=short(known.get("company", "")) or "?",
                                              ours=ours["company"]), code)


# ---- compared with what is noted ----

def preview(reply: Reply, view: View) -> Preview:
    """What the reply would do to the workbook as it is now. Pure; nothing is written."""
    return Preview(reply.vendor, tuple(_items(reply, view)), reply.problems, reply.filled.name)


def edits_of(preview: Preview, take: Collection[str] | None = None) -> list[Edit]:
    """The edits for the questions with these ids; without ids for what is new or only confirms our notes (`USUAL`)."""
    wanted = preview.usual if take is None else take
    return [edit for item in preview.items if item.question in wanted for edit in item.edits]


def _items(reply: Reply, view: View) -> Iterator[Item]:
    filled, questions = reply.filled, view.catalogue.questions
    times = Counter(row.question for row in filled.rows)
    places = {id_: [row.place for row in filled.rows if row.question == id_] for id_, count in times.items() if count > 1}
    for row in filled.rows:
        question = questions.get(row.question)
        if question is None or question.answered_by != "vendor":
            yield Item(short(row.question), "refused", "", "", row.place, _(
                "{place}: the question {id} is not known here, or not one to vendors.").format(
                    place=row.place, id=short(row.question)))
        elif row.question not in places:
            yield _Judging(reply, view, question, row).item()
        elif row.place == places[row.question][0]:
            noted = _in_words(view, question, scoring.answers(view, reply.vendor).get(question.id))
            yield Item(row.question, "refused", noted, "", row.place, _(
                "{places}: the same question stands there more than once. Ask which answer counts.").format(
                    places=", ".join(places[row.question])), plain(question.text))
    for id_ in filled.fingerprints:
        if id_ not in times and (question := questions.get(id_)) is not None:
            noted = _in_words(view, question, scoring.answers(view, reply.vendor).get(id_))
            yield Item(id_, "left_out", noted, "", "", _("The line was deleted from the file."), plain(question.text))


class _Judging:
    """One question: what the vendor wrote beside what is noted."""

    def __init__(self, reply: Reply, view: View, question: Question, row: Row) -> None:
        self.reply, self.view, self.question, self.row = reply, view, question, row
        self.noted = scoring.answers(view, reply.vendor).get(question.id)
        self.given: Written = written(question, row, view.only(Project).currency)

    def item(self) -> Item:
        """What there is to say about it."""
        given = self.given
        if given.problem:
            return self._is("refused", given.problem, self._as_note() if len(self._note()) <= TEXT_LIMIT else ())
        if len(self._note()) > TEXT_LIMIT:
            return self._is("refused", _("{place}: the words do not fit in beside those that are noted already.").format(
                place=given.place))
        if not given.state:
            if given.words or given.where:
                edits = self._as_note()
                return self._is("left_out", _("No answer, only words. They can be kept as a note.") if edits else _(
                    "No answer, only words, and these are noted already."), edits)
            return self._is("left_out", _("No answer in the file. What you noted stays.") if self._is_noted() else _(
                "No answer in the file."))
        if change := self._change():
            return self._is("changed", change, self._confirmed() if self._is_same() else self._taken())
        if self._is_same():
            edits = self._confirmed()
            return self._is("same", _("As noted; now it stands in writing.") if edits else _("As noted."), edits)
        if given.state == "not_applicable":
            return self._is("differs", _("The vendor says that this does not apply. Taken over, it counts no longer. Look "
                                         "whether that is so."), self._taken())
        if self._is_open():
            return self._is("new", self._newly(), self._taken())
        return self._is("differs", self._difference(), self._taken())

    def _is(self, kind: Kind, sentence: str, edits: tuple[Edit, ...] = ()) -> Item:
        given = self.given
        if any(isinstance(edit, Change) and edit.field == "evidence" and _level(str(edit.new)) < _level(str(edit.old))
               for edit in edits):
            sentence += " " + self._better()
        replied = _short(_value_in_words(self.question, given.value) or _(ANSWER_STATES.get(given.state, "")) or given.words)
        return Item(self.question.id, kind, _in_words(self.view, self.question, self.noted), replied, given.place, sentence,
                    plain(self.question.text), edits)

    def _change(self) -> str:
        """What has happened to the question since the file was made; "" for nothing."""
        place, cell = self.given.place, self.row.cells.get("question")
        sent = self.reply.filled.fingerprints.get(self.question.id)
        if sent is None:
            return _("{place}: this question was not in the file that was sent out.").format(place=place)
        if sent != fingerprint(self.question):
            return _("{place}: the question or its choices were worded in another way when the file was made. Look whether the "
                     "answer still fits.").format(place=place)
        if cell is not None and (cell.formula or " ".join(str(cell.value or "").split()) != " ".join(
                plain(self.question.text).split())):
            return _('{place}: the words of the question were changed in the file. There it is: "{found}"').format(
                place=cell.place, found=short(cell.value or "", 120))
        return ""

    def _is_open(self) -> bool:
        """Is nothing noted that could be lost?"""
        noted = self.noted
        return noted is None or (noted.state in ("", "later") and not noted.value.strip())

    def _is_noted(self) -> bool:
        """Has the group written anything about it?"""
        noted = self.noted
        return noted is not None and bool(noted.state or noted.value.strip() or noted.note.strip())

    def _newly(self) -> str:
        """What there was before an answer that replaces none."""
        if not self._is_noted():
            return _("Not noted before.")
        assert self.noted is not None
        if self.noted.state == "later":
            return _("Noted so far: the answer comes later.")
        return _("So far only your note stands there; it stays.")

    def _is_same(self) -> bool:
        noted, given = self.noted, self.given
        if noted is None:
            return False
        if given.state != "answered":
            return noted.state == given.state
        if noted.state not in ("", "answered", "unsure"):
            return False
        if given.value == scoring.NO_LIMIT or scoring.unlimited(self.question, noted):
            return noted.value.strip() == given.value
        if self.question.answer_type in NUMBERS:
            return scoring.number(noted) == float(given.value)
        return " ".join(noted.value.split()).casefold() == " ".join(given.value.split()).casefold()

    def _difference(self) -> str:
        noted = self.noted
        assert noted is not None
        if scoring.reply(noted) == scoring.UNKNOWN:
            return _("Until now there was no clear answer. Take it over if this is one.")
        return _("We noted something else{sure}. It stays as noted unless you take the answer over.").format(sure=self._sure())

    def _better(self) -> str:
        """Said wherever something would weigh less than what it replaces."""
        names = self.view.catalogue.evidence_levels
        return _("What is noted we know better{sure}; taken over, it counts only as: {written}.").format(
            sure=self._sure(), written=names[WRITTEN].name if WRITTEN in names else WRITTEN)

    def _sure(self) -> str:
        level = self.view.catalogue.evidence_levels.get(self.noted.evidence) if self.noted is not None else None
        return f" ({level.name})" if level else ""

    # ---- edits ----

    def _taken(self) -> tuple[Edit, ...]:
        """The answer as the vendor wrote it, and what we made of another one no longer."""
        given, noted, today = self.given, self.noted, self.view.today
        values: dict[str, Value] = {"state": given.state}
        if noted is None or noted.asked_on is None:  # else the day on which it was asked stays
            values["asked_on"] = today
        if given.words:
            values["note"] = self._note()
        if given.state != "later":
            sure = noted.evidence if noted is not None and self._is_open() else ""
            values |= {"reference": self._reference(), "evidence_on": today,
                       "evidence": max(WRITTEN, sure, key=_level)}
        if given.value:  # what was noted stays beside "does not know", "does not apply" and "later"
            values |= {"value": given.value, "mark": ""}
        return self._edits(values)

    def _confirmed(self) -> tuple[Edit, ...]:
        """What is noted already, now in writing: nothing is replaced by something weaker."""
        given, noted, today = self.given, self.noted, self.view.today
        assert noted is not None
        values: dict[str, Value] = {}
        if not noted.state:
            values["state"] = given.state
        if given.words:
            values["note"] = self._note()
        if given.state != "later" and _level(noted.evidence) < _level(WRITTEN):
            values |= {"evidence": WRITTEN, "evidence_on": today, "reference": self._references()}
        return self._edits(values | ({"asked_on": today} if values and noted.asked_on is None else {}))

    def _as_note(self) -> tuple[Edit, ...]:
        """Only the words, for what is no answer."""
        if not (self.given.words or self.given.where):
            return ()
        return self._edits({"note": self._note(), "reference": self._references()})

    def _note(self) -> str:
        """The vendor's words below those that are noted already."""
        before, words = self.noted.note if self.noted is not None else "", self.given.words
        return before if words in before else "\n".join(filter(None, (before, words)))

    def _reference(self) -> str:
        source = f"{self.reply.filled.name}, {self.given.place}"
        return f"{self.given.where} ({source})" if self.given.where else source

    def _references(self) -> str:
        """Where it is written, behind what stands there already."""
        before, found = self.noted.reference if self.noted is not None else "", self._reference()
        both = "; ".join(filter(None, (before, found)))
        return before if found in before or len(both) > TEXT_LIMIT else both

    def _edits(self, values: dict[str, Value]) -> tuple[Edit, ...]:
        noted = self.noted
        if noted is None:
            held = {name: value for name, value in values.items() if value not in ("", None)}
            return (Create(Answer, {"vendor": self.reply.vendor, "question": self.question.id, **held}),)
        return tuple(Change(noted.code, name, noted.get(name), value) for name, value in values.items()
                     if noted.get(name) != value)


def _level(evidence: str) -> int:
    return int(evidence) if evidence.isdecimal() else 0


def _in_words(view: View, question: Question, answer: Answer | None) -> str:
    """What is noted."""
    if answer is None:
        return ""
    if answer.state in ("later", "dont_know", "not_applicable"):
        return _(ANSWER_STATES[answer.state])
    return _short(_value_in_words(question, answer.value))


def _value_in_words(question: Question, value: str) -> str:
    if question.answer_type == "yes_no":
        return _(YES_NO.get(value, value))
    if question.open_ended and value == scoring.NO_LIMIT:
        return _(NO_LIMIT)
    label = next((option.label for option in question.options if option.id == value), value)
    return f"{label} {question.unit}" if question.answer_type == "number" and label[-1:].isdigit() else label


def _short(text: str) -> str:
    return short(one_line(text), 120)


# ---- in words, and as JSON ----

def as_text(preview: Preview) -> Iterator[str]:
    """The preview as lines for people: what has to be looked at first."""
    yield from preview.problems
    for kind, title in KINDS.items():
        items = preview.of(kind)
        if not items:
            continue
        yield ""
        yield f"{_(title)}: {len(items)}"
        for item in items:
            if kind in ("same", "left_out") and not item.edits:
                continue  # there is nothing to decide: the number says it
            yield f"  {item.title or item.question}  [{item.question}{', ' + item.cell if item.cell else ''}]"
            if kind in ("refused", "changed", "differs"):
                yield "      " + _("noted: {noted}").format(noted=item.noted or _("nothing"))
            if item.replied and kind != "same":
                yield "      " + _("in the file: {replied}").format(replied=item.replied)
            if kind != "new":
                yield "      " + item.sentence


def as_json(preview: Preview) -> str:
    """The preview for programs. `takes`: whether something can be taken over; `usual`: whether it is, without being named."""
    items: list[dict[str, Any]] = [
        {"question": item.question, "kind": item.kind, "title": item.title, "noted": item.noted or None,
         "replied": item.replied or None, "cell": item.cell or None, "sentence": item.sentence, "takes": bool(item.edits),
         "usual": item.kind in USUAL} for item in preview.items]
    return json.dumps({"reply_version": REPLY_VERSION, "file": preview.name, "vendor": preview.vendor,
                       "problems": list(preview.problems), "items": items}, ensure_ascii=False, indent=2) + "\n"
