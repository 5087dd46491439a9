"""Rules of the house that a machine can check: who may import whom, sizes, words, and that the papers tell the truth.

    python tests/test_house.py        writes the key table into README.md
"""
from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "crm_workbook"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "versions" not in path.parts)
SOURCES = [*MODULES, *sorted(ROOT.glob("tests/**/*.py"))]
PAPERS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")

DOORS = {"cli.py", "app.py"}
"""The modules of the package that may print: nothing of the terminal application is on the screen when they do."""

KEYS_BEGIN, KEYS_END = "<!-- keys: begin -->", "<!-- keys: end -->"
USE = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/crm-workbook demo"
TEST = "python3 -m venv .venv && .venv/bin/pip install -e '.[dev]' && .venv/bin/pytest"


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def paper(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def python(code: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# ---- who imports whom ----

@pytest.mark.timeout(60)
def test_imports_go_down_the_floors_only() -> None:
    pytest.importorskip("importlinter", reason="import-linter belongs to the extra 'dev'")
    code = "from importlinter.cli import lint_imports_command as run; run(['--no-cache'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


ORM = ("sqlmodel", "sqlalchemy", "alembic", "pydantic")
LAZY = {
    "crm_workbook.cli": (*ORM, "textual", "babel", "crm_workbook.records"),
    "crm_workbook.records": (*ORM, "textual", "rich", "babel"),
    "crm_workbook.catalogue": (*ORM, "textual", "rich", "babel"),
    "crm_workbook.analysis": (*ORM, "textual", "rich", "babel"),
    "crm_workbook.analysis.progress": (*ORM, "textual", "rich"),
    "crm_workbook.store": (*ORM, "textual"),
    "crm_workbook.store.session": (*ORM, "textual"),
    "crm_workbook.exchange": (*ORM, "textual"),
    "crm_workbook.app": (*ORM, "tree_sitter", "babel", "crm_workbook.records.kinds", "crm_workbook.catalogue"),
}
"""What an import of the module must not bring with it. The static contracts cannot see the difference between an import
on top of a module and one inside a function; a fresh interpreter can."""


@pytest.mark.timeout(60)
@pytest.mark.parametrize("module", LAZY)
def test_an_import_brings_nothing_that_waits(module: str) -> None:
    loaded = python(f"import sys, {module}\nprint(*sys.modules)").split()
    assert not {name for name in LAZY[module] if name in loaded}


PAINT = """
import asyncio, sys
from crm_workbook.app import WorkbookApp

def start(post):  # called when the frame is on the screen: what is loaded now, the first picture waited for
    print("painted", *sys.modules)

async def main():
    app = WorkbookApp("no-such.crm", "Anna")
    app.main_screen._start = start
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)

asyncio.run(main())
"""


@pytest.mark.timeout(60)
def test_the_first_paint_waits_for_nothing() -> None:
    painted, *loaded = python(PAINT).split()
    assert painted == "painted"
    assert not {name for name in LAZY["crm_workbook.app"] if name in loaded}


def test_every_foreign_import_is_declared() -> None:
    project = tomllib.loads(paper("pyproject.toml"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["postgresql"]]
    declared = {re.split(r"[\[<>=~!]", name)[0].replace("-", "_") for name in asked}
    found = {name.partition(".")[0] for path in MODULES for name in imports(ast.parse(path.read_text("utf-8")))}
    foreign = found - set(sys.stdlib_module_names) - {"crm_workbook"}
    assert foreign <= declared, "imported, but not among the dependencies"
    assert declared - {"psycopg"} <= foreign, "among the dependencies, but never imported"


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


# ---- sizes and habits ----

@pytest.mark.parametrize("path", [*MODULES, *sorted((ROOT / "styles").glob("*.tcss"))], ids=named)
def test_no_module_grows_into_a_hall(path: Path) -> None:
    most = 250 if path == PACKAGE / "app.py" else 400 if "screens" in path.parts else 500
    assert len(path.read_text("utf-8").splitlines()) <= most, "a room is missing: divide the module by what it is about"


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_nothing_is_caught_or_ignored_without_saying_what(path: Path) -> None:
    text = path.read_text("utf-8")
    bare = [node.lineno for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ExceptHandler) and node.type is None]
    assert not bare, f"bare except in line {bare}"
    mute = [number for number, line in enumerate(text.splitlines(), 1)
            if re.search(r"# type: ignore(?!\[[\w, -]+\]  ?# \w)", line) and "re." not in line]
    assert not mute, f"line {mute}: say what is ignored and why: # type: ignore[code]  # reason"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_only_the_doors_print(path: Path) -> None:
    calls = [node.lineno for node in ast.walk(ast.parse(path.read_text("utf-8")))
             if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"]
    assert not calls or path.name in DOORS or "cli" in path.relative_to(PACKAGE).parts, f"print in line {calls}"


# ---- words ----

def texts(value: Any) -> Iterator[str]:
    """Every text in nested data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)


def loud(found: Iterator[str]) -> list[str]:
    """Texts with an exclamation mark behind a word; one before a word is a sign of ours."""
    return [text for text in found if re.search(r"\S!(?!=)", text)]


@pytest.mark.parametrize("path", sorted((PACKAGE / "catalogue" / "data").glob("*.toml")), ids=named)
def test_the_catalogue_does_not_shout(path: Path) -> None:
    assert not loud(texts(tomllib.loads(path.read_text("utf-8"))))


def test_the_records_do_not_shout() -> None:
    from crm_workbook.records import KINDS

    said = ((kind.declared.title, kind.declared.one, kind.declared.about,
             *((field.title, field.help, field.unit, field.heading, dict(field.options or {}))
               for field in kind.declared.fields.values())) for kind in KINDS)
    assert not loud(texts(list(said)))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_no_translated_text_shouts(path: Path) -> None:
    said = (argument.value for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_", "ngettext")
            for argument in node.args if isinstance(argument, ast.Constant) and isinstance(argument.value, str))
    assert not loud(said)


@pytest.mark.parametrize("name", PAPERS)
def test_the_papers_do_not_shout(name: str) -> None:
    prose = re.sub(r"<!--|!\[", "", re.sub(r"```.*?```|`[^`\n]*`", "", paper(name), flags=re.DOTALL))
    assert "!" not in prose


# ---- the papers tell the truth ----

def key_section() -> str:
    """README's key table with its markers, as it has to be."""
    from crm_workbook.screens.commands import key_table

    return f"{KEYS_BEGIN}\n{key_table()}\n{KEYS_END}"


def test_the_key_table_in_readme_is_the_one_of_the_program() -> None:
    assert key_section() in paper("README.md"), "write it anew: python tests/test_house.py"


@pytest.mark.parametrize(("name", "command"), [("USE", USE), ("TEST", TEST)])
def test_the_commands_in_readme_are_the_ones_that_are_checked(name: str, command: str) -> None:
    assert f"\n{command}\n" in paper("README.md")
    assert f'\n{name}="{command}"\n' in paper(".ci/run")
    assert f'\nplain "${name}"' in paper(".ci/run")


def test_the_changelog_knows_this_version() -> None:
    from crm_workbook import __version__

    newest = re.search(r"^## \[?([\w.]+)", paper("CHANGELOG.md"), re.MULTILINE)
    assert newest and newest[1] == __version__


@pytest.mark.parametrize("name", PAPERS)
def test_the_papers_name_only_what_is_there(name: str) -> None:
    """Files and folders in backticks or links exist: `records/goals.py`, [name](path)."""
    text = re.sub(r"```.*?```", "", paper(name), flags=re.DOTALL)
    told = {*re.findall(r"`((?:crm_workbook|tests|styles|docs|\.ci)/[\w./-]*)`", text),
            *(link for link in re.findall(r"\]\(([^)#:]+)\)", text))}
    assert not sorted(place for place in told if not (ROOT / place).exists())


if __name__ == "__main__":
    pattern = re.compile(re.escape(KEYS_BEGIN) + ".*?" + re.escape(KEYS_END), re.DOTALL)
    sys.path.insert(0, str(ROOT))
    (ROOT / "README.md").write_text(pattern.sub(lambda _match: key_section(), paper("README.md")), "utf-8")
