"""The catalogue: every kind of entry as an attribute, read from its file when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast, overload

from crm_workbook.catalogue.faults import At, CatalogueError, Problem

# Row classes and readers are imported with the first file: making them takes longer than everything else here.
if TYPE_CHECKING:
    from crm_workbook.catalogue.overlay import Overlay
    from crm_workbook.catalogue.rows import (
        ContractItem,
        CostBucket,
        Department,
        EvidenceLevel,
        Fact,
        Fear,
        FreeDay,
        Function,
        FunctionLevel,
        Gate,
        GateItem,
        GoalExample,
        Metric,
        Motive,
        Param,
        Pattern,
        Promise,
        Question,
        QuestionSection,
        Role,
        RoleConflict,
        SelfCheck,
        Stage,
        SurveyQuestion,
        Term,
        TrainingElement,
        WordList,
        WorkaroundKind,
        Workshop,
    )
    from crm_workbook.catalogue.shape import Kind

DATA = Path(__file__).parent / "data"

Row = TypeVar("Row")


class Register(Generic[Row]):
    """One kind of entries as an attribute of the catalogue: a mapping from id to row, in the order of the file."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    @overload
    def __get__(self, catalogue: None, owner: type) -> Self: ...
    @overload
    def __get__(self, catalogue: Catalogue, owner: type) -> Mapping[str, Row]: ...
    def __get__(self, catalogue: Catalogue | None, owner: type) -> Self | Mapping[str, Row]:
        return self if catalogue is None else cast(Mapping[str, Row], catalogue.rows(self.kind))


class Catalogue:
    """What the program knows, with an overlay on top where there is one.

    Each register reads its file once, at the first use; a file that is wrong raises CatalogueError. Rows and mappings
    cannot be changed, so threads may share a catalogue: at worst two of them read the same file.
    """

    stages: Register[Stage] = Register("stage")
    departments: Register[Department] = Register("department")
    roles: Register[Role] = Register("role")
    role_conflicts: Register[RoleConflict] = Register("role_conflict")
    motives: Register[Motive] = Register("motive")
    promises: Register[Promise] = Register("promise")
    fears: Register[Fear] = Register("fear")
    function_levels: Register[FunctionLevel] = Register("function_level")
    functions: Register[Function] = Register("function")
    training_elements: Register[TrainingElement] = Register("training_element")
    metrics: Register[Metric] = Register("metric")
    goal_examples: Register[GoalExample] = Register("goal_example")
    workshops: Register[Workshop] = Register("workshop")
    workaround_kinds: Register[WorkaroundKind] = Register("workaround_kind")
    evidence_levels: Register[EvidenceLevel] = Register("evidence_level")
    question_sections: Register[QuestionSection] = Register("question_section")
    questions: Register[Question] = Register("question")
    terms: Register[Term] = Register("term")
    survey_questions: Register[SurveyQuestion] = Register("survey_question")
    contract_items: Register[ContractItem] = Register("contract_item")
    cost_buckets: Register[CostBucket] = Register("cost_bucket")
    facts: Register[Fact] = Register("fact")
    patterns: Register[Pattern] = Register("pattern")
    self_checks: Register[SelfCheck] = Register("self_check")
    gates: Register[Gate] = Register("gate")
    gate_items: Register[GateItem] = Register("gate_item")
    free_days: Register[FreeDay] = Register("free_day")
    params: Register[Param] = Register("param")
    word_lists: Register[WordList] = Register("word_list")

    def __init__(self, data: Path = DATA, overlay: Overlay | None = None) -> None:
        self.data = data
        self.overlay = overlay
        self._rows: dict[str, Mapping[str, Any]] = {}
        self._titles: dict[str, Mapping[str, str]] = {}
        self._about: dict[str, str] = {}

    @property
    def id(self) -> str:
        """The name that overlays refer to: "crm.core"."""
        return self._identity("id")

    @property
    def version(self) -> str:
        """Version of the content, such as "1.0.0": entries and options are only ever lost with a new first number."""
        return self._identity("version")

    @property
    def language(self) -> str:
        """Language code of the texts."""
        return self._identity("language")

    def rows(self, kind: str) -> Mapping[str, Any]:
        """All entries of a kind ("motive", "role", ...) by id. Raises KeyError for a kind that does not exist."""
        if kind not in self._rows:
            self._read(_kind(kind).file)
        return self._rows[kind]

    def titles(self, kind: str) -> Mapping[str, str]:
        """The short text of each entry of a kind by id, to choose from. Reads only the file of that kind."""
        if kind not in self._titles:
            title = _kind(kind).title
            self._titles[kind] = MappingProxyType({id: getattr(row, title) for id, row in self.rows(kind).items()})
        return self._titles[kind]

    def _read(self, file: str) -> None:
        """Read one file with all its kinds."""
        from crm_workbook.catalogue.reading import read_entries, read_toml
        from crm_workbook.catalogue.rows import KINDS

        path = self.data / f"{file}.toml"
        content = read_toml(path)
        kinds = [kind for kind in KINDS.values() if kind.file == file]
        tables = [kind.tables for kind in kinds]
        found = [
            At(path.name, "", key).problem(f"unknown key. Expected one of: {', '.join(tables)}.")
            for key in content
            if key not in tables
        ]
        read: dict[str, Mapping[str, Any]] = {}
        for kind in kinds:
            rows: dict[str, Any] = {}
            read_entries(kind, content.get(kind.tables, []), path.name, rows, found)
            if self.overlay is not None:
                rows = self.overlay.applied(kind, rows, found)
            read[kind.name] = MappingProxyType(rows)
        if found:
            raise CatalogueError(found)
        self._rows.update(read)

    def _identity(self, key: str) -> str:
        if not self._about:
            from crm_workbook.catalogue.reading import read_toml

            content = read_toml(self.data / "catalogue.toml")
            missing = [name for name in ("id", "version", "language") if not isinstance(content.get(name), str)]
            if missing:
                raise CatalogueError(At("catalogue.toml", "", name).problem("expected a text.") for name in missing)
            self._about = content
        return self._about[key]


