"""What a source is told of its deposits, in French and English: outcomes.csv, beside this file."""

import csv
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("outcomes.csv")


@dataclass(frozen=True)
class Outcome:
    """`status` of HTTP; `severity` and `code` as in an OperationOutcome."""

    fault: str
    status: int
    severity: str
    code: str
    french: str
    english: str


def _lines():
    with FILE.open(newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            yield row["fault"], Outcome(**row | {"status": int(row["status"])})


OUTCOMES = dict(_lines())
