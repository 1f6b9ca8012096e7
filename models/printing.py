"""Printing the letters of a run (letters.py): a few at a time, kept in the vault in the transaction
that gives their codes. Whatever stops it, no one has two, and every code is on paper."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from . import activation_code, clock, envelope, vault
from .activation_code import WAITING
from .database import transaction
from .formats import typesetting
from .job import Job
from .record import Record
from .refusal import Refusal
from .sender import Sender
from .sheet import Letter
from .sheets import telling as words
from .sheets.telling_words import SOMEONE
from .telling import Run, Telling
from .words import day

CHUNK = 25
NOBODY = "Il n'y a personne à qui écrire par la poste."


@dataclass(frozen=True)
class Part:
    """Some of its letters, in the vault."""

    name: str
    size: int


def step(job: Job, run: Run, sender: Sender) -> bool:
    """Whether there is another."""
    some = _next(run, job.details["after"])
    if not some:
        _bind(run)
        return False
    _print(job, run, some, sender)
    return True


def pdf(letters: list[Letter], sender: Sender, dated: date, large: bool) -> bytes:
    """For the printer. Raises typesetting.TypesettingFailed."""
    writer = (sender.publisher or SOMEONE, sender.contact, sender.address)
    lines = tuple(line for line in writer if line)
    return typesetting.letters_pdf(letters, lines, f"Le {day(dated)}", large)


def still(job: Job, run: Run) -> Run | None:
    """The run as it is, unless it was dropped, or another process did this step."""
    same = Job.get_by_id(job.id).detail == job.detail
    return Run.get_or_none(Run.id == run.id) if same else None


def move_on(job: Job, after: int) -> None:
    """Past this telling. Call both inside the transaction of the step."""
    job.detail = json.dumps(job.details | {"after": after})
    job.save(only=[Job.detail])


def parts(run: Run) -> list[Part]:
    told = (one.split(":") for one in run.content.split())
    return [Part(name, int(size)) for name, size in told]


def erase(these: list[Part]) -> None:
    for part in these:
        vault.erase(part.name)


def _next(run, after):
    query = (
        Telling.select(Telling, Record)
        .join(Record)
        .where((Telling.run == run) & (Telling.id > after))
    )
    return list(query.order_by(Telling.id).limit(CHUNK))


def _print(job, run, some, sender):
    codes = {one.id: activation_code.draw() for one in some}
    letters = _letters(run, some, codes, sender)
    part = _kept([pdf(list(letters.values()), sender, run.dated, run.large)]) if letters else None
    with transaction():
        now = still(job, run)
        again = _next(run, job.details["after"]) if now else []
        # Nobody objected, moved… while they were printed.
        same = bool(again) and _letters(run, again, codes, sender) == letters
        if same:
            _give(job, now, again, codes, part, sender)
    if not same:
        erase([part] if part else [])
        job.detail = Job.get_by_id(job.id).detail


def _letters(run, some, codes, sender):
    """Telling → her letter, if she is still to have one."""
    lasts = run.dated + timedelta(days=sender.code_days)
    return {
        one.id: Letter(
            envelope.lines(one.record),
            words.sheet(one.record, codes[one.id], sender, run.what, one.last_day, lasts),
        )
        for one in some
        if one.id in codes and _awaits(one)
    }


def _awaits(one):
    her = one.record
    return her.state in WAITING and her.postal_address and not (her.closing_at or her.died_on)


def _give(job, run, some, codes, part, sender):
    # A day more than what is written: the last one is hers to its end.
    days = (run.dated - clock.today()).days + sender.code_days + 1
    for one in some:
        if _awaits(one):
            # The same moment tells which code is on which letter (letters.py).
            one.made_at = activation_code.keep(one.record, codes[one.id], days)
            one.address = one.record.postal_address
            one.save(only=[Telling.made_at, Telling.address])
            run.letters += 1
            run.pile = f"{run.pile} {one.record_id}".strip()
        else:
            one.delete_instance()
    if part:
        run.content = f"{run.content} {part.name}:{part.size}".strip()
    run.save(only=[Run.letters, Run.pile, Run.content])
    move_on(job, some[-1].id)
    job.advance(len(some))


def _bind(run):
    """One PDF of them all."""
    printed = parts(run)
    if not printed:
        run.delete_instance()
        raise Refusal(NOBODY)
    chunks = (chunk for part in printed for chunk in vault.read(part.name))
    sizes = [part.size for part in printed]
    whole = _kept(typesetting.merged(chunks, sizes)) if len(printed) > 1 else printed[0]
    content = f"{whole.name}:{whole.size}"
    with transaction():
        here = (Run.id == run.id) & (Run.content == run.content)
        bound = Run.update(content=content, size=whole.size).where(here).execute()
    if len(printed) > 1:
        erase(printed if bound else [whole])


def _kept(chunks: Iterable[bytes]) -> Part:
    spool = vault.Spool(limit=1 << 40)
    try:
        for chunk in chunks:
            spool.write(chunk)
        return Part(spool.keep(), spool.size)
    finally:
        spool.discard()
