"""Notices: rows of the transaction that causes them, sent later, none lost. A real SMTP server."""

import email
import email.policy
import socket
from dataclasses import replace
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller

from models import clock, notice
from models.database import transaction
from models.notice import Notice

MINUTE = timedelta(minutes=1)
BODY = "Bonjour Éloïse,\n\nUn nouveau document vous attend à l'adresse œuvre.\n"


class Mailbox:
    """A server, and what it received; `answer` is what it says to each message."""

    def __init__(self, settings, sign_in="", **options):
        Notice.delete().execute()
        self.received, self.answer = [], "250 OK"
        port = free_port()
        self.server = Controller(self, hostname="127.0.0.1", port=port, **options)
        mail = f"smtp://{sign_in}127.0.0.1:{port}"
        self.settings = replace(settings, mail=mail, base_url="https://c.invalid")

    def __enter__(self):
        self.server.start()
        return self

    def __exit__(self, *fault):
        self.server.stop()

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


@pytest.fixture
def mailbox(world, settings):
    with Mailbox(settings) as opened:
        yield opened


def write(recipient="eloise@exemple.invalid"):
    return notice.write(recipient, "Un document vous attend, Éloïse", BODY)


def test_a_letter_arrives_with_its_words_and_headers(mailbox):
    write()
    assert notice.send_due(mailbox.settings) == (1, 0)
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


def test_a_letter_is_sent_once_and_its_text_is_forgotten(mailbox):
    write()
    notice.send_due(mailbox.settings)
    assert notice.send_due(mailbox.settings) == (0, 0)
    kept = Notice.get()
    assert (kept.body, kept.tries, kept.fault) == ("", 1, None)
    assert kept.sent_at
    assert len(mailbox.received) == 1


def test_a_demonstration_keeps_the_text(mailbox):
    write()
    notice.send_due(mailbox.settings, keep=True)
    assert Notice.get().body == BODY


def test_the_site_says_who_writes(mailbox):
    write()
    notice.send_due(replace(mailbox.settings, mail_from="Les Fictifs <contact@exemple.invalid>"))
    assert mailbox.messages[0]["From"] == "Les Fictifs <contact@exemple.invalid>"


def test_file_writes_letters_that_a_mail_reader_opens(mailbox, settings):
    write()
    write("paul@exemple.invalid")
    assert notice.send_due(settings) == (2, 0)
    files = sorted((settings.instance / "mail").glob("*.eml"))
    read = [parsed(file.read_bytes()) for file in files]
    assert {one["To"] for one in read} == {"eloise@exemple.invalid", "paul@exemple.invalid"}
    assert {one.get_content() for one in read} == {BODY}


def test_a_notice_is_rolled_back_with_what_caused_it(mailbox):
    with pytest.raises(RuntimeError), transaction():
        write()
        raise RuntimeError
    assert notice.send_due(mailbox.settings) == (0, 0)
    assert mailbox.received == []


def test_old_letters_are_forgotten_and_those_still_to_be_sent_are_not(mailbox):
    write("paul@exemple.invalid")
    notice.send_due(mailbox.settings)
    write()
    with clock.moved(timedelta(days=91)):
        assert notice.forget_old() == 1
        assert notice.send_due(mailbox.settings) == (1, 0)


HIDDEN = "=?utf-8?q?=0D=0ABcc:_victime@exemple.invalid=0D=0A=0D=0ABonjour?="


@pytest.mark.parametrize(
    "name",
    [
        HIDDEN,
        f"={HIDDEN}",
        f"Noé {HIDDEN} Fictif",
        "Noé\r\nBcc: v@x\r\n\r\nB",
        "N\x85Bcc: v\u2028x",
    ],
)
def test_a_name_adds_neither_header_nor_text(settings, world, name):
    """What Python 3.11.7 would write out (CVE-2024-6923)."""
    wrote = replace(settings, site_name=name, contact="aide@exemple.invalid")
    raw = notice.write("eloise@exemple.invalid", f"Un espace pour {name}", BODY).message(wrote)
    headers, _, body = raw.as_bytes().partition(b"\n\n")
    names = [line.split(b":")[0] for line in headers.splitlines() if line[:1] not in b" \t"]
    usual = "From To Subject Reply-To Date Message-ID Auto-Submitted Content-Type"
    usual += " Content-Transfer-Encoding MIME-Version"
    assert sorted(names) == sorted(usual.encode().split())
    assert parsed(raw.as_bytes()).get_content() == BODY and body.startswith(b"Bonjour =C3")


def test_an_address_hides_nothing_either(settings, world):
    with pytest.raises(ValueError):
        notice.write(f"{HIDDEN}@exemple.invalid", "Un espace", BODY).message(settings)
