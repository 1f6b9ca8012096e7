"""What a member is told of her record, by e-mail or by letter: what is made, by whom, why, how
long, how to object, how to activate it, and the code. Whoever represents a child is told instead.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from textwrap import wrap

from .. import clock, telling  # whose module may be the one that imports this one
from ..activation_code import spaced
from ..record import Record
from ..sender import Sender
from ..sheet import Block, Facts, Heading, Paragraph, Points, Scan, Sheet
from ..words import day
from . import telling_words as words

COLUMNS = 72


def subject(record: Record, what: str) -> str:
    return _voice(record).subjects[what].format(name=record.name)


def sheet(
    record: Record,
    code: str,
    sender: Sender,
    what: str,
    last_day: date | None,
    until: date | None = None,
) -> Sheet:
    """`last_day`: until when to object before the record opens by itself; `until`: the last day of
    the code, or that of a code made now."""
    last_day = last_day or _last_day(record)
    until = until or clock.today() + timedelta(days=sender.code_days)
    waits = bool(last_day and last_day >= clock.today() and not record.opened_at)
    said = _said(_voice(record), what, bool(record.told_at), waits)
    known = _known(record, code, sender, last_day, until)
    return Sheet(subject(record, what), tuple(_filled(block, known) for block in said))


def plain(told: Sheet) -> str:
    """For an e-mail. An address is never cut; a heading stays with what it announces."""
    said = ""
    for before, block in zip((None, *told.blocks), told.blocks, strict=False):
        gap = "\n" if isinstance(before, Heading) else "\n\n"
        said += gap + "\n".join(_lines(block))
    return said.strip() + "\n"


def _voice(record):
    return words.HERS if record.adult else words.A_CHILD_S


def _last_day(record):
    """As she was told before."""
    opens = record.opens_at
    return opens and opens.astimezone(clock.PARIS).date() - timedelta(days=1)


def _known(record, code, sender, last_day, until):
    """What the words leave a place for."""
    told = record.told_at or clock.now()
    opens = last_day and last_day + timedelta(days=1)
    return {
        "name": record.name,
        "number": record.member_number,
        "code": spaced(code),
        "until": day(until),
        "by": sender.publisher or words.SOMEONE,
        "site": sender.site,
        "contact": sender.contact or words.NO_CONTACT,
        "activation": sender.activation,
        "objection": sender.objection,
        "privacy": f"{sender.address}/confidentialite",
        "told": day(told.astimezone(clock.PARIS).date()),
        "last": last_day and day(last_day),
        "opens": opens and day(opens),
    }


def _said(voice, what, told, waits) -> Iterator[Block]:
    """With the places left for what is known."""
    if voice.to:
        yield Paragraph(voice.to)
    yield Paragraph(voice.hello)
    yield from _why(voice, what, told, waits)
    yield Heading("Pour l'activer")
    yield Paragraph(voice.five_minutes)
    yield Scan(words.KEY, "{activation}")
    yield Paragraph(f"{words.CODE} {voice.then}".strip())
    yield Heading("Pour dire non")
    yield Paragraph(voice.refuse if waits else voice.close)
    yield Points(words.WAYS)
    if what == telling.What.SPACE:
        yield Paragraph(f"{voice.trace} {voice.later}" if waits else voice.trace)
        yield from _explained(voice)
    yield Heading("Besoin d'aide ?")
    yield Paragraph(voice.help)
    yield Facts(words.HELP)


def _why(voice, what, told, waits):
    state = voice.opens if waits else voice.is_open
    if what == telling.What.CODE:
        yield Paragraph(voice.new_code)
    elif what == telling.What.REMINDER and told:
        yield Paragraph(f"{voice.told_before} {state} {words.REPLACES}")
    else:
        yield Paragraph(f"{voice.made} {words.STATE}")
        yield Paragraph(voice.what_for)
        if voice.held:
            yield Paragraph(voice.held)
        if waits:
            yield Heading("Vous avez le choix")
            yield Points(voice.choices)
        else:
            yield Paragraph(voice.is_open)


def _explained(voice):
    for heading, paragraphs in (
        ("Ce qu'il contiendra", voice.holds),
        ("Qui pourra le lire", (voice.readers, words.SERVER)),
        ("Combien de temps", voice.lasts),
        ("Pourquoi nous en avons le droit", voice.ground),
        ("Vos droits", words.RIGHTS),
    ):
        yield Heading(heading)
        yield from map(Paragraph, paragraphs)


def _filled(block, known):
    match block:
        case Points(items):
            return Points(tuple(item.format(**known) for item in items))
        case Facts(rows):
            return Facts(_filled_rows(rows, known))
        case Scan(rows, link):
            return Scan(_filled_rows(rows, known), link.format(**known))
        case Heading(text) | Paragraph(text):
            return type(block)(text.format(**known))


def _filled_rows(rows, known):
    return tuple((label, value.format(**known)) for label, value in rows)


def _lines(block) -> Iterator[str]:
    match block:
        case Points(items):
            for item in items:
                yield from _wrapped(item, "- ", "  ")
        case Facts(rows) | Scan(rows):
            for label, value in rows:
                yield from _wrapped(f"{label} : {value}", "    ", "    ")
        case Heading(text) | Paragraph(text):
            for line in text.splitlines():
                yield from _wrapped(line)


def _wrapped(text, first="", then=""):
    return wrap(
        text,
        COLUMNS,
        initial_indent=first,
        subsequent_indent=then,
        break_long_words=False,
        break_on_hyphens=False,
    )
