"""Letters: those who are told by post, printed together in one PDF, sorted as the post likes it.

A run is made step by step (job.py). Whom it is for is settled first: each has then a telling, and
nobody else writes to her. Then a few letters at a time are printed, and kept in the vault in the
transaction that gives their codes: whatever stops it, no one has two, and no code is on no paper.
A letter counts from the day the office says that it was posted."""

from collections.abc import Iterator
from datetime import date, timedelta

from peewee import fn

from . import activation_code, campaign, clock, envelope, ledger, pile, printing, telling, vault
from . import job as jobs
from .access import Actor
from .activation_code import ActivationCode
from .database import transaction
from .job import Job
from .record import Record
from .refusal import Refusal
from .sender import Sender
from .sheet import Letter
from .sheets import telling as words
from .telling import How, Run, Telling, What
from .words import day

KIND = "letters"
# In one PDF: beyond, a printer, or a small server, takes too long.
MOST = 10_000
CHUNK_POSTED = 200
INSERTED = 500
# Whoever was told so many days ago, and has done nothing since, may be reminded.
DAYS = 30
FARTHEST_DAYS = 30  # from now, for the day written on them
KEPT = 30  # days, once they are posted
UNDER_WAY = "Des lettres se préparent déjà. Attendez qu'elles soient prêtes."
CHOOSE = "Choisissez la lettre à écrire."
WRONG_DAY = f"Choisissez une date entre aujourd'hui et dans {FARTHEST_DAYS} jours."
NOT_READY = "Ces lettres ne sont pas encore prêtes."
ERASED = "Le PDF de ces lettres est effacé."
POSTED = "Ces lettres sont déjà notées comme postées."
WRONG_POSTED = "Cette date n'est pas possible : elles ont été préparées le {made}."


def how_many(what: What) -> int:
    """Are to have such a letter, which is not being made."""
    return _waiting(what).count()


def unreachable(number: int) -> tuple[list[Record], int]:
    """Those who cannot be told: no address is known, or letters come back from it. The first of
    them, and how many they are."""
    nowhere, lost = (query.select(Record.id) for query in (campaign.nowhere(), campaign.lost()))
    found = Record.select().where(Record.id.in_(nowhere + lost))
    return list(found.order_by(Record.sort_key, Record.id).limit(number)), found.count()


def begin(what: str, dated: date | None, large: bool, actor: Actor, sender: Sender) -> Run:
    """Raises Refusal."""
    sender.check()
    what = _checked(what, dated)
    with transaction():
        if any(one.details["act"] == "make" for one in under_way().values()):
            raise Refusal(UNDER_WAY)
        number = min(how_many(what), MOST)
        if not number:
            raise Refusal(printing.NOBODY, "what")
        made_by = {"made_by": actor.name, "account": actor.account_id}
        run = Run.create(what=what.value, dated=dated, large=large, **made_by)
        jobs.begin(KIND, actor, number, run=run.uid, act="make")
        ledger.write(actor, ledger.Act.MADE_LETTERS, run.uid, what=what.value, number=number)
    return run


def under_way() -> dict[str, Job]:
    """The jobs that are not over, each under the uid of its run."""
    found = Job.select().where((Job.kind == KIND) & Job.finished_at.is_null())
    return {one.details["run"]: one for one in found}


def latest(number: int = 50) -> list[Run]:
    return list(Run.select().order_by(Run.id.desc()).limit(number))


def find(run_uid: str) -> Run | None:
    return Run.get_or_none(Run.uid == run_uid)


def made(run: Run) -> bool:
    """All its letters; its PDF may have been erased since."""
    return bool(run.size)


def ready(run: Run) -> bool:
    return made(run) and bool(run.content)


def take(run: Run, actor: Actor) -> Iterator[bytes]:
    """The PDF, for the printer. Raises Refusal, vault.Damaged."""
    if not ready(run):
        raise Refusal(ERASED if made(run) else NOT_READY)
    chunks = vault.read(printing.parts(run)[0].name)
    with transaction():
        ledger.write(actor, ledger.Act.TOOK_LETTERS, run.uid, number=run.letters)
    return chunks


def post(run: Run, posted_on: date | None, actor: Actor) -> None:
    """They left that day. Raises Refusal."""
    with transaction():
        now = Run.get_or_none(Run.id == run.id)
        if now is None or not made(now):
            raise Refusal(NOT_READY)
        if now.posted_on:
            raise Refusal(POSTED)
        made_on = now.made_at.astimezone(clock.PARIS).date()
        if posted_on is None or not made_on <= posted_on <= clock.today():
            raise Refusal(WRONG_POSTED.format(made=day(made_on)), "posted_on")
        Run.update(posted_on=posted_on).where(Run.id == run.id).execute()
        jobs.begin(KIND, actor, now.letters, run=run.uid, act="post")
        told = {"number": now.letters, "on": posted_on.isoformat()}
        ledger.write(actor, ledger.Act.POSTED_LETTERS, run.uid, **told)


