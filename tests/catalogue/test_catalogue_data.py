"""The shipped files: complete, valid, and written for people."""

import re
import tomllib
from collections.abc import Callable, Iterator

import pytest

from crm_workbook.analysis import scoring
from crm_workbook.analysis.facts import FACTS
from crm_workbook.analysis.facts.view import View
from crm_workbook.catalogue import Catalogue, load, problems
from crm_workbook.catalogue.core import DATA
from crm_workbook.catalogue.expressions import AllOf, Leaf, OneOf, Wish, parse, wishes
from crm_workbook.catalogue.rows import KINDS
from tests.analysis.healthy import TODAY, healthy

COUNTS = {
    "stage": 12,
    "department": 11,
    "role": 18,
    "role_conflict": 16,
    "motive": 20,
    "promise": 14,
    "fear": 12,
    "function_level": 4,
    "function": 45,
    "training_element": 14,
    "metric": 28,
    "goal_example": 32,
    "workshop": 10,
    "workaround_kind": 11,
    "evidence_level": 5,
    "question_section": 12,
    "question": 90,
    "term": 34,
    "survey_question": 18,
    "contract_item": 14,
    "cost_bucket": 18,
    "fact": 158,
    "pattern": 40,
    "self_check": 16,
    "gate": 5,
    "gate_item": 50,
    "free_day": 2,
    "param": 59,
    "word_list": 2,
}

WHOLE = {"options", "fields", "people", "effort points", "functions", "months", "defects", "years", "answers", "weeks"}
"""Units of params that are counted."""

NOT_FOR_READING = {"id", "applies_when", "when", "ref", "times_ref", "scale", "param", "fires_when", "escalate_when", "ok_when"}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


def test_nothing_is_wrong_with_the_shipped_files(catalogue: Catalogue) -> None:
    assert problems(catalogue) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_complete(catalogue: Catalogue, kind: str) -> None:
    assert len(catalogue.rows(kind)) == COUNTS[kind]
    assert catalogue.titles(kind).keys() == catalogue.rows(kind).keys()
    assert all(catalogue.titles(kind).values())


def test_every_file_belongs_to_a_kind() -> None:
    assert {path.stem for path in DATA.glob("*.toml")} == {kind.file for kind in KINDS.values()} | {"catalogue"}


@pytest.mark.parametrize("path", sorted(DATA.glob("*.toml")), ids=lambda path: path.stem)
def test_every_file_says_in_two_lines_what_it_holds(path: object) -> None:
    lines = DATA.joinpath(str(path)).read_text(encoding="utf-8").splitlines()
    assert [line[:2] for line in lines[:3]] == ["# ", "# ", ""]


def texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for key, item in value.items():
                if key not in NOT_FOR_READING and (key, item) != ("unit", ""):  # plain counts have no unit
                    yield from texts(item)
        case list():
            for item in value:
                yield from texts(item)


@pytest.mark.parametrize("path", sorted(DATA.glob("*.toml")), ids=lambda path: path.stem)
def test_texts_are_short_and_calm_and_plain(path: object) -> None:
    for text in texts(tomllib.loads(DATA.joinpath(str(path)).read_text(encoding="utf-8"))):
        assert 0 < len(text) <= 160, text
        assert text == text.strip() and "  " not in text, text
        assert not re.search(r"[!\[\]*`<>#{}\\|~]", text), text


def test_identity(catalogue: Catalogue) -> None:
    assert (catalogue.id, catalogue.version, catalogue.language) == ("crm.core", "1.0.0", "en")


def test_values_of_several_shapes(catalogue: Catalogue) -> None:
    assert catalogue.motives["mo-growth"].sound
    assert catalogue.functions["f-reminders"].prerequisites == ("f-tasks", "f-calendar")
    assert [name for name, row in catalogue.functions.items() if row.base_set] == [
        "f-users-rights", "f-backup", "f-import", "f-duplicates", "f-search",
    ]  # fmt: skip
    assert catalogue.functions["f-ai-hints"].tags == ("gadget", "fashion")
    assert catalogue.params["p_tco_years"].value == 3
    assert catalogue.params["p_hidden_cost_share"].value == 0.25
    assert "overnight" in catalogue.word_lists["miracle_phrases"].words
    assert [level.factor for level in catalogue.evidence_levels.values()] == [0.0, 0.5, 0.8, 0.95, 1.0]
    assert list(catalogue.evidence_levels) == ["0", "1", "2", "3", "4"]
    assert [section.order for section in catalogue.question_sections.values()] == list(range(1, 13))
    assert sum(question.core for question in catalogue.questions.values()) == 12
    assert sum(question.knockout for question in catalogue.questions.values()) == 5
    assert sum(question.cost is not None for question in catalogue.questions.values()) == 46


