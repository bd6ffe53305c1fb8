"""How far long work has come: one line on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
import time

from msgspec import Struct, field

_EVERY = 0.1
"""Seconds between two looks of the line."""
_SMOOTH = 20.0
"""Seconds over which the rate is measured, roughly: old speed is forgotten, a hiccup is not shown."""


class Progress(Struct):
    """``1,234 of 20,000 seeds · 245 a second · 1 min 16 s left``, on standard error if that is a terminal."""

    total: int
    noun: str
    done: int = 0
    _shown: bool = False
    _at: float = 0.0
    _marks: list[tuple[float, int]] = field(default_factory=list)

    def step(self, note: str = "") -> None:
        """One more is done; ``note`` is added to the line."""
        self.done += 1
        if not sys.stderr.isatty():
            return
        now = time.monotonic()
        if now - self._at < _EVERY:
            return
        self._at = now
        self._marks = [mark for mark in self._marks if now - mark[0] < _SMOOTH] or self._marks[-1:]
        self._marks.append((now, self.done))
        (start, before), count = self._marks[0], self.done
        rate = (count - before) / (now - start) if now > start else 0.0
        sys.stderr.write(f"\r{line(count, self.total, self.noun, rate, note)}\x1b[K")
        sys.stderr.flush()
        self._shown = True

    def clear(self) -> None:
        """Take the line away, so that something else can be written."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False


def line(done: int, total: int, noun: str, rate: float, note: str = "") -> str:
    """The line for so many done, at so many a second."""
    parts = [f"{done:,} of {total:,} {noun}" if total else f"{done:,} {noun}"]
    if rate:
        parts.append(f"{rate:,.0f} a second" if rate >= 10 else f"{rate:.1f} a second")
        if total > done:
            parts.append(f"{duration((total - done) / rate)} left")
    return " · ".join([*parts, note] if note else parts)


def duration(seconds: float) -> str:
    """``45 s``, ``3 min 20 s``, ``2 h 5 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
