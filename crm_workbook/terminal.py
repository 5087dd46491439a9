"""The terminal itself: its settings before and after, and bytes on its line that are no text."""
from __future__ import annotations

import codecs
import sys
import termios
from collections.abc import Callable
from functools import partial

# leave the other screen, show the cursor, switch off mouse, paste, focus and resize reports, and the kitty keyboard
_AS_IT_WAS = "".join(f"\x1b[?{mode}l" for mode in (1000, 1002, 1003, 1004, 1006, 1015, 1016, 2004, 2048)) + (
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[0m")


def remember() -> Callable[[], None]:
    """Notes how the terminal is set up; the function it returns sets it up like this again (after SIGTERM)."""
    try:
        settings = termios.tcgetattr(sys.stdin.fileno())
    except (termios.error, ValueError, OSError):
        settings = None

    def restore() -> None:
        if sys.__stderr__ is not None:
            sys.__stderr__.write(_AS_IT_WAS)
            sys.__stderr__.flush()
        if settings is not None:
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, settings)

    return restore


def take_any_byte() -> None:
    """A byte that is no UTF-8 (a terminal set to Latin-1, a bad paste) becomes a replacement sign. Textual's driver would end
    the program, and everything in the same read would be lost."""
    from textual.drivers import linux_driver

    strict = codecs.getincrementaldecoder

    def tolerant(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
        return partial(strict(encoding), errors="replace")

    vars(linux_driver)["getincrementaldecoder"] = tolerant  # the driver looks the name up in its own module
