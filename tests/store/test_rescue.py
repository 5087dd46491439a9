"""Rescue files: found again, said, and without passwords."""
from __future__ import annotations

from pathlib import Path

import pytest

from crm_workbook.cli import masked
from crm_workbook.exchange.doctor import examine
from crm_workbook.store import rescue as room
from crm_workbook.store.errors import shown
from crm_workbook.store.rescue import Loose, folder, left_over, rescue

ITEM = Loose("G1", "title", "half a sen")


def test_files_of_earlier_sessions_are_found_again(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert left_over() == [] and folder().is_relative_to(own_home)
    first = rescue("/srv/acme.crm", "Eva", [ITEM], [], {})
    assert first is not None and first.parent == folder() and left_over() == [], "it is of this session"
    monkeypatch.setattr(room, "_written", set())
    assert left_over() == [first]
    second = rescue("/srv/acme.crm", "Eva", [ITEM], [], {})
    third = rescue("/srv/acme.crm", "Eva", [ITEM, ITEM], [], {}, instead=second)
    assert second is not None and third is not None and third.exists() and not second.exists() and left_over() == [first]


def test_the_doctor_says_what_to_do_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [finding for finding in examine() if finding.subject == "rescued"]
    path = rescue("/srv/acme.crm", "Eva", [ITEM], [], {})
    monkeypatch.setattr(room, "_written", set())
    finding, = [finding for finding in examine() if finding.subject == "rescued"]
    assert finding.bad and str(path) in finding.sentence and "copy what is missing into the workbook" in finding.sentence


@pytest.mark.parametrize("address", [
    "postgresql://eva:secret@db/work", "postgresql://eva:sec@ret@db/work", "postgresql://db/work?password=secret",
    "postgresql://eva@db/work?sslmode=require&password=secret&application_name=x", "postgres://db/work?PASSWORD=secret",
    "postgresql+psycopg://eva:secret@db/work?sslpassword=secret", "postgresql://eva:secret@db",
    "postgresql:///work?password=a b"])
def test_passwords_are_shown_nowhere(address: str, own_home: Path) -> None:
    for text in (shown(address), masked(f"Arguments: ['{address}', 'x']" if " " not in address else "")):
        assert not any(secret in text for secret in ("secret", "sec@", "ret@", "a b"))
    path = rescue(address, "Eva", [ITEM], [], {})
    assert path is not None and "secret" not in path.name + path.read_text()
    if "application_name" in address:
        assert shown(address) == "postgresql://eva@db/work?sslmode=require&password=***&application_name=x"
        assert masked(address) == shown(address)


def test_a_path_is_shown_as_it_is() -> None:
    assert shown("/srv/a?password=x:y@z.crm") == "/srv/a?password=x:y@z.crm"
