"""A company's own file on top of the catalogue."""

from pathlib import Path

import pytest

from crm_workbook.catalogue import CatalogueError, check_file, load
from crm_workbook.catalogue.overlay import fits

HEADER = '[overlay]\nof = "crm.core"\nneeds = ">=1.0,<2"\n'
MOTIVE = '[[motive]]\nid = "acme.merge"\ntext = "Two systems become one"\nsound = true\nanswer = "Name the day."\n'


GATE = '[[gate]]\nid = "acme.rest"\norder = 6\nname = "Ready to rest"\nstage = "refinement"\nabout = "Check this last."\n'


def overlay(folder: Path, content: str, header: str = HEADER) -> Path:
    path = folder / "acme.toml"
    path.write_text(header + content, encoding="utf-8")
    return path


def refused(folder: Path, content: str, header: str = HEADER) -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        load(overlay(folder, content, header))
    return [str(problem) for problem in caught.value.problems]


def test_an_entry_is_added_at_the_end(tmp_path: Path) -> None:
    catalogue = load(overlay(tmp_path, MOTIVE))
    assert list(catalogue.motives) == [*load().motives, "acme.merge"]
    assert catalogue.titles("motive")["acme.merge"] == "Two systems become one"


def test_an_entry_is_inserted_after_another(tmp_path: Path) -> None:
    insert = '[[insert]]\nof = "motive/acme.merge"\nafter = "mo-growth"\n'
    order = list(load(overlay(tmp_path, MOTIVE + insert)).motives)
    assert order.index("acme.merge") == order.index("mo-growth") + 1
    assert len(order) == 21


def test_a_gate_of_ones_own_comes_after_the_others(tmp_path: Path) -> None:
    assert list(load(overlay(tmp_path, GATE)).gates)[-1] == "acme.rest"


def test_texts_weights_and_thresholds_change(tmp_path: Path) -> None:
    catalogue = load(
        overlay(
            tmp_path,
            '[[change]]\nof = "motive/mo-growth"\nset = { text = "Our tools are too small" }\n'
            '[[change]]\nof = "question/dbms-which"\nset = { importance = 1, help = "Ask by mail." }\n'
            '[[change]]\nof = "param/p_dropdown_max"\nset = { value = 9 }\n'
            '[[change]]\nof = "word_list/miracle_phrases"\nset = { words = ["presto"] }\n'
            '[[change]]\nof = "role/r-sponsor"\nset = { duties = ["decides"] }\n',
        )
    )
    before = load()
    assert catalogue.motives["mo-growth"].text == "Our tools are too small"
    assert catalogue.motives["mo-growth"].answer == before.motives["mo-growth"].answer
    assert (catalogue.questions["dbms-which"].importance, catalogue.questions["dbms-which"].help) == (1, "Ask by mail.")
    assert catalogue.params["p_dropdown_max"].value == 9
    assert catalogue.params["p_dropdown_max"].unit == before.params["p_dropdown_max"].unit
    assert catalogue.word_lists["miracle_phrases"].words == ("presto",)
    assert catalogue.roles["r-sponsor"].duties == ("decides",)
    assert list(catalogue.motives) == list(before.motives)