def test_a_question_with_all_its_parts(catalogue: Catalogue) -> None:
    question = catalogue.questions["dbms-licence-cost"]
    assert [(option.id, option.value) for option in question.options] == [
        ("never", 1.0), ("included-now", 0.3), ("extra", 0.5), ("extra-unknown", 0.1), ("unknown", 0.0),
    ]  # fmt: skip
    assert question.flags[0].values == ("included-now", "extra-unknown", "unknown")
    assert question.cost is not None
    assert question.cost.bucket == "dbms"


def test_each_cost_group_can_be_reached(catalogue: Catalogue) -> None:
    opened = {question.cost.bucket for question in catalogue.questions.values() if question.cost}
    assert opened == set(catalogue.cost_buckets)


def test_each_param_says_which_values_it_can_have(catalogue: Catalogue) -> None:
    for id, param in catalogue.params.items():
        assert param.fits and 0 <= param.low < param.high <= 10_000, id
        assert param.unit != "share" or (param.low, param.high, param.whole) == (0, 1, False), id
        assert param.whole == (param.unit in WHOLE or id in {"p_accept_days", "p_grace_days"}), id


def test_no_fact_needs_the_questions_but_those_that_say_so(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a condition of a question could ask for a fact that asks whether the question applies."""
    asked: list[str] = []
    for name in ("applies", "flags_of", "raised", "holds"):
        monkeypatch.setattr(scoring, name, noting(getattr(scoring, name), asked))
    needing = set()
    for id in FACTS:
        asked.clear()
        View(healthy(), catalogue, TODAY).value(id)
        if asked:
            needing.add(id)
    assert "vendor_question_coverage" in needing
    assert needing <= {id for id, fact in catalogue.facts.items() if fact.from_answers}


def noting(function: Callable[..., object], names: list[str]) -> Callable[..., object]:
    def ask(*given: object) -> object:
        names.append(function.__name__)
        return function(*given)

    return ask


def test_rules_speak_of_facts_and_params(catalogue: Catalogue) -> None:
    rules = [
        *(pattern.fires_when for pattern in catalogue.patterns.values()),
        *(pattern.escalate_when for pattern in catalogue.patterns.values() if pattern.escalate_when),
        *(item.ok_when for item in catalogue.gate_items.values() if item.ok_when),
    ]
    spoken = {name for rule in rules for name in parse(rule).names}
    assert spoken <= {*catalogue.facts, *catalogue.params}
    assert len(spoken & {*catalogue.facts}) > 100


def test_every_pattern_shows_how_it_fires_and_how_it_goes_out(catalogue: Catalogue) -> None:
    params = {id: param.value for id, param in catalogue.params.items()}
    healthy = {id: fact.healthy for id, fact in catalogue.facts.items()}
    for pattern in catalogue.patterns.values():
        rule = parse(pattern.fires_when)
        assert pattern.triggers and rule.value(params | healthy) is False, pattern.id
        for trigger in pattern.triggers:
            wish = wishes(rule, {**params, **healthy, **trigger}, healthy)
            asked = {name for leaf in leaves(wish) for name in trigger if name in str(leaf.node)}
            assert rule.value({**params, **healthy, **trigger}) is True and asked, pattern.id


def leaves(wish: Wish | None) -> Iterator[Leaf]:
    match wish:
        case Leaf():
            yield wish
        case AllOf(parts) | OneOf(parts):
            for part in parts:
                yield from leaves(part)


def test_values_of_rules(catalogue: Catalogue) -> None:
    lists = catalogue.patterns["fp-long-lists"]
    assert (lists.severity, lists.escalate_to, lists.silenced) == ("warn", "serious", "")
    assert [dict(trigger) for trigger in lists.triggers] == [{"dropdowns_over_limit": 1}]
    assert catalogue.patterns["fp-weak-sponsor"].triggers[0]["sponsor_named"] is False
    assert catalogue.facts["sponsor_named"].healthy is True
    assert catalogue.facts["sponsor_days_silent"].healthy == 9
    assert {gate.id for gate in catalogue.gates.values() if gate.per_phase} == {"gate-go-live", "gate-close"}
    assert {item.gate for item in catalogue.gate_items.values()} == set(catalogue.gates)
    assert {day.on for day in catalogue.free_days.values()} == {"01-01", "12-25"}