def drop(run: Run, actor: Actor) -> None:
    """They will not be posted: whoever was to have one is to be told again. Raises Refusal."""
    with transaction():
        now = Run.get_or_none(Run.id == run.id)
        if now is None:
            return
        if now.posted_on:
            raise Refusal(POSTED)
        _end_codes(now)
        Telling.delete().where(Telling.run == now).execute()
        now.delete_instance()
        ledger.write(actor, ledger.Act.DROPPED_LETTERS, now.uid, number=now.letters)
    printing.erase(printing.parts(now))


def for_one(record: Record, code: str, sender: Sender, what: What, large: bool = False) -> bytes:
    """Her own letter, of today."""
    today = clock.today()
    until = telling.last_day(sender, today) if what == What.SPACE else None
    lasts = activation_code.last_day(record, code)
    said = words.sheet(record, code, sender, what, until, lasts)
    return printing.pdf([Letter(envelope.lines(record), said)], sender, today, large)


def step(job: Job, sender: Sender) -> bool:
    run = find(job.details["run"])
    if run is None:  # dropped since
        return False
    if job.details["act"] == "post":
        return _left(job, run)
    if "after" not in job.details:
        _choose(job, run, sender)
        return True
    return printing.step(job, run, sender)


def erase_old(code_days: int) -> int:
    """The PDFs of those posted long ago, or never, and whose codes are over; how many."""
    posted = Run.posted_on <= clock.today() - timedelta(days=KEPT)
    late = Run.posted_on.is_null() & (Run.dated < clock.today() - timedelta(days=code_days))
    over = posted | (late & (Run.size > 0))
    old = list(Run.select().where(over & (Run.content != "")))
    for run in old:
        with transaction():
            Run.update(content="").where(Run.id == run.id).execute()
        printing.erase(printing.parts(run))
    return len(old)


def contents() -> set[str]:
    """The names of what letters have in the vault."""
    return {part.name for run in Run.select(Run.content) for part in printing.parts(run)}


def _waiting(what):
    if what == What.REMINDER:
        return campaign.to_remind_by_post(DAYS)
    return campaign.to_tell_by_post()


def _checked(what, dated):
    if what not in (What.SPACE, What.REMINDER):
        raise Refusal(CHOOSE, "what")
    today = clock.today()
    if dated is None or not today <= dated <= today + timedelta(days=FARTHEST_DAYS):
        raise Refusal(WRONG_DAY, "dated")
    return What(what)


def _choose(job, run, sender):
    with transaction():
        if not printing.still(job, run):
            return
        columns = (Record.id, Record.postal_address, Record.sort_key)
        found = sorted(_waiting(run.what).select(*columns).tuples(), key=_rank)[:MOST]
        told = _told(job, run, sender)
        rows = [told | {"record": number, "address": address} for number, address, _ in found]
        for start in range(0, len(rows), INSERTED):
            Telling.insert_many(rows[start : start + INSERTED]).execute()
        job.total = len(rows)
        job.save(only=[Job.total])
        printing.move_on(job, 0)


def _told(job, run, sender):
    """What their tellings share."""
    until = telling.last_day(sender, run.dated) if run.what == What.SPACE else None
    by = {"made_by": job.made_by, "account": job.account_id}
    return by | {"what": run.what, "how": How.POST.value, "last_day": until, "run": run}


def _rank(row):
    """By postcode, then by name; abroad last."""
    number, address, name = row
    return envelope.postcode(address) or "~", name, number


def _left(job, run):
    noon = clock.midnight(run.posted_on) + timedelta(hours=12)
    here = (Telling.run == run) & Telling.sent_at.is_null() & Telling.failed_at.is_null()
    with transaction():
        some = list(Telling.select().where(here).order_by(Telling.id).limit(CHUNK_POSTED))
        these = pile.standing(run).where(Telling.id.in_([one.id for one in some]))
        stand = {number for (number,) in these.select(Telling.id).tuples()}
        for one in some:
            if one.id in stand:
                one.run = run
                telling.left(one, min(noon, clock.now()))
            else:
                one.delete_instance()
        job.advance(len(some))
    return len(some) == CHUNK_POSTED


def _end_codes(run):
    """Those on its letters, and no other."""
    printed = fn.EXISTS(Telling.select(Telling.id).where((Telling.run == run) & pile.ON_IT))
    live = ActivationCode.expires_at > clock.now()
    ActivationCode.update(expires_at=clock.now()).where(live & printed).execute()
