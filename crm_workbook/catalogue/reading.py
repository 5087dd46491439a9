"""From a TOML file to checked entries."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crm_workbook.catalogue.faults import At, CatalogueError, Problem
from crm_workbook.catalogue.shape import Kind, read_row


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file. Raises CatalogueError when it is missing or no TOML."""
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        what = f"cannot be read ({error.strerror or error})."
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        what = f"is not valid TOML: {error}."
    raise CatalogueError([At(path.name, "").problem(what)])


def read_entries(kind: Kind, tables: object, file: str, rows: dict[str, Any], out: list[Problem]) -> None:
    """Add the entries of one kind to `rows`, and what is wrong with them to `out`.

    `tables` is what stands under the kind's key in a file: an array of tables, or one table whose keys are the ids.
    """
    if isinstance(tables, Mapping):
        tables = [{kind.identity.key: id, **body} if isinstance(body, Mapping) else body for id, body in tables.items()]
    if not isinstance(tables, list):
        out.append(At(file, "", kind.tables).problem(f"expected tables, each begun with [[{kind.tables}]]."))
        return
    for number, raw in enumerate(tables, start=1):
        at = At(file, kind.label(raw, number))
        row = read_row(kind.row, raw, at, out)
        if row is None:
            continue
        id = str(getattr(row, kind.identity.name))
        if id in rows:
            out.append(at.inside(kind.identity.key).problem("this id is already taken. Expected one of its own."))
        else:
            rows[id] = row
