"""Files that are whole or as they were: nobody ever reads half an export, and a failed one leaves the old file.

The text goes to a temporary file in the same folder, is synced and read back, and only then takes the place of the old
file; the folder is synced last. The temporary file is locked while its writer lives, so that one left behind by a process
that was killed can be told from one in use, and is swept by the next export of the same name.
"""
from __future__ import annotations

import errno
import fcntl
import os
import secrets
import stat
import sys
import time
from pathlib import Path

from crm_workbook.i18n import _

LARGEST = 256 * 1024 * 1024
"""Most bytes read from one file; a hundred thousand records are a tenth of it."""

_STALE_AFTER = 60.0  # seconds: a file this young may belong to a writer that has not locked it yet
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM}


class FileRefused(Exception):
    """A file that cannot be written or read; the message is a sentence that says what to do. Nothing was changed."""


def shown(path: str | os.PathLike[str]) -> str:
    """A path as it can be printed anywhere: what is no printable character becomes '?'."""
    return "".join(char if char.isprintable() else "?" for char in os.fspath(path))


def write_atomic(path: str | os.PathLike[str], text: str | bytes) -> Path:
    """Writes the text (as UTF-8) or the bytes, whole or not at all, and gives the path of the file that was written.

    A symbolic link is followed, the mode of an existing file is kept. Raises FileRefused.
    """
    target = _target(path)
    data = text.encode() if isinstance(text, str) else text
    try:
        _sweep(target)
        _replace(target, data)
    except OSError as error:
        raise FileRefused(_why(error, target)) from error
    return target


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Everything in a file, or on standard input for '-'. Raises FileRefused."""
    name = shown(path)
    try:
        if os.fspath(path) == "-":
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with open(path, "rb") as file:
                data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise unreadable(error, path) from error
    if len(data) > LARGEST:
        raise FileRefused(_("{name} is larger than {most} MB; that is no export of a workbook.").format(
            name=name, most=LARGEST // 1024 // 1024))
    return data


def unreadable(error: OSError | ValueError, path: str | os.PathLike[str]) -> FileRefused:
    """The refusal of a file that cannot be opened or read."""
    name = shown(path)
    if isinstance(error, FileNotFoundError):
        return FileRefused(_("There is no file {name}.").format(name=name))
    if isinstance(error, IsADirectoryError):
        return FileRefused(_("{name} is a folder. Name a file in it.").format(name=name))
    if isinstance(error, PermissionError):
        return FileRefused(_("You may not read {name}. Ask its owner.").format(name=name))
    reason = getattr(error, "strerror", None) or error
    return FileRefused(_("{name} cannot be read: {reason}.").format(name=name, reason=reason))


def _target(path: str | os.PathLike[str]) -> Path:
    """The file that will really be written, behind symbolic links. Raises FileRefused for what can be no such file."""
    name = shown(path)
    try:
        real = Path(os.path.realpath(path))
        status = real.lstat()
    except FileNotFoundError as error:
        if os.path.islink(path):
            raise FileRefused(_("{name} is a link that points to nothing. Remove it or choose another name.").format(
                name=name)) from error
        if not real.parent.is_dir():
            raise FileRefused(_("There is no folder {folder}. Make it first, or choose another one.").format(
                folder=shown(real.parent))) from error
        return real
    except (OSError, ValueError) as error:
        raise FileRefused(_why(error, Path(path))) from error
    if stat.S_ISDIR(status.st_mode):
        raise FileRefused(_("{name} is a folder. Name a file in it, such as {example}.").format(
            name=name, example=shown(Path(path) / f"crm{_ending(path)}")))
    if stat.S_ISLNK(status.st_mode):
        raise FileRefused(_("{name} is a link that leads back to itself. Choose another name.").format(name=name))
    if not stat.S_ISREG(status.st_mode):
        raise FileRefused(_("{name} is no ordinary file but a pipe or a device. Name a file.").format(name=name))
    if not os.access(real, os.W_OK):
        raise FileRefused(_("{name} is write-protected. Choose another name, or allow writing: chmod u+w {name}").format(
            name=name))
    return real


def _ending(path: str | os.PathLike[str]) -> str:
    """How the name of an example ends: like this one, where a file of ours could."""
    suffix = Path(path).suffix.casefold()
    return suffix if suffix in (".xlsx", ".md") else ".toml"


def _stem(target: Path) -> str:
    return "." + os.fsdecode(os.fsencode(target.name)[:180]) + "."  # file names have 255 bytes at most


def _replace(target: Path, data: bytes) -> None:
    try:
        before: os.stat_result | None = os.stat(target)
    except FileNotFoundError:
        before = None
    temporary = target.parent / f"{_stem(target)}{os.getpid()}-{secrets.token_hex(4)}.tmp"
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(temporary, flags, 0o666 if before is None else 0o600)  # a new file obeys the umask
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _write(handle, data)
            if before is not None:
                if (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
                    _keep_owner(handle, before)
                os.fchmod(handle, stat.S_IMODE(before.st_mode))
            os.fsync(handle)
            if _written(handle) != data:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            os.replace(temporary, target)
        finally:
            os.close(handle)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _write(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest):]


def _written(handle: int) -> bytes:
    os.lseek(handle, 0, os.SEEK_SET)
    parts = []
    while part := os.read(handle, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def _keep_owner(handle: int, before: os.stat_result) -> None:
    try:
        os.fchown(handle, before.st_uid, before.st_gid)
    except OSError:
        return  # only root may give files away; the writer owns the new one then


def _sync_folder(folder: Path) -> None:
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return  # a folder in which one may write but not look; the file itself is synced
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # file systems that cannot sync a folder
            raise FileRefused(_("The file was written, but the disk under {folder} does not confirm it: {reason}. Write it "
                                "once more, to another disk.").format(folder=shown(folder), reason=error.strerror)) from error
    finally:
        os.close(handle)


def _sweep(target: Path) -> None:
    """Removes temporary files of this name whose writer is dead."""
    stem = _stem(target)
    try:
        names = [entry.name for entry in os.scandir(target.parent)
                 if entry.name.startswith(stem) and entry.name.endswith(".tmp")]
    except OSError:
        return
    for name in names:
        try:
            handle = os.open(target.parent / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            status = os.fstat(handle)
            if stat.S_ISREG(status.st_mode) and time.time() - status.st_mtime > _STALE_AFTER:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.unlink(target.parent / name)
        except OSError:
            continue  # its writer lives, or it is somebody else's
        finally:
            os.close(handle)


def _why(error: OSError | ValueError, target: Path) -> str:
    number = getattr(error, "errno", None)
    name, folder = shown(target), shown(target.parent)
    if number in _FULL:
        return _("The disk is full: {name} was not written, what stood there before is untouched. Make room, or write "
                 "to another disk.").format(name=name)
    if number == errno.EROFS:
        return _("{folder} can only be read. Write to another folder.").format(folder=folder)
    if number in _FORBIDDEN:
        return _("You may not write in {folder}. Choose another folder, or ask its owner.").format(folder=folder)
    if number == errno.ENAMETOOLONG:
        return _("The name {name} is too long. Choose a shorter one.").format(name=f"{name[:60]}...")
    if number == errno.ELOOP:
        return _("{name} is a link that leads back to itself. Choose another name.").format(name=name)
    reason = getattr(error, "strerror", None) or error
    return _("{name} was not written: {reason}. What stood there before is untouched.").format(name=name, reason=reason)
