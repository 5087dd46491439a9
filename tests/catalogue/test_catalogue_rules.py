"""Rules that cannot be right are named, in the catalogue and in a company's overlay."""

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from crm_workbook.catalogue import CatalogueError, check_file, load
from crm_workbook.catalogue import overlay as documented
from crm_workbook.catalogue.core import DATA
from crm_workbook.catalogue.rows import KINDS
from crm_workbook.catalogue.shape import Field, shape

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "catalogue.md"

FACTS = """
[[fact]]
id = "goals"
title = "Goals"
type = "int"
unit = ""
stage = "goals"
source = "counted"
meaning = "All goals."
missing = "Write down goals."
healthy = 5

[[fact]]
id = "share"
title = "Share"
type = "float"
unit = "share"
stage = "goals"
source = "measured"
meaning = "A share."
missing = "Measure it."
healthy = 0.5

[[fact]]
id = "named"
title = "Named"
type = "bool"
unit = ""
stage = "goals"
source = "entered"
meaning = "A name is there."
missing = "Write down a name."
healthy = true
"""
PARAMS = """
[params]
p_few = { value = 2, unit = "goals", note = "Few." }
p_many = { value = 9, unit = "goals", note = "Many." }
"""
GATES = '[[gate]]\nid = "gate-x"\norder = 1\nname = "X"\nstage = "goals"\nabout = "About."\n'
PATTERN = {
    "id": "fp-x", "name": "No goals", "stage": "goals", "severity": "warn", "active_from": "goals",
    "fires_when": "goals < p_few", "message": "There are no goals.", "advice": "Write one.", "minutes": 5,
}  # fmt: skip
ITEM = {"id": "g-x", "gate": "gate-x", "text": "Goals", "kind": "auto", "hard": True, "ok_when": "goals >= p_few"}


def toml(value: object) -> str:
    match value:
        case dict():
            return f"{{ {', '.join(f'{key} = {toml(each)}' for key, each in value.items())} }}"
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case _:
            return str(value)


