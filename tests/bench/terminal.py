"""A program in a pseudo-terminal, seen from outside: what it shows, when, and what that costs.

A thread reads the program's output, notes the time of every piece and answers what a terminal is asked at start; the
emulator (pyte) is fed when somebody looks. A frame between the marks of synchronized output counts when it is complete.
Linux only: CPU time and memory come from the clocks and /proc of the process.
"""
from __future__ import annotations

import contextlib
import os
import pty
import queue
import re
import select
import signal
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyte

KEYS = {"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
        "enter": "\r", "tab": "\t", "space": " ", "backspace": "\x7f", "escape": "\x1b", "pgup": "\x1b[5~", "pgdn": "\x1b[6~"}

_ASKED = {b"\x1b[c": b"\x1b[?62;22c", b"\x1b[>c": b"\x1b[>1;10;0c", b"\x1b[5n": b"\x1b[0n", b"\x1b[?u": b"\x1b[?0u",
          b"\x1b[?2026$p": b"\x1b[?2026;2$y"}
_OPEN, _SHUT = b"\x1b[?2026h", b"\x1b[?2026l"
_SEQUENCE = re.compile(rb"\x1b(?:\[([<=>?]?)[0-9;:]*([ -/]*)([@-~])|[PX^_\]].*?(?:\x07|\x1b\\))", re.DOTALL)
_CUT_OFF = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|[PX^_\]](?:[^\x07\x1b]|\x1b(?!\\))*|)\Z")


@dataclass(frozen=True, slots=True)
class Seen:
    """A change on the screen: when it came, and the CPU seconds the program had used by then."""

    at: float
    cpu: float


class Terminal:
    """A running program on a screen of its own."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], size: tuple[int, int] = (80, 24)) -> None:
        columns, rows = size
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.pieces: queue.SimpleQueue[tuple[float, float, bytes]] = queue.SimpleQueue()  # (when, CPU seconds, output)
        self.received, self.frame_open, self.tail, self.shown = 0, False, b"", self._picture()
        self.master, slave = pty.openpty()
        termios.tcsetwinsize(slave, (rows, columns))
        self.start = time.perf_counter()
        self.pid = os.posix_spawnp(argv[0], [*argv], dict(env), setsid=True, file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.ttyname(slave), os.O_RDWR, 0), (os.POSIX_SPAWN_DUP2, 0, 1),
            (os.POSIX_SPAWN_DUP2, 0, 2)])
        os.close(slave)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        while True:
            try:
                select.select([self.master], [], [])
                at, data = time.perf_counter(), os.read(self.master, 65536)
            except OSError:
                break
            for question, answer in _ASKED.items():
                if question in data:
                    self.send(answer)
            self.pieces.put((at, self.cpu(), data))
        self.pieces.put((time.perf_counter(), 0.0, b""))

    def send(self, data: bytes) -> None:
        """Types; a program that has gone reads nothing."""
        with contextlib.suppress(OSError):
            os.write(self.master, data)

    def press(self, key: str) -> float:
        """Presses a key ('down', 'enter', 'ctrl+p', 'x'); returns when."""
        at = time.perf_counter()
        known = chr(ord(key[5:].upper()) ^ 64) if key.startswith("ctrl+") else key
        self.send(KEYS.get(key, known).encode())
        return at

    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(self.screen.display)

    def _picture(self) -> tuple[object, ...]:
        cursor = self.screen.cursor
        cells = tuple(tuple(self.screen.buffer[y][x] for x in range(self.screen.columns)) for y in range(self.screen.lines))
        return (None if cursor.hidden else (cursor.x, cursor.y), cells)

    def _feed(self, data: bytes) -> None:
        """Gives the emulator what it understands."""
        data = self.tail + data
        cut = _CUT_OFF.search(data, max(0, len(data) - 4096))
        self.tail = data[cut.start():] if cut else b""
        data = data[:cut.start()] if cut else data
        opened, shut = data.rfind(_OPEN), data.rfind(_SHUT)
        self.frame_open = opened > shut if max(opened, shut) >= 0 else self.frame_open
        self.stream.feed(_SEQUENCE.sub(_understood, data))

    def watch(self, until: Callable[[], object] | None = None, *, quiet: float | None = None,
              timeout: float = 60.0) -> Seen | None:
        """Looks until a change after which `until` holds (None: it did not come), or else for `quiet` seconds of silence;
        then the last change is returned, None when nothing changed. Always ends after `timeout` seconds."""
        end, silence, last = time.perf_counter() + timeout, time.perf_counter(), None
        while True:
            wait = min(end, silence + quiet if quiet else end) - time.perf_counter()
            try:
                at, cpu, data = self.pieces.get(timeout=max(0.0, wait))
            except queue.Empty:
                return None if until else last
            if not data:  # the program has gone
                self.pieces.put((at, cpu, data))
                return None if until else last
            self.received += len(data)
            self._feed(data)
            silence = time.perf_counter()
            if self.frame_open:
                continue
            picture = self._picture()
            if picture != self.shown:
                self.shown, last = picture, Seen(at, cpu)
                if until and until():
                    return last

    def cpu(self) -> float:
        """CPU seconds of the program with all its threads."""
        with contextlib.suppress(OSError):
            return time.clock_gettime((~self.pid << 3) | 2)  # Linux's CPU clock of another process
        return 0.0

    def pss(self) -> float:
        """MiB of memory; pages shared with other processes count in part."""
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    return int(line.split()[1]) / 1024
        return 0.0

    def close(self) -> None:
        """Ends the program and what it started: politely, then not."""
        for number, wait in (signal.SIGHUP, 3.0), (signal.SIGKILL, 1.0):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)
            end = time.perf_counter() + wait
            while self.reader.is_alive() and time.perf_counter() < end:
                self.reader.join(0.02)
        os.waitpid(self.pid, 0)
        os.close(self.master)


def _understood(match: re.Match[bytes]) -> bytes:
    """A sequence as it can be given to the emulator, which draws parts of those that it does not know."""
    prefix, middle, final = match.groups()
    if final is None or middle or (prefix and not (prefix == b"?" and final in b"hl")) or final in b"tu":
        return b""
    if match[0] in (b"\x1b[?1049h", b"\x1b[?1049l"):
        return b"\x1b[0m\x1b[2J\x1b[H"  # the other screen: the emulator has but one
    return match[0]