def test_own_entries_may_refer_to_each_other_and_to_the_catalogue(tmp_path: Path) -> None:
    own = (
        '[[department]]\nid = "acme.fleet"\nname = "Fleet"\n'
        '[[function]]\nid = "acme.routes"\nname = "Routes"\nplain = "Which van goes where."\nlevel = 2\n'
        'suggested_phase = 2\neffort = 5\nprerequisites = ["f-calendar"]\ndepartments = ["acme.fleet", "logistics"]\n'
        '[params]\n"acme.vans_max" = { value = 12, unit = "vans", note = "Most vans at one site." }\n'
    )
    catalogue = load(overlay(tmp_path, own))
    assert catalogue.functions["acme.routes"].departments == ("acme.fleet", "logistics")
    assert catalogue.params["acme.vans_max"].value == 12


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            MOTIVE.replace("acme.", ""),
            "acme.toml, motive merge, id: expected a name of your own and a dot in front, such as acme.merge.",
        ),
        (
            MOTIVE.replace("acme.", "crm."),
            "acme.toml, motive crm.merge, id: expected a name of your own and a dot in front, such as acme.merge.",
        ),
        (
            MOTIVE.replace("acme.merge", "mo-growth"),
            "acme.toml, motive mo-growth, id: this id is already taken. Expected one of its own.",
        ),
        (MOTIVE.replace("true", '"yes"'), 'acme.toml, motive acme.merge, sound: expected true or false, found "yes".'),
        (
            '[[evidence_level]]\nlevel = 5\nname = "Sworn"\nfactor = 1.0\nabout = "Under oath."\n',
            "acme.toml, evidence_level: an overlay cannot add these: there are always the same levels.",
        ),
        (
            '[[stage]]\nid = "acme.rest"\norder = 13\nname = "Rest"\nabout = "We rest."\n',
            "acme.toml, stage: an overlay cannot add these: the program itself follows them.",
        ),
        (
            GATE.replace("6", "2"),
            "acme.toml, gate acme.rest, order: gate-contract has the same number. Expected one of its own, such as 6.",
        ),
        (
            GATE.replace("6", "2") + '[[insert]]\nof = "gate/acme.rest"\nafter = "gate-prepare"\n',
            "acme.toml, gate acme.rest, order: gate-contract has the same number. Expected one of its own, such as 6.",
        ),
        *(
            (
                f'[[change]]\nof = "param/{id}"\nset = {{ value = {value} }}\n',
                f"acme.toml, change of param/{id}, value: expected {wanted}, found {value}.",
            )
            for id, value, wanted in [
                ("p_tco_years", "0", "a whole number from 1 to 30"),
                ("p_tco_years", "0.5", "a whole number from 1 to 30"),
                ("p_tco_years", "2.5", "a whole number from 1 to 30"),
                ("p_tco_years", "100000000.0", "a whole number from 1 to 30"),
                ("p_decay_weeks", "0", "a whole number from 1 to 52"),
                ("p_idea_support_min", "1.01", "a number from 0 to 1"),
                ("p_hours_per_point", "0", "a number from 0.1 to 200"),
                ("p_accept_days", "0", "a whole number from 1 to 3650"),
            ]
        ),
        (
            '[params]\n"acme.p_vans" = { value = 13, unit = "vans", high = 12, note = "Most vans." }\n',
            "acme.toml, param acme.p_vans, value: expected a number from 0 to 12, found 13.",
        ),
        (
            '[[change]]\nof = "param/p_tco_years"\nset = { high = 99 }\n',
            "acme.toml, change of param/p_tco_years, high: an overlay cannot change this key. It can change: value, note.",
        ),
        (
            '[[change]]\nof = "motive/mo-growth"\nset = { sound = false }\n',
            "acme.toml, change of motive/mo-growth, sound: an overlay cannot change this key. "
            "It can change: text, answer.",
        ),
        (
            '[[change]]\nof = "motive/mo-growth"\nset = { text = 5 }\n',
            "acme.toml, change of motive/mo-growth, text: expected a text, found 5.",
        ),
        (
            '[[change]]\nof = "motive/mo-none"\nset = { text = "A" }\n',
            "acme.toml, change of motive/mo-none, of: the catalogue has no motive with this id.",
        ),
        (
            '[[change]]\nof = "mo-growth"\nset = { text = "A" }\n',
            'acme.toml, change number 1, of: expected a kind and an id such as motive/mo-growth, found "mo-growth".',
        ),
        ('[[change]]\nof = "motive/mo-growth"\n', "acme.toml, change number 1, set: this key is missing."),
        (
            '[[change]]\nof = "param/p_tco_years"\nset = { value = inf }\n',
            "acme.toml, change of param/p_tco_years, value: expected a number of at least 0, found inf.",
        ),
        (
            '[[insert]]\nof = "motive/mo-growth"\nafter = "mo-data"\n',
            "acme.toml, insert of motive/mo-growth, of: expected an entry that this overlay adds.",
        ),
        (
            MOTIVE + '[[insert]]\nof = "motive/acme.merge"\nafter = "mo-none"\n',
            "acme.toml, insert of motive/acme.merge, after: expected the id of another entry of the same kind.",
        ),
        (
            '[[role_conflict]]\nid = "acme.rc"\na = "r-sponsor"\nb = "acme.king"\nseverity = "warn"\nreason = "No."\n',
            'acme.toml, role_conflict acme.rc, b: the catalogue has no role "acme.king".',
        ),
        ("[change]\n", "acme.toml, change: expected tables, each begun with [[change]]."),
    ],
)
def test_what_an_overlay_may_not_do_is_said_when_it_is_loaded(tmp_path: Path, content: str, reason: str) -> None:
    assert refused(tmp_path, content) == [reason]


def test_a_changed_entry_is_named_where_it_was_changed(tmp_path: Path) -> None:
    change = '[[change]]\nof = "department/sales"\nset = { name = "Management" }\n'
    assert [str(problem) for problem in check_file(overlay(tmp_path, change))] == [
        "Warning: acme.toml, change of department/sales, name: the same text as management."
    ]


def test_all_mistakes_in_an_overlay_are_named_at_once(tmp_path: Path) -> None:
    content = MOTIVE.replace("true", "1") + '[[department]]\nid = "fleet"\nname = "Fleet"\n'
    assert [line.split(":")[0] for line in refused(tmp_path, content)] == [
        "acme.toml, department fleet, id",
        "acme.toml, motive acme.merge, sound",
    ]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "acme.toml, overlay, of: this key is missing."),
        (HEADER.replace("crm.core", "crm.other"), 'acme.toml, overlay, of: expected "crm.core", found "crm.other".'),
        (
            HEADER.replace(">=1.0,<2", ">=1.2"),
            "acme.toml, overlay, needs: this catalogue has version 1.0.0, the overlay needs >=1.2.",
        ),
        (HEADER.replace(">=1.0,<2", "1"), 'acme.toml, overlay, needs: expected bounds such as ">=1.0,<2", found "1".'),
        ("[[motiv]]\n" + HEADER, "acme.toml, motiv: unknown key. Expected one of: overlay, change, insert, silence, dep"),
        ("[overlay\n", "acme.toml: is not valid TOML: "),
    ],
)
def test_an_overlay_for_something_else_is_refused(tmp_path: Path, header: str, reason: str) -> None:
    assert refused(tmp_path, "", header)[0].startswith(reason)


def test_a_missing_overlay_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"acme\.toml: cannot be read"):
        load(tmp_path / "acme.toml")


@pytest.mark.parametrize(
    ("version", "needs", "answer"),
    [
        ("1.0.0", ">=1.0,<2", True),
        ("2.0", ">=1.0,<2", False),
        ("1.10.0", ">1.9", True),
        ("1.0", "==1.0.0", True),
        ("1.0.1", "<=1.0", False),
    ],
)
def test_version_bounds(version: str, needs: str, answer: bool) -> None:
    assert fits(version, needs) is answer