def table(kind: str, values: dict[str, Any]) -> str:
    return "\n".join([f"[[{kind}]]", *(f"{key} = {toml(value)}" for key, value in values.items())]) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalogue with three facts, two params and a gate."""
    for name, content in {"facts": FACTS, "params": PARAMS, "gates": GATES, "patterns": ""}.items():
        (tmp_path / f"{name}.toml").write_text(content, encoding="utf-8")
    (tmp_path / "stages.toml").write_bytes((DATA / "stages.toml").read_bytes())
    return tmp_path


def checked(folder: Path, file: str, content: str) -> list[str]:
    """What is wrong with a file of this catalogue."""
    path = folder / f"{file}.toml"
    path.write_text(content, encoding="utf-8")
    return list(map(str, check_file(path)))


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"triggers": [{"goals": 1}, {"goals": 0, "share": 1, "named": False}]},
        {"escalate_when": "goals == 0 and not named", "escalate_to": "blocker"},
        {"fires_when": "share > 0.1 * goals and (goals > p_few or not named) and not (goals > 4 and share < 0.6)"},
    ],
)
def test_a_sound_pattern_is_accepted(folder: Path, values: dict[str, Any]) -> None:
    assert checked(folder, "patterns", table("pattern", PATTERN | values)) == []


NUMBER = "is a number, where a yes or no is needed. Compare it with another number."


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"fires_when": "goals <"}, 'fires_when: "goals <" cannot be read as an expression.'),
        ({"fires_when": "aims < p_few"}, 'fires_when: the catalogue has no fact or param "aims".'),
        ({"fires_when": "goals"}, f'fires_when: "goals" {NUMBER}'),
        ({"fires_when": "named < 1"}, 'fires_when: "named" is a yes or no, where a number is needed.'),
        ({"fires_when": ""}, "fires_when: expected an expression, found an empty text."),
        ({"fires_when": "goals > p_many and goals < p_few"}, "fires_when: can never be true."),
        ({"fires_when": "p_few > p_many"}, "fires_when: can never be true."),
        ({"fires_when": "goals < 0"}, "fires_when: can never be true."),
        ({"fires_when": "goals > 2 and goals < 3"}, "fires_when: can never be true."),
        ({"fires_when": "share > 1"}, "fires_when: can never be true."),
        ({"fires_when": "goals < p_few or share < 0"}, 'fires_when: the part "share < 0" can never be true.'),
        ({"fires_when": "goals >= p_few or goals <= p_many"}, "fires_when: is always true."),
        (
            {"fires_when": "goals < p_few or (share > 0.9 and share < 0.1)"},
            'fires_when: the part "share > 0.9 and share < 0.1" can never be true.',
        ),
        (
            {"fires_when": "goals < p_few and (named or not named)"},
            'fires_when: the part "named or not named" is always true.',
        ),
        ({"fires_when": "not named and p_few < p_many"}, 'fires_when: the part "p_few < p_many" is always true.'),
        ({"fires_when": "goals > p_few"}, "fires_when: is true even where all is well."),
        ({"escalate_when": "goals == 0"}, "escalate_to: expected escalate_when and escalate_to, or neither."),
        ({"escalate_to": "blocker"}, "escalate_to: expected escalate_when and escalate_to, or neither."),
        (
            {"escalate_when": "goals == 0", "escalate_to": "warn"},
            "escalate_to: expected something graver than warn, found warn.",
        ),
        ({"escalate_when": "share", "escalate_to": "blocker"}, f'escalate_when: "share" {NUMBER}'),
        (
            {"escalate_when": "goals > p_many", "escalate_to": "blocker"},
            "escalate_when: can never be true while the pattern fires.",
        ),
        ({"triggers": [{"goals": 0}, {"goals": 3}]}, "triggers 2: does not make the pattern fire."),
        ({"triggers": [{"goals": 0, "aims": 1}]}, 'triggers 1, aims: the catalogue has no fact "aims".'),
        ({"triggers": [{"p_few": 7}]}, 'triggers 1, p_few: the catalogue has no fact "p_few".'),
        ({"triggers": [{"goals": 0.0}]}, "triggers 1, goals: expected a whole number."),
        ({"triggers": [{"goals": False}]}, "triggers 1, goals: expected a whole number."),
        ({"triggers": [{"goals": 0, "named": 0}]}, "triggers 1, named: expected true or false."),
        ({"active_from": "later"}, 'active_from: the catalogue has no stage "later".'),
        ({"message": " "}, "message: expected a text that is not empty."),
        ({"severity": "bad"}, 'severity: expected one of info, warn, serious, blocker, found "bad".'),
    ],
)
def test_a_pattern_that_cannot_be_right_is_named(folder: Path, values: dict[str, Any], reason: str) -> None:
    assert checked(folder, "patterns", table("pattern", PATTERN | values)) == [f"patterns.toml, pattern fp-x, {reason}"]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"ok_when": "goals >= p_few or named"}, None),
        ({"kind": "manual", "ok_when": ""}, None),
        ({"ok_when": ""}, "ok_when: expected an expression for an automatic item, and none for a manual one."),
        ({"kind": "manual"}, "ok_when: expected an expression for an automatic item, and none for a manual one."),
        ({"ok_when": "goals == 0"}, "ok_when: is not true even where all is well."),
        ({"ok_when": "named and not named"}, "ok_when: can never be true."),
        ({"ok_when": "goals >= 0"}, "ok_when: is always true."),
        ({"ok_when": "p_few"}, f'ok_when: "p_few" {NUMBER}'),
        ({"gate": "gate-y"}, 'gate: the catalogue has no gate "gate-y".'),
    ],
)
def test_a_gate_item_that_cannot_be_right_is_named(folder: Path, values: dict[str, Any], reason: str | None) -> None:
    found = checked(folder, "gates", GATES + table("gate_item", ITEM | values))
    assert found == ([f"gates.toml, gate_item g-x, {reason}"] if reason else [])


def test_rules_are_not_judged_while_facts_cannot_be_read(folder: Path) -> None:
    (folder / "facts.toml").write_text("[[fact", encoding="utf-8")
    assert checked(folder, "patterns", table("pattern", PATTERN | {"fires_when": "aims > 3"})) == []
    assert [line.split(":")[0] for line in checked(folder, "facts", "[[fact")] == ["facts.toml"]


# ---- overlays ----

HEADER = '[overlay]\nof = "crm.core"\nneeds = ">=1.0,<2"\n'
OWN = PATTERN | {
    "id": "acme.quiet", "fires_when": "days_since_activity > acme.p_quiet", "triggers": [{"days_since_activity": 15}],
}  # fmt: skip
QUIET = '[params]\n"acme.p_quiet" = { value = 10, unit = "days", note = "Longest silence." }\n'


def overlay(folder: Path, content: str) -> Path:
    path = folder / "acme.toml"
    path.write_text(HEADER + content, encoding="utf-8")
    return path


def threshold(id: str, value: float) -> str:
    return f'[[change]]\nof = "param/{id}"\nset = {{ value = {value} }}\n'


def refused(folder: Path, content: str) -> list[str]:
    """What `load` says; `check_file` says the same."""
    path = overlay(folder, content)
    with pytest.raises(CatalogueError) as caught:
        load(path)
    found = [str(problem) for problem in caught.value.problems]
    assert found == [str(problem) for problem in check_file(path) if not problem.warning]
    return found


def test_a_company_adds_rules_gate_items_and_free_days(tmp_path: Path) -> None:
    content = (
        table("pattern", OWN)
        + table("self_check", {"id": "acme.sc", "text": "Nobody asks for it.", "pattern": "acme.quiet"})
        + table("gate_item", ITEM | {"id": "acme.g", "gate": "gate-close", "ok_when": "days_since_activity <= acme.p_quiet"})
        + table("free_day", {"id": "acme.founders", "name": "Founders' Day", "on": "05-12"})
        + '[[insert]]\nof = "gate_item/acme.g"\nafter = "g-adoption"\n'
        + QUIET
    )
    catalogue = load(overlay(tmp_path, content))
    assert check_file(tmp_path / "acme.toml") == []
    assert catalogue.patterns["acme.quiet"].triggers[0]["days_since_activity"] == 15
    assert catalogue.self_checks["acme.sc"].pattern == "acme.quiet"
    assert catalogue.free_days["acme.founders"].on == "05-12"
    items = list(catalogue.gate_items)
    assert items.index("acme.g") == items.index("g-adoption") + 1


def test_a_company_changes_severity_minutes_texts_and_thresholds(tmp_path: Path) -> None:
    change = '[[change]]\nof = "pattern/fp-long-lists"\nset = { severity = "blocker", minutes = 20, advice = "Ask Ann." }\n'
    catalogue = load(overlay(tmp_path, change + threshold("p_idea_support_min", 0.9) + threshold("p_stall_days", 60)))
    lists = catalogue.patterns["fp-long-lists"]
    assert (lists.severity, lists.minutes, lists.advice) == ("blocker", 20, "Ask Ann.")
    assert lists.fires_when == load().patterns["fp-long-lists"].fires_when
    assert catalogue.params["p_idea_support_min"].value == 0.9


def test_a_stricter_threshold_is_a_warning_where_all_would_be_well(tmp_path: Path) -> None:
    strict = threshold("p_idea_support_min", 0.9) + table("pattern", OWN) + QUIET.replace("10", "1")
    found = check_file(overlay(tmp_path, strict))
    assert list(map(str, found)) == [
        "Warning: acme.toml, pattern fp-no-shared-why, fires_when: is true even where all is well, "
        "now that p_idea_support_min changed.",
        "Warning: acme.toml, pattern acme.quiet, fires_when: is true even where all is well.",
    ]


def test_a_pattern_is_silenced_with_a_reason(tmp_path: Path) -> None:
    silence = '[[silence]]\npattern = "{}"\nreason = "We are one department."\n'
    own = table("pattern", OWN) + QUIET
    catalogue = load(overlay(tmp_path, silence.format("fp-patchwork") + silence.format("acme.quiet") + own))
    silenced = {id for id, pattern in catalogue.patterns.items() if pattern.silenced}
    assert silenced == {"fp-patchwork", "acme.quiet"}
    assert catalogue.patterns["fp-patchwork"].silenced == "We are one department."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            '[[silence]]\npattern = "fp-none"\nreason = "No."\n',
            "acme.toml, silence of fp-none, pattern: the catalogue has no pattern with this id.",
        ),
        (
            '[[silence]]\npattern = "fp-patchwork"\nreason = ""\n',
            "acme.toml, silence number 1, reason: expected a text that is not empty.",
        ),
        ('[[silence]]\npattern = "fp-patchwork"\n', "acme.toml, silence number 1, reason: this key is missing."),
        (
            FACTS.replace('"goals"', '"acme.goals"', 1),
            "acme.toml, fact: an overlay cannot add these: each needs a function of the program.",
        ),
        *(
            (
                f'[[change]]\nof = "pattern/fp-patchwork"\nset = {{ {key} = "live" }}\n',
                f"acme.toml, change of pattern/fp-patchwork, {key}: an overlay cannot change this key. "
                "It can change: name, severity, message, advice, minutes.",
            )
            for key in ("fires_when", "silenced")
        ),
        (
            '[[change]]\nof = "gate_item/g-adoption"\nset = { ok_when = "live" }\n',
            "acme.toml, change of gate_item/g-adoption, ok_when: an overlay cannot change this key. It can change: text.",
        ),
        (
            table("pattern", OWN),
            'acme.toml, pattern acme.quiet, fires_when: the catalogue has no fact or param "acme.p_quiet".',
        ),
        (
            table("pattern", OWN | {"triggers": [{"days_since_activity": 9}]}) + QUIET,
            "acme.toml, pattern acme.quiet, triggers 1: does not make the pattern fire.",
        ),
        (
            table("free_day", {"id": "acme.day", "name": "Leap day", "on": "2026-02-29"}),
            "acme.toml, free_day acme.day, on: expected a day such as 2026-05-01, or 05-01 for every year, "
            'found "2026-02-29".',
        ),
        (
            table("pattern", PATTERN | {"fires_when": "live"}),
            "acme.toml, pattern fp-x, id: expected a name of your own and a dot in front, such as acme.fp-x.",
        ),
    ],
)
def test_what_an_overlay_may_not_do_with_rules(tmp_path: Path, content: str, reason: str) -> None:
    assert refused(tmp_path, content) == [reason]


def test_a_threshold_that_makes_a_rule_pointless_is_refused(tmp_path: Path) -> None:
    item = ITEM | {"gate": "gate-close", "id": "acme.g", "ok_when": "active_rate > p_active_rate_gate"}
    found = refused(tmp_path, threshold("p_active_rate_gate", 1) + table("gate_item", item))
    assert found == ["acme.toml, gate_item acme.g, ok_when: can never be true."]


def test_a_threshold_that_switches_a_rule_off_is_a_warning(tmp_path: Path) -> None:
    path = overlay(tmp_path, threshold("p_buffer_share", 0))
    assert list(map(str, check_file(path))) == [
        "Warning: acme.toml, gate_item g-buffer, ok_when: is always true, now that p_buffer_share changed."
    ]
    assert load(path).params["p_buffer_share"].value == 0


QUESTION = {
    "id": "acme.q", "section": "dbms", "text": "Do vans fit?", "why": "We have vans.", "answer_type": "number", "importance": 3,
    "knockout": False, "core": False, "scored": False, "answered_by": "vendor", "good": "Yes.", "worrying": "No.",
    "hidden_cost": False,
}  # fmt: skip
FLAG = {"op": "lt_ref", "severity": "warn", "message": "Too few.", "ref": "users_total"}


@pytest.mark.parametrize(
    "values",
    [
        {"applies_when": "fact:mobile_users > 0 and offices_speed_fail == 0 and selected_max_level < 4"},
        {"applies_when": "fact:users_largest_office_div_10 > 1 or vendor_decided"},
        {"flag": [FLAG, FLAG | {"op": "gt", "value": 3}, FLAG | {"op": "lt", "param": "p_dropdown_max"}]},
        {"flag": [FLAG | {"op": "share_of_ref_gt", "times_ref": "concurrent_calls", "value": 0.5}]},
        {"flag": [FLAG | {"op": "scaled_gt_ref", "scale": "users_total", "ref": "office_down_mbps_min"}]},
    ],
)
def test_a_question_may_ask_for_facts(tmp_path: Path, values: dict[str, Any]) -> None:
    assert check_file(overlay(tmp_path, table("question", QUESTION | values))) == []


@pytest.mark.parametrize(
    ("values", "key", "fact"),
    [
        ({"applies_when": "fact:vendor_question_coverage < 1"}, "applies_when", "vendor_question_coverage"),
        ({"applies_when": "fact:live and hidden_cost_share > 0.5"}, "applies_when", "hidden_cost_share"),
        ({"applies_when": "fact:knockout_failed == 0"}, "applies_when", "knockout_failed"),
        ({"flag": [FLAG | {"when": "fact:licence_cost > 0"}]}, "flag 1, when", "licence_cost"),
        ({"flag": [FLAG | {"ref": "knockout_unanswered"}]}, "flag 1, ref", "knockout_unanswered"),
        ({"flag": [FLAG | {"scale": "cost_questions_unknown"}]}, "flag 1, scale", "cost_questions_unknown"),
        ({"flag": [FLAG | {"times_ref": "training_share"}]}, "flag 1, times_ref", "training_share"),
    ],
)
def test_a_question_cannot_wait_for_the_questions(tmp_path: Path, values: dict[str, Any], key: str, fact: str) -> None:
    [found] = refused(tmp_path, table("question", QUESTION | values))
    assert found == (
        f'acme.toml, question acme.q, {key}: a question cannot depend on "{fact}", '
        "which may itself be worked out from questions and answers."
    )


@pytest.mark.parametrize(
    ("flag", "reason"),
    [
        ({"ref": ""}, "flag 1, ref: expected one, because op is lt_ref."),
        ({"ref": "live"}, 'flag 1, ref: "live" is a yes or no, where a number is needed.'),
        ({"op": "gt"}, "flag 1, value: expected a number or a param, because op is gt."),
        ({"op": "gt", "value": "3"}, "flag 1, value: expected a number or a param, because op is gt."),
        ({"op": "in"}, "flag 1, values: expected one, because op is in."),
        ({"op": "scaled_gt_ref"}, "flag 1, scale: expected one, because op is scaled_gt_ref."),
        ({"op": "share_of_ref_gt", "value": 1}, "flag 1, times_ref: expected one, because op is share_of_ref_gt."),
    ],
)
def test_a_flag_says_what_its_operator_needs(tmp_path: Path, flag: dict[str, Any], reason: str) -> None:
    assert refused(tmp_path, table("question", QUESTION | {"flag": [FLAG | flag]})) == [f"acme.toml, question acme.q, {reason}"]


def test_days_before_the_start_and_shares_of_something_else_are_possible(tmp_path: Path) -> None:
    rule = OWN | {"triggers": [], "fires_when": "first_involvement_day < 0 or prepaid_share > 1"}
    assert check_file(overlay(tmp_path, table("pattern", rule))) == []


def example_in_the_code() -> str:
    return textwrap.dedent((documented.__doc__ or "").split("\n\n", 1)[1].rpartition("\n\n")[0])


def examples_in_the_documentation() -> list[str]:
    return re.findall(r"```toml\n(.*?)```", DOCUMENTATION.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("example", [example_in_the_code(), *examples_in_the_documentation()], ids=["code", "docs"])
def test_the_example_in_the_documentation_is_an_overlay(tmp_path: Path, example: str) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(example, encoding="utf-8")
    assert check_file(path) == []
    assert {id.partition(".")[0] for id in load(path).patterns if "." in id} == {"acme"}


def test_the_documentation_says_what_can_be_added_and_changed() -> None:
    text = DOCUMENTATION.read_text(encoding="utf-8")
    closed = {kind for kind in KINDS if f"`{kind}`" in text.partition("cannot be added")[2].partition("\n\n")[0]}
    assert closed == set(documented.CLOSED)
    changed = text.partition("## What can be changed")[2]
    fields = {field.key for kind in KINDS.values() for field in shape(kind.row) if field.changeable and not reads_text(field)}
    assert {key for key in fields if f"`{key}`" in changed} == fields
    assert f"from {len(load().gates) + 1} on" in text


def reads_text(field: Field) -> bool:
    return any(rule.text for rule in field.rules)


def test_a_header_does_not_hide_other_mistakes(tmp_path: Path) -> None:
    path = overlay(tmp_path, table("pattern", OWN | {"minutes": 0}))
    path.write_text(path.read_text("utf-8").replace("crm.core", "crm.other"), encoding="utf-8")
    assert [(problem.entry, problem.key) for problem in check_file(path)] == [
        ("overlay", "of"),
        ("pattern acme.quiet", "minutes"),
    ]


def test_a_folder_is_checked_as_a_whole_catalogue(folder: Path) -> None:
    assert check_file(DATA) == []
    assert {problem.file for problem in check_file(folder)} >= {"catalogue.toml", "motives.toml"}


def test_a_path_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    [found] = check_file(tmp_path / "acme.toml")
    assert str(found).startswith("acme.toml: cannot be read (")
    [found] = check_file(tmp_path / "patterns.toml")
    assert str(found).startswith("patterns.toml: cannot be read (")
