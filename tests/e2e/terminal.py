"""A program in a real pseudo-terminal, its screen read by an emulator: what a person would see, and how a line is cut."""
from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

import pyte

KEYS = {"enter": "\r", "tab": "\t", "esc": "\x1b", "space": " ", "backspace": "\x7f", "up": "\x1b[A", "down": "\x1b[B",
        "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F", "shift+tab": "\x1b[Z", "f1": "\x1bOP",
        "f3": "\x1bOR", "delete": "\x1b[3~", "pgdn": "\x1b[6~"}
# What the emulator does not know and would print: private CSI, DCS, mode queries.
_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;:]*[a-zA-Z]|\x1bP[^\x1b]*\x1b\\|\x1b\[\??[0-9;]*\$[a-z]")


class Terminal:
    """Starts `argv` on a terminal of its own. Nothing sleeps for a fixed time: `wait` reads until the screen shows it."""

    def __init__(self, argv: Sequence[str], size: tuple[int, int] = (80, 24), env: Mapping[str, str] | None = None) -> None:
        columns, rows = size
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.sent = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update({"TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": str(rows), **(env or {})})
            os.execvp(argv[0], list(argv))
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.status: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self.fd >= 0:
            os.close(self.fd)

    def read(self, seconds: float = 0.05) -> bool:
        """Takes in what the program writes within so many seconds; False when it has closed the terminal."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.sent += data
        for mode in re.findall(rb"\x1b\[\?(\d+)\$p", data):
            os.write(self.fd, b"\x1b[?%s;2$y" % mode)
        self.stream.feed(_UNKNOWN.sub(b"", data))
        return bool(data)

    def settle(self, quiet: float = 0.06, seconds: float = 5.0) -> None:
        """Reads until the program has been silent for a moment: until it has drawn what the last key asked for."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and select.select([self.fd], [], [], quiet)[0] and self.read():
            pass

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait(self, pattern: str, seconds: float = 8.0, *, gone: bool = False) -> None:
        """Reads until the screen matches the pattern (or no longer does); AssertionError with the screen when it does not."""
        end = time.monotonic() + seconds
        while bool(re.search(pattern, self.text)) is gone:
            alive = self.read()
            assert alive and time.monotonic() < end, f"{'still there' if gone else 'not seen'}: {pattern}\n{self.text}"

    def type(self, text: str) -> None:
        """Types a text as it is."""
        os.write(self.fd, text.encode())
        self.read()

    def press(self, *names: str) -> None:
        """Presses keys by name; a name of one character is that character, ctrl+x works."""
        for name in names:
            keys = KEYS.get(name) or (chr(ord(name[5:]) & 0x1F) if name.startswith("ctrl+") else name)
            os.write(self.fd, keys.encode())
            self.read()

    def hang_up(self) -> None:
        """Cuts the line: the terminal is gone at once, the kernel sends SIGHUP, and the program must end by itself."""
        os.close(self.fd)
        self.fd = -1
        self.end()

    def end(self, seconds: float = 8.0) -> int:
        """Waits for the end of the program; its exit code."""
        end = time.monotonic() + seconds
        while self.status is None:
            if self.fd >= 0:
                self.read()
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
            assert time.monotonic() < end, f"still running\n{self.text}"
        return self.status
