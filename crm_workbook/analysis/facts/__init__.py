"""The facts: what the workbook knows about itself, one small pure function each, in one module a chapter.

A fact's name is its id in the catalogue (`facts.toml`), which holds its title, its unit and what it means. `FACTS` is filled by
the modules; a test holds both together.
"""
from __future__ import annotations

from collections.abc import Callable

from crm_workbook.analysis.facts.view import Figure, View

FACTS: dict[str, Callable[[View], Figure]] = {}
"""Every fact by its name."""


def fact(function: Callable[[View], Figure]) -> Callable[[View], Figure]:
    """Registers a fact under the name of its function."""
    assert function.__name__ not in FACTS, f"two facts are called {function.__name__}"
    FACTS[function.__name__] = function
    return function


# They register themselves in FACTS.
from crm_workbook.analysis.facts import (  # noqa: E402
    adoption,
    goals,
    money,
    phases,
    processes,
    requirements,
    roles,
    team,
    vendors,
)

__all__ = ["FACTS", "Figure", "View", "adoption", "fact", "goals", "money", "phases", "processes", "requirements", "roles",
           "team", "vendors"]
