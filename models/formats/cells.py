"""Cells: what a spreadsheet would take for the beginning of a formula. None that Carnet writes in a
table is computed by whoever opens it; none that it reads is a name."""

FORMULA = tuple("=+-@\t\r＝＋－＠")


def is_formula(text: str) -> bool:
    return text.startswith(FORMULA)


def cell(text: str) -> str:
    """One line, that no spreadsheet computes."""
    line = " ".join(text.split())
    return f"'{line}" if is_formula(line) else line
