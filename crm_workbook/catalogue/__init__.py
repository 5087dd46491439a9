"""What is known: questions, functions, roles, thresholds and the texts around them, as data.

    catalogue = load()                          # reads nothing yet
    catalogue.motives["mo-growth"].text         # reads motives.toml, once
    catalogue.titles("motive")                  # {id: short text} for a list of choices
    load(Path("acme.toml"))                     # the same with a company's own overlay on top
    problems(catalogue)                         # reads everything and says what is wrong with it
    check_file(Path("acme.toml"))               # the same for an overlay alone

The data lies in `data/`, one TOML file for a few kinds of entries. What an entry looks like is declared in `rows`. Rules stay
texts until somebody asks: `expressions.parse(pattern.fires_when).value(facts_and_params)`.
"""

from crm_workbook.catalogue.core import Catalogue, check_file, load, problems
from crm_workbook.catalogue.faults import CatalogueError, Problem

__all__ = ["Catalogue", "CatalogueError", "Problem", "check_file", "load", "problems"]
