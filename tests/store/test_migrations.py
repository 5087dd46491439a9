"""Old workbooks come up to date whole, or stay exactly as they were."""
from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from crm_workbook.records.edits import Create
from crm_workbook.records.goals import CompanyGoal, CrmGoal
from crm_workbook.records.phases import GateSignOff
from crm_workbook.records.radar import FindingResponse, Snapshot
from crm_workbook.store import NotAWorkbook, Unsaved, Workbook, identify
from crm_workbook.store.engine import over
from crm_workbook.store.files import connect
from crm_workbook.store.lock import WriterQueue
from crm_workbook.store.names import APPLICATION_ID, HEAD, VERSION
from crm_workbook.store.tables import metadata
from crm_workbook.store.upgrade import SCRIPTS, configuration, upgrade_connection, upgrade_file


def schema(raw: sqlite3.Connection) -> dict[str, str]:
    rows = raw.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {name: " ".join(sql.split()) for name, sql in rows}


def picture(raw: sqlite3.Connection) -> list[str]:
    return list(raw.iterdump())


def migrated() -> sqlite3.Connection:
    raw = sqlite3.connect(":memory:", isolation_level=None)
    with over(raw).begin() as connection:
        upgrade_connection(connection)
    return raw


def test_the_constant_is_the_youngest_script() -> None:
    assert ScriptDirectory.from_config(configuration()).get_current_head() == HEAD and int(HEAD) == VERSION


def test_nothing_is_left_for_autogenerate() -> None:
    raw = migrated()
    with over(raw).begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata()) == []


def test_migrated_from_nothing_and_made_afresh_are_the_same(path: Path) -> None:
    assert schema(migrated()) == schema(connect(path))


NEXT = f"{VERSION + 1:04}"
GOOD = '''
from alembic import op
import sqlalchemy as sa
revision, down_revision, branch_labels, depends_on = "NEXT", "HEAD", None, None

def upgrade():
    with op.batch_alter_table("company_goal") as batch:
        batch.alter_column("weight", type_=sa.Float())
    op.add_column("company_goal", sa.Column("colour", sa.Text(), server_default="", nullable=False))
'''
BAD = GOOD + '''
    raise RuntimeError("half-way")
'''
DANGLING = GOOD + '''
    op.execute("CREATE TABLE one (id INTEGER PRIMARY KEY)")
    op.execute("CREATE TABLE two (one INTEGER REFERENCES one (id))")
    op.execute("INSERT INTO two VALUES (7)")
'''


def scripts(folder: Path, second: str) -> Path:
    place = folder / "migrations"
    (place / "versions").mkdir(parents=True)
    for name in ("env.py", "script.py.mako", *(f"versions/{path.name}" for path in (SCRIPTS / "versions").glob("*.py"))):
        (place / name).write_text((SCRIPTS / name).read_text())
    (place / "versions" / f"{NEXT}_next.py").write_text(second.replace("NEXT", NEXT).replace("HEAD", HEAD))
    return place


def fill(path: Path) -> None:
    with Workbook.open(str(path), who="Eva") as workbook:
        workbook.apply([Create(CompanyGoal, {"title": "Grow", "weight": 3}), Create(CrmGoal, {"company_goals": ("G1",)})])


