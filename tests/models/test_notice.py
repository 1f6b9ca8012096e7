"""Notices: rows of the transaction that causes them, sent later, none lost. A real SMTP server."""

import email
import email.policy
import socket
from dataclasses import replace
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from models import clock, notice
from models.database import transaction
from models.notice import TRIES, Notice

MINUTE = timedelta(minutes=1)
BODY = "Bonjour Éloïse,\n\nUn nouveau document vous attend à l'adresse œuvre.\n"


class Mailbox:
    """What the server received; `answer` is what it says to each message."""

    def __init__(self):
        self.received, self.answer = [], "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            self.received.append(envelope)
        return self.answer

    @property
    def messages(self):
        return [parsed(envelope.content) for envelope in self.received]


def parsed(content):
    return email.message_from_bytes(content, policy=email.policy.default)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def serve(mailbox, **options):
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    return controller


@pytest.fixture
def mailbox(world):
    Notice.delete().execute()
    return Mailbox()


@pytest.fixture
def post(mailbox, settings):
    """The settings of an instance whose mail goes to the mailbox."""
    server = serve(mailbox)
    yield replace(settings, mail=f"smtp://127.0.0.1:{server.port}", base_url="https://c.invalid")
    server.stop()


def write(recipient="eloise@exemple.invalid"):
    return notice.write(recipient, "Un document vous attend, Éloïse", BODY)


def test_a_letter_arrives_with_its_words_and_headers(mailbox, post):
    write()
    assert notice.send_due(post) == (1, 0)
    (envelope,), (message,) = mailbox.received, mailbox.messages
    assert envelope.rcpt_tos == ["eloise@exemple.invalid"]
    assert message["To"] == "eloise@exemple.invalid"
    assert message["From"] == "Carnet <carnet@c.invalid>"
    assert message["Subject"] == "Un document vous attend, Éloïse"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_charset() == "utf-8"
    assert message.get_content().replace("\r\n", "\n") == BODY
    sent = message["Date"].datetime
    assert abs(sent - clock.now()) < MINUTE


def test_a_letter_is_sent_once_and_its_text_is_forgotten(mailbox, post):
    write()
    notice.send_due(post)
    assert notice.send_due(post) == (0, 0)
    kept = Notice.get()
    assert (kept.body, kept.tries, kept.fault) == ("", 1, None)
    assert kept.sent_at
    assert len(mailbox.received) == 1


def test_a_demonstration_keeps_the_text(mailbox, post):
    write()
    notice.send_due(post, keep=True)
    assert Notice.get().body == BODY


def test_the_site_says_who_writes(mailbox, post):
    write()
    notice.send_due(replace(post, mail_from="Les Fictifs <contact@exemple.invalid>"))
    assert mailbox.messages[0]["From"] == "Les Fictifs <contact@exemple.invalid>"


def test_with_the_server_down_each_wait_is_longer_and_nothing_is_lost(mailbox, settings):
    down = replace(settings, mail=f"smtp://127.0.0.1:{free_port()}")
    write()
    waits, passed = [], timedelta(0)
    for _ in range(TRIES):
        with clock.moved(passed):
            assert notice.send_due(down) == (0, 1)
            assert notice.send_due(down) == (0, 0), "not before its time"
            waits.append(Notice.get().due_at - clock.now())
        passed += waits[-1] + timedelta(seconds=1)
    minutes = [round(wait / MINUTE) for wait in waits]
    assert minutes == [2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360, 360]
    kept = Notice.get()
    assert kept.sent_at is None
    assert kept.body == BODY
    assert "ConnectionRefused" in kept.fault


def test_a_letter_the_server_did_not_want_at_first_leaves_later_under_the_same_name(mailbox, post):
    write()
    first = Notice.get().message(post)["Message-ID"]
    mailbox.answer = "451 Plus tard"
    assert notice.send_due(post) == (0, 1)
    mailbox.answer = "250 OK"
    with clock.moved(3 * MINUTE):
        assert notice.send_due(post) == (1, 0)
    assert mailbox.messages[0]["Message-ID"] == first


@pytest.mark.parametrize("bad", ["a@[exemple.invalid", "", "a\nBcc: b@c.fr"])
def test_a_letter_that_cannot_leave_holds_no_other_up(mailbox, post, bad):
    write(bad)
    write()
    assert notice.send_due(post) == (1, 1)
    assert [envelope.rcpt_tos for envelope in mailbox.received] == [["eloise@exemple.invalid"]]


def test_the_name_and_the_secret_of_the_mail_server_are_given(mailbox, settings):
    given = []

    def authenticator(server, session, envelope, mechanism, data):
        given.append((data.login, data.password))
        return AuthResult(success=True)

    options = {"auth_require_tls": False, "auth_required": True, "authenticator": authenticator}
    server = serve(mailbox, **options)
    write()
    mail = f"smtp://carnet%40c:s%2Fcret@127.0.0.1:{server.port}"
    assert notice.send_due(replace(settings, mail=mail)) == (1, 0)
    server.stop()
    assert given == [(b"carnet@c", b"s/cret")]


def test_file_writes_letters_that_a_mail_reader_opens(mailbox, settings):
    write()
    write("paul@exemple.invalid")
    assert notice.send_due(settings) == (2, 0)
    files = sorted((settings.instance / "mail").glob("*.eml"))
    read = [parsed(file.read_bytes()) for file in files]
    assert {one["To"] for one in read} == {"eloise@exemple.invalid", "paul@exemple.invalid"}
    assert {one.get_content() for one in read} == {BODY}


def test_a_notice_is_rolled_back_with_what_caused_it(mailbox, post):
    with pytest.raises(RuntimeError), transaction():
        write()
        raise RuntimeError
    assert notice.send_due(post) == (0, 0)
    assert mailbox.received == []
