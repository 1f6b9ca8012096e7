"""A plot of bars, one under the other: where each one stands, for a template to draw."""

from dataclasses import dataclass

# In units of the drawing, whose text is 14 high: as wide as the smallest screen.
WIDE, STEP, THICK, NAMES, NUMBERS = 300, 26, 18, 60, 50
# A number that is not told has a bar of its own, always the same.
UNTOLD = 8


@dataclass(frozen=True)
class Bar:
    """`number` is what is written after it; `told`: it is one, and gives the bar its length."""

    y: int
    long: float
    label: str
    number: str
    told: bool

    @property
    def end(self) -> float:
        return NAMES + self.long

    @property
    def line(self) -> int:
        """Where its words stand."""
        return self.y + THICK - 4


@dataclass(frozen=True)
class Plot:
    bars: tuple[Bar, ...]
    wide = WIDE
    thick = THICK
    start = NAMES

    @property
    def high(self) -> int:
        return STEP * len(self.bars)


def plot(numbers: dict[str, int | str], short: dict[str, str]) -> Plot:
    """One bar a label; a number that is words instead is written as `short` has them."""
    most = max((one for one in numbers.values() if isinstance(one, int)), default=0)
    bars = []
    for place, (label, one) in enumerate(numbers.items()):
        told = isinstance(one, int)
        long = round((WIDE - NAMES - NUMBERS) * one / most, 1) if told and most else UNTOLD
        bars.append(Bar(STEP * place, long, label, str(one) if told else short[one], told))
    return Plot(tuple(bars))
