"""Files are whole or as they were."""
from __future__ import annotations

import errno
import fcntl
import io
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from crm_workbook.exchange import files
from crm_workbook.exchange.files import FileRefused, read_bytes, write_atomic

ROOT = Path(__file__).resolve().parents[2]


def refused(path: Path | str) -> str:
    with pytest.raises(FileRefused) as caught:
        write_atomic(path, "new")
    return str(caught.value)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_new_file_obeys_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        path = write_atomic(tmp_path / "a.toml", "grün\r\n")
    finally:
        os.umask(before)
    assert path.read_bytes() == "grün\r\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert names(tmp_path) == ["a.toml"]


def test_an_existing_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("old and longer")
    path.chmod(0o604)
    inode = path.stat().st_ino
    write_atomic(str(path), "new")
    assert path.read_text() == "new" and stat.S_IMODE(path.stat().st_mode) == 0o604 and path.stat().st_ino != inode


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "real").write_text("old")
    (tmp_path / "link").symlink_to("there/real")
    assert write_atomic(tmp_path / "link", "new") == (tmp_path / "there" / "real").resolve()
    assert (tmp_path / "link").is_symlink() and (tmp_path / "there" / "real").read_text() == "new"


def test_what_is_no_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "lost").symlink_to("nowhere")
    assert "is a folder" in refused(tmp_path)
    assert "pipe or a device" in refused(tmp_path / "pipe")
    assert "leads back to itself" in refused(tmp_path / "loop")
    assert "points to nothing" in refused(tmp_path / "lost")
    assert "There is no folder" in refused(tmp_path / "no" / "a.toml")
    assert "too long" in refused(tmp_path / ("x" * 300))
    assert refused(tmp_path / "a\0b")
    assert names(tmp_path) == ["loop", "lost", "pipe"]


def test_a_write_protected_file_is_respected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.toml"
    path.write_text("old")
    monkeypatch.setattr(os, "access", lambda place, mode: False)  # as for everybody but root
    assert "write-protected" in refused(path) and path.read_text() == "old"


@pytest.mark.parametrize(("number", "words"), [
    (errno.ENOSPC, "disk is full"), (errno.EDQUOT, "disk is full"), (errno.EROFS, "can only be read"),
    (errno.EACCES, "may not write"), (errno.EIO, "was not written"),
])
@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_a_failing_disk_leaves_the_old_file(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, words: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text("old")

    def fail(*args: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        assert words in refused(path)
    assert path.read_text() == "old" and names(tmp_path) == ["a.toml"]


def test_a_disk_that_lies_is_noticed_before_success_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.toml"
    path.write_text("old")
    monkeypatch.setattr(files, "_written", lambda handle: b"nev")
    assert "was not written" in refused(path)
    assert path.read_text() == "old" and names(tmp_path) == ["a.toml"]


def test_a_full_disk_for_real() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    assert "pipe or a device" in refused("/dev/full")


def test_left_over_temporary_files_are_swept_but_only_dead_ones_of_this_name(tmp_path: Path) -> None:
    dead, living, young, other = (tmp_path / name for name in (".a.toml.1-x.tmp", ".a.toml.2-x.tmp", ".a.toml.3-x.tmp",
                                                               ".b.toml.1-x.tmp"))
    for path in (dead, living, young, other):
        path.write_text("half")
    for path in (dead, living, other):
        os.utime(path, (1, 1))
    with living.open() as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        write_atomic(tmp_path / "a.toml", "new")
    assert names(tmp_path) == [".a.toml.2-x.tmp", ".a.toml.3-x.tmp", ".b.toml.1-x.tmp", "a.toml"]


WRITER = """
import sys
from crm_workbook.exchange.files import write_atomic
number = 0
while True:
    number += 1
    write_atomic(sys.argv[1], f"{number}\\n" * 20_000)
    print(number, flush=True)
"""


def test_a_killed_writer_leaves_a_whole_file_not_older_than_it_said(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    for kill_after in (1, 3, 5):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True,
                                  env=os.environ | {"PYTHONPATH": str(ROOT)})
        assert writer.stdout is not None
        told = 0
        for line in writer.stdout:
            lines = path.read_text().splitlines()
            assert len(lines) == 20_000 and len(set(lines)) == 1  # while it goes on writing
            told = int(line)
            if told >= kill_after:
                writer.kill()
        writer.wait()
        writer.stdout.close()
        lines = path.read_text().splitlines()
        assert len(lines) == 20_000 and len(set(lines)) == 1 and int(lines[0]) >= told
    for left in tmp_path.glob(".a.toml.*.tmp"):
        os.utime(left, (1, 1))
    write_atomic(path, "new")
    assert names(tmp_path) == ["a.toml"]


def test_the_longest_name_that_a_file_may_have(tmp_path: Path) -> None:
    path = tmp_path / ("ü" * 125 + ".toml")
    write_atomic(path, "new")
    assert path.read_text() == "new"


def test_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"\xff")
    assert read_bytes(tmp_path / "a") == b"\xff"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"abc")))
    assert read_bytes("-") == b"abc"
    for path, words in ((tmp_path / "b", "There is no file"), (tmp_path, "is a folder"),
                        (tmp_path / "a" / "b", "cannot be read"), ("a\0b", "cannot be read")):
        with pytest.raises(FileRefused, match=words):
            read_bytes(path)
    monkeypatch.setattr(files, "LARGEST", 0)
    with pytest.raises(FileRefused, match="larger than"):
        read_bytes(tmp_path / "a")
