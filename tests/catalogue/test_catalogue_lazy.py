"""Nothing is read or imported before it is needed."""

import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

from crm_workbook.catalogue import load

FOREIGN = ("textual", "sqlmodel", "sqlalchemy", "rich", "pydantic")
HEAVY = (*FOREIGN, "tomllib", "dataclasses", "crm_workbook.catalogue.rows")
LATER = (*FOREIGN, "crm_workbook.catalogue.expressions", "crm_workbook.catalogue.lints")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    usual = Path.open

    def noting(path: Path, *args: Any, **kwargs: Any) -> Any:
        names.append(path.name)
        return usual(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", noting)
    return names


def test_titles_read_one_file_once(opened: list[str]) -> None:
    catalogue = load()
    assert opened == []
    assert catalogue.titles("motive")["mo-cheap"]
    assert catalogue.motives["mo-cheap"].text == catalogue.titles("motive")["mo-cheap"]
    assert opened == ["motives.toml"]
    _ = (catalogue.roles, catalogue.role_conflicts, catalogue.titles("role"))
    assert opened == ["motives.toml", "roles.toml"]


@pytest.mark.parametrize(
    ("content", "files"),
    [
        ('[[department]]\nid = "acme.fleet"\nname = "Fleet"\n', ["departments"]),
        ('[[silence]]\npattern = "fp-patchwork"\nreason = "We are one department."\n', ["patterns"]),
        ('[[change]]\nof = "pattern/fp-patchwork"\nset = { minutes = 5 }\n', ["patterns", "stages"]),
        ('[[change]]\nof = "question/dbms-which"\nset = { importance = 1 }\n', ["questions"]),
        ('[[change]]\nof = "param/p_fix_hours"\nset = { value = 4 }\n', ["patterns", "gates", "params", "facts"]),
    ],
)
def test_an_overlay_reads_only_the_files_it_touches(opened: list[str], tmp_path: Path, content: str, files: list[str]) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(f'[overlay]\nof = "crm.core"\nneeds = ">=1"\n{content}')
    opened.clear()
    load(path)
    assert opened == ["catalogue.toml", "acme.toml", *(f"{name}.toml" for name in files)]


def test_the_import_brings_nothing_heavy() -> None:
    code = f"import sys, crm_workbook.catalogue as c; c.load(); print([n for n in {HEAVY!r} if n in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_rules_are_read_before_anybody_parses_them() -> None:
    code = (
        "import sys, crm_workbook.catalogue as c; k = c.load(); k.facts, k.patterns, k.gate_items; "
        f"print([n for n in {LATER!r} if n in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_nobody_can_change_the_catalogue() -> None:
    catalogue = load()
    with pytest.raises(TypeError):
        catalogue.motives["mo-growth"] = None  # type: ignore[index]  # the refusal is what is tested
    with pytest.raises(TypeError):
        catalogue.patterns["fp-long-lists"].triggers[0]["dropdowns_over_limit"] = 0
    with pytest.raises(FrozenInstanceError):
        catalogue.motives["mo-growth"].text = ""  # type: ignore[misc]  # the refusal is what is tested


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(KeyError, match='no kind "motiv", only: stage, '):
        load().titles("motiv")
