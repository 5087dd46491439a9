"""Every mistake in a file is named with file, entry, key and what was expected."""

from pathlib import Path
from typing import Any

import pytest

from crm_workbook.catalogue import Catalogue, CatalogueError, problems
from crm_workbook.catalogue.core import DATA

MOTIVE = {"id": '"mo-x"', "text": '"Why"', "sound": "true", "answer": '"Because"'}


def table(kind: str, **values: str) -> str:
    return "\n".join([f"[[{kind}]]", *(f"{key} = {value}" for key, value in values.items())]) + "\n"


def reasons(folder: Path, file: str, content: str, kind: str) -> list[str]:
    (folder / f"{file}.toml").write_text(content, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        Catalogue(folder).rows(kind)
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"text": None}, "motives.toml, motive mo-x, text: this key is missing."),
        ({"mood": '"good"'}, "motives.toml, motive mo-x, mood: unknown key. Expected one of: id, text, sound, answer."),
        ({"sound": '"yes"'}, 'motives.toml, motive mo-x, sound: expected true or false, found "yes".'),
        ({"text": "12"}, "motives.toml, motive mo-x, text: expected a text, found 12."),
        ({"text": '"  "'}, "motives.toml, motive mo-x, text: expected a text that is not empty."),
        ({"text": f'"{"x" * 161}"'}, "motives.toml, motive mo-x, text: expected at most 160 characters, found 161."),
        ({"text": '"a\\nb"'}, "motives.toml, motive mo-x, text: expected one line without control characters."),
        ({"text": '"a\\u202eb"'}, "motives.toml, motive mo-x, text: expected one line without control characters."),
        (
            {"id": '"Mo X"'},
            'motives.toml, motive Mo X, id: expected an id of small letters, digits and hyphens, found "Mo X".',
        ),
        ({"id": None}, "motives.toml, motive number 1, id: this key is missing."),
        ({"text": "2024-01-01"}, "motives.toml, motive mo-x, text: expected a text, found a date or time."),
    ],
)
def test_a_wrong_key_is_named(tmp_path: Path, values: dict[str, Any], reason: str) -> None:
    good = {key: value for key, value in (MOTIVE | values).items() if value is not None}
    assert reasons(tmp_path, "motives", table("motive", **good), "motive") == [reason]


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    content = table("motive", **MOTIVE | {"sound": "1"}) + table("motive", text="true")
    assert len(reasons(tmp_path, "motives", content, "motive")) == 5


def test_an_id_stands_only_once(tmp_path: Path) -> None:
    found = reasons(tmp_path, "motives", table("motive", **MOTIVE) * 2, "motive")
    assert found == ["motives.toml, motive mo-x, id: this id is already taken. Expected one of its own."]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[[motiv]]\n", "motives.toml, motiv: unknown key. Expected one of: motive."),
        ("motive = 3\n", "motives.toml, motive: expected tables, each begun with [[motive]]."),
        ("motive = [3]\n", "motives.toml, motive number 1: expected a table, found 3."),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    assert reasons(tmp_path, "motives", content, "motive") == [reason]


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    [found] = reasons(tmp_path, "motives", "[[motive]\n", "motive")
    assert found.startswith("motives.toml: is not valid TOML:")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"motives\.toml: cannot be read"):
        Catalogue(tmp_path).rows("motive")


DAY = {"id": '"may"', "name": '"May Day"', "on": '"05-01"'}


@pytest.mark.parametrize("day", ["05-01", "02-29", "2026-05-01", "2024-02-29", "0001-01-01"])
def test_a_day_is_one_of_the_calendar(tmp_path: Path, day: str) -> None:
    (tmp_path / "calendar.toml").write_text(table("free_day", **DAY | {"on": f'"{day}"'}), encoding="utf-8")
    assert Catalogue(tmp_path).free_days["may"].on == day


@pytest.mark.parametrize(
    "day", ["5-1", "02-30", "13-01", "2026-02-29", "0000-01-01", "2026-5-1", "20260501", "2026-W01", "٠٥-٠١", "05-01 ", ""]
)
def test_any_other_day_is_refused(tmp_path: Path, day: str) -> None:
    [found] = reasons(tmp_path, "calendar", table("free_day", **DAY | {"on": f'"{day}"'}), "free_day")
    said = f'expected a day such as 2026-05-01, or 05-01 for every year, found "{day}".'
    assert found == f"calendar.toml, free_day may, on: {said}"


