"""The measurements as a table, beside what is asked for."""

from __future__ import annotations

import math
from statistics import median
from typing import TYPE_CHECKING

from scripts.bench.scenarios import SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scripts.bench.measure import Sample

Results = dict[str, dict[str, list["Sample"]]]
"""Samples by generator and scenario."""

ASKED: Mapping[tuple[str, str], Mapping[int, float]] = {
    ("cold", "wire"): {1_000: 0.9, 20_000: 0.7, 100_000: 0.7},
    ("cold", "markup1"): {1_000: 1.3, 20_000: 1.0},
    ("cold", "markup4"): {1_000: 1.3, 20_000: 1.0},
    ("fresh", "wire"): {20_000: 0.5},
    ("body", "wire"): {1_000: 1 / 4, 20_000: 1 / 25, 100_000: 1 / 60},
    ("title", "wire"): {1_000: 1 / 2, 20_000: 1 / 10, 100_000: 1 / 25},
    ("nothing", "wire"): {1_000: 1 / 10, 20_000: 1 / 60, 100_000: 1 / 100},
    ("added", "wire"): {1_000: 1 / 2, 20_000: 1 / 10, 100_000: 1 / 25},
}
"""The most of Hugo's wall clock, by scenario and bodies, then by number of articles."""
PELICAN = {1_000: 1 / 3, 20_000: 1 / 9}
"""The most of stock Pelican's wall clock, cold."""
MEMORY = {20_000: 250, 100_000: 600}
"""The most memory of all processes together, in MB (10^6 bytes)."""
SECONDS = {("body", 100_000): 1.0}
"""The most seconds."""
OURS, HUGO, STOCK = "briefings", "hugo", "pelican"


def wall(samples: Sequence[Sample]) -> float:
    """The median wall clock in seconds."""
    return median(sample.wall for sample in samples)


def cpu(samples: Sequence[Sample]) -> float:
    """The median processor time in seconds."""
    return median(sample.cpu for sample in samples)


def _verdict(reached: float, asked: float | None) -> str:
    if asked is None:
        return ""
    return f"asked {_ratio(asked)}" + ("" if reached <= asked else "  NOT REACHED")


def _ratio(value: float) -> str:
    return f"{value:.2f} x" if value >= 0.2 else f"1/{1 / value:.0f}"


def lines(size: int, bodies: str, results: Results, counts: Mapping[str, int]) -> Iterator[str]:
    """The table of one corpus."""
    named = ", ".join(f"{name} {counts[name]:,}" for name in results)
    yield f"{size:,} articles, bodies: {bodies}; files: {named}"
    head = "".join(f"{name:>24}" for name in results)
    yield f"{'wall s / CPU s, medians':30}{head}   ours / hugo"
    for key, title, _ in SCENARIOS:
        row = ""
        for name in results:
            samples = results[name].get(key, [])
            cell = f"{wall(samples):.2f} / {cpu(samples):.2f}" if samples else "-"
            row += f"{cell:>24}"
        line = f"{title:30}{row}"
        mine, theirs = results.get(OURS, {}).get(key), results.get(HUGO, {}).get(key)
        if mine and theirs:
            reached = wall(mine) / wall(theirs)
            asked = ASKED.get((key, bodies), {}).get(size)
            line += f"   {_ratio(reached):>7} (CPU {_ratio(cpu(mine) / cpu(theirs))})  {_verdict(reached, asked)}"
        if mine and (most := SECONDS.get((key, size))):
            line += f"  at most {most:g} s" + ("" if wall(mine) <= most else "  NOT REACHED")
        if any(results[name].get(key) for name in results):
            yield line.rstrip()
    if mine := results.get(OURS, {}).get("cold"):
        for name in results:
            if name.startswith(STOCK) and results[name].get("cold"):
                reached = wall(mine) / wall(results[name]["cold"])
                asked = PELICAN.get(size) if name == STOCK and bodies == "wire" else None
                yield f"cold, ours / {name}: {_ratio(reached)}  {_verdict(reached, asked)}".rstrip()
    peaks = {name: max((one.peak for one in results[name].get("memory", [])), default=0) for name in results}
    if any(peaks.values()):
        said = "".join(f"{f'{peaks[name] / 1e6:.0f} MB':>24}" for name in results)
        most = MEMORY.get(size) if OURS in peaks else None
        note = f"   at most {most} MB" + ("" if peaks[OURS] <= most * 1e6 else "  NOT REACHED") if most else ""
        yield f"{'peak memory, cold':30}{said}{note}"


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """The exponent of growth: the slope of the least squares line through the logarithms."""
    xs, ys = [math.log(size) for size in sizes], [math.log(second) for second in seconds]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)
