"""Many letters and one mail server: its line is kept, it may hang up, refuse someone, be down; what
someone waits for goes first, and no letter is given up for the server's faults."""

import asyncio
import fcntl
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller

from models import clock, mailer, notice
from models.notice import TRIES, Notice
from models.record import Record

from ..campaigns import again, campaigned, untold
from .test_notice import MINUTE, Mailbox, free_port, parsed, write

ONE, TWO = "un@exemple.invalid", "deux@exemple.invalid"


class Moody(Mailbox):
    """Says what a test has it say: to the sender, to a recipient, after the text; or hangs up once
    it has taken `patience` letters."""

    def __init__(self, settings, port=None, **options):
        super().__init__(settings, **options)
        if port:
            self.server = Controller(self, hostname="127.0.0.1", port=port)
            self.settings = replace(self.settings, mail=f"smtp://127.0.0.1:{port}")
        self.to_sender, self.to_recipient, self.lines = "250 OK", {}, 0
        self.patience, self.thinks = 10**9, 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.lines += 1
        session.host_name, session.taken = hostname, 0
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if session.taken >= self.patience:
            server.transport.abort()
        if self.to_sender.startswith("250"):
            envelope.mail_from = address
        return self.to_sender

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.to_recipient.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        session.taken += 1
        await asyncio.sleep(self.thinks)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def mailbox(world, settings):
    with Moody(settings) as opened:
        yield opened


def recipients(mailbox):
    return [envelope.rcpt_tos[0] for envelope in mailbox.received]


@contextmanager
def minutes_later(number):
    with clock.moved(number * MINUTE):
        yield


def test_many_letters_take_one_line(mailbox):
    for _ in range(50):
        write()
    assert notice.send_due(mailbox.settings) == (50, 0)
    assert mailbox.lines == 1


def test_a_server_that_hangs_up_now_and_then_is_called_again_and_nothing_waits(mailbox):
    mailbox.patience = 4
    for number in range(10):
        write(f"m{number}@exemple.invalid")
    assert notice.send_due(mailbox.settings) == (10, 0)
    assert recipients(mailbox) == [f"m{number}@exemple.invalid" for number in range(10)]
    assert mailbox.lines == 3


def test_a_letter_that_makes_it_hang_up_holds_no_other_up(mailbox):
    mailbox.to_recipient[ONE] = "421 Au revoir"
    write(ONE)
    write(TWO)
    assert notice.send_due(mailbox.settings) == (1, 1)
    assert recipients(mailbox) == [TWO]
    assert Notice.get(Notice.recipient == ONE).tries == 1


@pytest.mark.parametrize(
    "answer", ["550 5.1.1 Inconnu", "550 No such user", "551 Parti", "553 Mauvais", "556 Nul"]
)
def test_an_address_refused_for_ever_is_given_up_at_once(mailbox, world, answer):
    one = untold(email=ONE)
    campaigned(world)
    mailbox.to_recipient[ONE] = answer
    assert notice.send_due(mailbox.settings) == (0, 1)
    letter = Notice.get(Notice.recipient == ONE)
    assert letter.bounced_at and not letter.sent_at and answer in letter.fault
    assert again(one).email_failed_at
    with minutes_later(1_000):
        assert notice.send_due(mailbox.settings) == (0, 0)


@pytest.mark.parametrize(
    "answer", ["450 4.2.1 Occupée", "452 Pleine", "550 5.7.1 Refusé", "554 Relay access denied"]
)
def test_what_may_pass_is_tried_later(mailbox, answer):
    write(ONE)
    write(TWO)
    mailbox.to_recipient[ONE] = answer
    assert notice.send_due(mailbox.settings) == (1, 1)
    letter = Notice.get(Notice.recipient == ONE)
    assert letter.bounced_at is None and letter.tries == 1
    mailbox.to_recipient.clear()
    with minutes_later(3):
        assert notice.send_due(mailbox.settings) == (1, 0)


def test_a_text_refused_is_tried_later_under_the_same_name(mailbox):
    write()
    name = Notice.get().message(mailbox.settings)["Message-ID"]
    mailbox.answer = "554 Non"
    for minutes in (0, 3, 8):
        with minutes_later(minutes):
            assert notice.send_due(mailbox.settings) == (0, 1)
    mailbox.answer = "250 OK"
    with minutes_later(20):
        assert notice.send_due(mailbox.settings) == (1, 0)
    assert mailbox.messages[0]["Message-ID"] == name


@pytest.mark.parametrize("answer", ["550 5.7.1 Pas vous", "451 Plus tard", "421 Fermé"])
def test_a_server_that_wants_no_sender_is_as_if_it_were_down(mailbox, answer):
    for number in range(3):
        write(f"m{number}@exemple.invalid")
    mailbox.to_sender = answer
    assert notice.send_due(mailbox.settings) == (0, 1)
    assert sorted(one.tries for one in Notice.select()) == [0, 0, 1]
    assert notice.held_up()
    mailbox.to_sender = "250 OK"
    with minutes_later(3):
        assert notice.send_due(mailbox.settings) == (3, 0)