PATTERN = {
    "id": '"fp-x"', "name": '"X"', "stage": '"goals"', "severity": '"warn"', "active_from": '"goals"', "fires_when": '"x > 0"',
    "message": '"X."', "advice": '"Y."', "minutes": "5",
}  # fmt: skip


def test_lists_of_tables_are_read_with_the_types_they_have(tmp_path: Path) -> None:
    triggers = "[{ x = true, y = 0, z = 0.0 }, {}]"
    (tmp_path / "patterns.toml").write_text(table("pattern", **PATTERN, triggers=triggers), encoding="utf-8")
    [first, second] = Catalogue(tmp_path).patterns["fp-x"].triggers
    assert repr([*first.values()]) == "[True, 0, 0.0]"
    assert not second


@pytest.mark.parametrize(
    ("triggers", "reason"),
    [
        ("[{ x = 'a' }]", 'triggers 1, x: expected true or false or a number, found "a".'),
        ("[{ x = 1 }, { x = nan }]", "triggers 2, x: expected a number that is not endless, found nan."),
        ("[{ x = [1] }]", "triggers 1, x: expected true or false or a number, found a list."),
        ("[1]", "triggers 1: expected a table, found 1."),
        ("{ x = 1 }", "triggers: expected a list, found a table."),
    ],
)
def test_lists_of_other_things_are_refused(tmp_path: Path, triggers: str, reason: str) -> None:
    found = reasons(tmp_path, "patterns", table("pattern", **PATTERN, triggers=triggers), "pattern")
    assert found == [f"patterns.toml, pattern fp-x, {reason}"]


@pytest.mark.parametrize("healthy", ["true", "0", "0.5"])
def test_true_and_false_are_no_numbers(tmp_path: Path, healthy: str) -> None:
    kind = {"true": "bool", "0": "int", "0.5": "float"}[healthy]
    values = {"id": '"x"', "title": '"X"', "type": f'"{kind}"', "unit": '""', "stage": '"goals"', "source": '"entered"'}
    content = table("fact", **values, meaning='"M."', missing='"N."', healthy=healthy)
    (tmp_path / "facts.toml").write_text(content, encoding="utf-8")
    assert type(Catalogue(tmp_path).facts["x"].healthy).__name__ == kind


