"""Rules that cannot be right are named, in the catalogue and in a company's overlay."""

import textwrap
from pathlib import Path
from typing import Any

import pytest

from crm_workbook.catalogue import CatalogueError, check_file, load
from crm_workbook.catalogue import overlay as documented
from crm_workbook.catalogue.core import DATA

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
    found = refused(tmp_path, threshold("p_decay_weeks", 0))
    assert found == ["acme.toml, gate_item g-adoption, ok_when: can never be true, now that p_decay_weeks changed."]


def test_the_example_in_the_documentation_is_an_overlay(tmp_path: Path) -> None:
    example = textwrap.dedent((documented.__doc__ or "").split("\n\n", 1)[1].rpartition("\n\n")[0])
    path = tmp_path / "acme.toml"
    path.write_text(example, encoding="utf-8")
    assert check_file(path) == []
    assert load(path).patterns["acme.no-drivers"].minutes == 15


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