def test_a_server_gone_silent_is_as_if_it_were_down(mailbox, monkeypatch):
    monkeypatch.setattr(mailer, "PATIENCE", 0.1)
    mailbox.thinks = 0.5
    write(ONE)
    write(TWO)
    assert notice.send_due(mailbox.settings) == (0, 1)
    assert notice.held_up()


def test_while_it_is_down_no_letter_uses_up_its_tries(world, settings):
    port = free_port()
    mailbox = Moody(settings, port)
    for number in range(2):
        write(f"m{number}@exemple.invalid")
    for number in range(3 * TRIES):
        with minutes_later(400 * number):
            assert notice.send_due(mailbox.settings) == (0, 1)
            assert notice.held_up()
    assert all(one.tries < TRIES for one in Notice.select())
    with mailbox, minutes_later(400 * 3 * TRIES - 390):
        write()  # what leaves first says that it takes letters again: none waits for its turn
        assert notice.send_due(mailbox.settings) == (3, 0)
        assert not notice.held_up()


def test_when_it_is_down_the_round_stops_and_the_next_goes_on(world, settings):
    port = free_port()
    mailbox = Moody(settings, port)
    for number in range(5):
        write(f"m{number}@exemple.invalid")
    assert notice.send_due(mailbox.settings) == (0, 1)
    assert sorted(one.tries for one in Notice.select()) == [0, 0, 0, 0, 1]
    with mailbox:
        assert notice.send_due(mailbox.settings) == (5, 0)


def test_what_someone_waits_for_leaves_before_a_campaign(mailbox):
    for number in range(3):
        notice.write(f"bulk{number}@exemple.invalid", "Un espace", "Bonjour", bulk=True)
    write()
    notice.send_due(mailbox.settings)
    assert recipients(mailbox)[0] == "eloise@exemple.invalid"


def test_what_comes_in_the_midst_of_a_campaign_leaves_at_the_next_few(mailbox, monkeypatch):
    monkeypatch.setattr(notice, "BATCH", 2)
    for number in range(6):
        notice.write(f"bulk{number}@exemple.invalid", "Un espace", "Bonjour", bulk=True)
    note_sent = notice._note_sent

    def writes(one, keep):
        note_sent(one, keep)
        if one.recipient == "bulk0@exemple.invalid":
            write()

    monkeypatch.setattr(notice, "_note_sent", writes)
    notice.send_due(mailbox.settings)
    assert recipients(mailbox).index("eloise@exemple.invalid") == 2


def test_it_ends_after_its_time(mailbox):
    write()
    assert notice.send_due(mailbox.settings, seconds=0) == (0, 0)
    assert notice.waiting()


def test_one_process_sends_at_a_time(mailbox):
    write()
    with open(mailbox.settings.instance / "sending.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert notice.send_due(mailbox.settings) == (0, 0)
    assert notice.send_due(mailbox.settings) == (1, 0)


def test_a_letter_of_the_campaign_is_one_that_any_mail_server_takes(mailbox, world):
    settings = replace(mailbox.settings, contact="01 99 00 00 00, aide@exemple.invalid")
    untold(email=ONE, birth_given_names="Éloïse", birth_name="Œuvrard-" + "Fictive" * 9)
    campaigned(world)
    notice.send_due(settings)
    (raw,) = [one.content for one in mailbox.received if one.rcpt_tos == [ONE]]
    message = parsed(raw)
    assert sorted(message.keys()) == sorted(
        [
            *("From", "To", "Subject", "Reply-To", "Date", "Message-ID", "Auto-Submitted"),
            *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
        ]
    )
    assert message["Reply-To"] == "aide@exemple.invalid"
    assert message.get_content_type() == "text/plain"
    assert message.get_content_charset() == "utf-8"
    assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) <= 998
    text = message.get_content()
    assert "Éloïse" in text and "Œuvrard-" in text
    long = [line for line in text.splitlines() if len(line) > 80]
    assert all("http" in line or "Œuvrard" in line for line in long), long
    assert message["To"] == ONE and ONE not in text


HEALTH = ("maladie", "traitement", "médicament", "ordonnance", "diagnostic", "vaccin", "grossesse")


def test_it_says_nothing_of_anyones_health(world):
    untold(email=ONE)
    campaigned(world)
    letter = Notice.get(Notice.recipient == ONE)
    assert not [word for word in HEALTH if word in f"{letter.subject} {letter.body}".lower()]


def test_the_text_is_forgotten_once_it_left(mailbox, world):
    untold(email=ONE)
    campaigned(world)
    notice.send_due(mailbox.settings)
    assert Notice.get(Notice.recipient == ONE).body == ""
    assert Record.select().where(Record.email == ONE).get().told_how == "email"


def test_it_gives_up_after_all_its_tries(mailbox):
    write(ONE)
    mailbox.to_recipient[ONE] = "450 Plus tard"
    passed = timedelta(0)
    for _ in range(TRIES):
        with clock.moved(passed):
            assert notice.send_due(mailbox.settings) == (0, 1)
            passed += Notice.get().due_at - clock.now() + MINUTE
    with clock.moved(passed):
        assert notice.send_due(mailbox.settings) == (0, 0)
    assert Notice.get().bounced_at and Notice.get().tries == TRIES