QUESTION = (DATA / "questions.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("importance = 5", "importance = 6", "importance: expected a number from 1 to 5, found 6."),
        ('answered_by = "vendor"', 'answered_by = "me"', 'answered_by: expected one of vendor, us, found "me".'),
        ("value = 1.0 }", "value = 1.5 }", "option 1, value: expected a number from 0 to 1, found 1.5."),
        ("value = 1.0 }", "value = nan }", "option 1, value: expected a number from 0 to 1, found nan."),
        ("value = 1.0 }", "worth = 1.0 }", "option 1, worth: unknown key. Expected one of: id, label, value."),
        ('op = "in"', 'op = "on"', 'flag 1, op: expected one of eq, in, lt, gt, missing, lt_ref, share_of_ref_gt, '),
        ('opens_when = ["extra"', 'opens_when = [7, "extra"', "cost, opens_when 1: expected a text, found 7."),
        ("opens_when = [", "opens = [", "cost, opens_when: this key is missing."),
    ],
)
def test_nested_keys_are_named_with_their_place(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in QUESTION
    found = reasons(tmp_path, "questions", QUESTION.replace(old, new, 1), "question")
    assert any(reason in line for line in found), found


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for path in DATA.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        (
            "questions",
            'section = "dbms"',
            'section = "cellar"',
            'questions.toml, question dbms-which, section: the catalogue has no question_section "cellar".',
        ),
        (
            "functions",
            'prerequisites = ["f-users-rights"]',
            'prerequisites = ["f-magic"]',
            'functions.toml, function f-backup, prerequisites 1: the catalogue has no function "f-magic".',
        ),
        ("functions", "level = 4\nsugg", "level = 9\nsugg", 'level: the catalogue has no function_level "9".'),
        (
            "roles",
            'b = "r-vendor-pm"',
            'b = "r-nobody"',
            'roles.toml, role_conflict rc-01, b: the catalogue has no role "r-nobody".',
        ),
        (
            "roles",
            'b = "r-vendor-pm"',
            'b = "r-programmer"',
            "roles.toml, role_conflict rc-01, b: expected another role than a.",
        ),
        ("roles", "max = 12", "max = 2", "min: expected at most 2, the largest number of people, found 3."),
        (
            "functions",
            'id = "f-users-rights"',
            'id = "f-users-rights"\nprerequisites = ["f-backup"]',
            "functions.toml, function f-users-rights, prerequisites: these functions wait for each other: "
            "f-users-rights - f-backup - f-users-rights.",
        ),
        ("training", "day_to = -30", "day_to = -130", "day_from: expected a day no later than -130, found -120."),
        ("questions", "in cloud|mixed", "in cloud|moon", 'the question host-model has no answer "moon".'),
        ("questions", "promise:pr-", "promise:no-", 'the catalogue has no promise "no-free-no-limits".'),
        ("questions", "fact:mobile_users > 0", "fact:open(1)", "may only compare and combine facts, params and"),
        ("questions", "fact:mobile_users > 0", "fact:mobile_users", 'when: "mobile_users" is a number, where a yes or no'),
        ("questions", 'ref = "expected_db_gb"', 'ref = "gb"', 'flag 1, ref: the catalogue has no fact "gb".'),
        (
            "questions",
            'id = "host-model"',
            'id = "host-model"\napplies_when = "answer:host-where in unknown"',
            "applies_when: these questions wait for each other: host-",
        ),
        ("facts", "healthy = 24", "healthy = true", "fact users_total, healthy: expected a whole number, because the type"),
        ("patterns", 'pattern = "fp-', 'pattern = "no-', "self_check sc-01, pattern: the catalogue has no pattern"),
        ("gates", 'gate = "gate-prepare"', 'gate = "gate-none"', 'gate: the catalogue has no gate "gate-none".'),
        ("questions", "fact:mobile_users > 0", "fact:a >", 'when: "a >" cannot be read as an expression.'),
        ("questions", "fact:mobile_users > 0", "fact:a > p_none", 'the catalogue has no fact or param "p_none".'),
        ("questions", "fact:mobile_users > 0", "maybe", 'expected answer:, must_have:, promise: or fact:, found'),
        ("questions", 'values = ["own"', 'values = ["borrowed"', 'flag 1: this question has no answer "borrowed".'),
        ("questions", 'opens_when = ["extra"', 'opens_when = ["later"', "cost, opens_when: expected an answer of this"),
        ("questions", '{ id = "own"', '{ id = "unknown"', 'option: expected each id once, found "unknown" 2 times.'),
        ("questions", 'type = "single_choice"', 'type = "text"', "option: expected options for a single choice, and"),
        ("questions", "best = 500\n", "", "best: expected a best and a different worst number, because the answer is"),
        ("goals", "functions = [", "functions = []\nold = [", "goal-sales-volume, old: unknown key."),
        ("departments", '"Sales"', '"Management"', "Warning: departments.toml, department sales, name: the same"),
        ("workshops", "steps = [\n", "steps = [\n" + '"one more step",\n' * 3, "Warning: workshops.toml, workshop ws-"),
        ("catalogue", "version =", "versio =", "catalogue.toml, version: expected a text."),
    ],
)
def test_lints_over_several_entries(copy: Path, file: str, old: str, new: str, reason: str) -> None:
    path = copy / f"{file}.toml"
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")
    found = problems(Catalogue(copy))
    assert any(reason in line for line in found), found


def test_a_broken_file_is_reported_once_and_does_not_hide_others(copy: Path) -> None:
    (copy / "roles.toml").write_text("[[role", encoding="utf-8")
    (copy / "stages.toml").write_text("stage = 1\n", encoding="utf-8")
    found = problems(Catalogue(copy))
    assert [line.split(":")[0] for line in found] == ["stages.toml, stage", "roles.toml"]