def test_a_workbook_of_the_first_version_keeps_everything(path: Path) -> None:
    raw = sqlite3.connect(path.with_name("old.crm"), isolation_level=None)
    raw.execute(f"PRAGMA application_id={APPLICATION_ID:d}")
    with over(raw).begin() as connection:
        command.upgrade(configuration(connection), "0001")
    raw.execute("PRAGMA user_version=1")
    raw.execute("INSERT INTO workbook (id, created) SELECT 'old', '2026-01-01 00:00:00'")
    raw.execute("INSERT INTO finding_response (number, pattern, response) VALUES (1, 'fp-no-goals', 'accept')")
    raw.execute("INSERT INTO gate_sign_off (number, gate, verdict, reopened) VALUES (1, 'gate-prepare', 'go', 1)")
    raw.execute("INSERT INTO counter (name, last) VALUES ('finding_response', 1), ('gate_sign_off', 1)")
    raw.close()
    with Workbook.open(str(path.with_name("old.crm")), who="Eva") as workbook:
        (response,), (signed,) = workbook.book.rows(FindingResponse), workbook.book.rows(GateSignOff)
        assert (response.pattern, response.response) == ("fp-no-goals", "accept")
        assert (signed.gate, signed.verdict, signed.reopened, signed.figures, signed.readiness) == (
            "gate-prepare", "go", True, "", None)
        assert workbook.apply([Create(Snapshot, {"title": "Kept"})])


def test_an_old_workbook_is_backed_up_and_brought_up_to_date(path: Path, tmp_path: Path) -> None:
    fill(path)
    raw = connect(path)
    before = picture(raw)
    upgrade_file(raw, path, scripts=scripts(tmp_path, GOOD), head=NEXT, version=VERSION + 1)
    assert raw.execute("SELECT title, weight, colour FROM company_goal").fetchall() == [("Grow", 3.0, "")]
    assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [(NEXT,)]
    assert raw.execute("PRAGMA foreign_keys").fetchone() == (1,)
    raw.close()
    with pytest.raises(NotAWorkbook, match="newer version"):
        identify(path)
    copy = path.with_name(f"work.crm.before-{NEXT}.bak")
    assert picture(connect(copy)) == before and identify(copy).version == VERSION
    raw = connect(path)
    upgrade_file(raw, path, scripts=tmp_path / "migrations", head=NEXT, version=VERSION + 1)
    raw.close()
    assert len(list(tmp_path.glob("*.bak"))) == 1, "nothing to do, nothing backed up"


def test_who_has_it_open_while_it_is_brought_up_to_date_writes_no_more(path: Path, tmp_path: Path) -> None:
    with Workbook.open(str(path), who="Eva") as workbook:
        raw = connect(path)
        upgrade_file(raw, path, scripts=scripts(tmp_path, GOOD), head=NEXT, version=VERSION + 1)
        raw.close()
        with pytest.raises(Unsaved, match="newer version"):
            workbook.apply([Create(CompanyGoal, {"title": "Grow"})])
        workbook.poll()


def test_it_is_not_brought_up_to_date_while_somebody_writes(
        path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm_workbook.store.upgrade.BUSY_SECONDS", 0.1)
    raw = connect(path)
    before, queue = picture(raw), WriterQueue(path)
    with queue.turn(), pytest.raises(NotAWorkbook, match="while another program writes into it") as caught:
        upgrade_file(raw, path, scripts=scripts(tmp_path, GOOD), head=NEXT, version=VERSION + 1)
    assert caught.value.reason == "in use" and picture(raw) == before
    queue.close()
    raw.close()


@pytest.mark.parametrize("script", [BAD, DANGLING], ids=["raises", "dangling"])
def test_a_migration_that_fails_leaves_the_file_exactly_as_before(path: Path, tmp_path: Path, script: str) -> None:
    fill(path)
    place = scripts(tmp_path, script)
    for attempt in (1, 2):
        raw = connect(path)
        before = picture(raw)
        with pytest.raises(NotAWorkbook, match="could not be brought up to date") as caught:
            upgrade_file(raw, path, scripts=place, head=NEXT, version=VERSION + 1)
        assert caught.value.reason == "older" and picture(raw) == before
        assert raw.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert raw.execute("PRAGMA foreign_keys").fetchone() == (1,)
        raw.close()
        assert len(list(tmp_path.glob("*.bak"))) == attempt, "no backup is overwritten"
    with Workbook.open(str(path), who="Eva") as workbook:
        assert workbook.book.count() == 2 and workbook.apply([Create(CompanyGoal, {})])