def load(overlay: Path | None = None) -> Catalogue:
    """The catalogue, with a company's own overlay file on top if there is one.

    Without an overlay nothing is read. An overlay is checked at once, together with the files it touches, so that a
    mistake in it shows here and not in a meeting: raises CatalogueError, which names file, entry and key.
    """
    if overlay is None:
        return Catalogue()
    catalogue, found = _overlaid(overlay)
    wrong = [problem for problem in found if not problem.warning]
    if wrong:
        raise CatalogueError(wrong)
    return catalogue


def problems(catalogue: Catalogue) -> list[str]:
    """Everything wrong or doubtful in all files of a catalogue, one sentence each; an empty list is the wish."""
    return [str(problem) for problem in _check_all(catalogue)]


def check_file(path: Path) -> list[Problem]:
    """Everything wrong or doubtful in an overlay file; none when the program can use it as it is.

    Warnings are among it: `load` accepts them. A folder is checked as a whole catalogue, and a file that looks like one of
    a catalogue (patterns.toml without [overlay]) together with the files beside it. A path that cannot be read is a problem.
    """
    from crm_workbook.catalogue.reading import read_toml
    from crm_workbook.catalogue.rows import KINDS

    if path.is_dir():
        return _check_all(Catalogue(path))
    try:
        kinds = [kind.name for kind in KINDS.values() if kind.file == path.stem]
        if kinds and "overlay" not in read_toml(path):
            return _check(Catalogue(path.parent), kinds)
        return _overlaid(path)[1]
    except CatalogueError as error:
        return list(error.problems)


def _overlaid(path: Path) -> tuple[Catalogue, list[Problem]]:
    """The catalogue with an overlay on top, and what is wrong with it. Raises CatalogueError when it is no TOML."""
    from crm_workbook.catalogue.overlay import read_overlay

    plain, found = Catalogue(), list[Problem]()
    own = read_overlay(path, plain.id, plain.version, found)
    catalogue = Catalogue(overlay=own)
    return catalogue, [*found, *_check(catalogue, own.kinds)]


def _check_all(catalogue: Catalogue) -> list[Problem]:
    from crm_workbook.catalogue.rows import KINDS

    found = _check(catalogue, KINDS)
    try:
        _ = catalogue.id
    except CatalogueError as error:
        found.extend(error.problems)
    return found


def _check(catalogue: Catalogue, kinds: Iterable[str]) -> list[Problem]:
    """What is wrong with these kinds. A file that cannot be read does not keep the others from being checked."""
    from crm_workbook.catalogue.lints import lint

    found: dict[Problem, None] = {}  # a dict, because the kinds of one file report the same problems
    readable = []
    for kind in kinds:
        try:
            catalogue.rows(kind)
            readable.append(kind)
        except CatalogueError as error:
            found.update(dict.fromkeys(error.problems))
    return [*found, *lint(catalogue, readable)]


def _kind(name: str) -> Kind:
    from crm_workbook.catalogue.rows import KINDS

    if name not in KINDS:
        raise KeyError(f'the catalogue has no kind "{name}", only: {", ".join(KINDS)}')
    return KINDS[name]
