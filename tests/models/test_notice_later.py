"""Notices that could not leave at once: tried later, none lost, none in the way."""

from dataclasses import replace
from datetime import timedelta

import pytest
from aiosmtpd.smtp import AuthResult

from models import clock, notice
from models.notice import TRIES, Notice

from .test_notice import BODY, MINUTE, Mailbox, free_port, write


@pytest.fixture
def mailbox(world, settings):
    with Mailbox(settings) as opened:
        yield opened


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


def test_a_letter_the_server_did_not_want_at_first_leaves_later_under_the_same_name(mailbox):
    write()
    first = Notice.get().message(mailbox.settings)["Message-ID"]
    mailbox.answer = "451 Plus tard"
    assert notice.send_due(mailbox.settings) == (0, 1)
    mailbox.answer = "250 OK"
    with clock.moved(3 * MINUTE):
        assert notice.send_due(mailbox.settings) == (1, 0)
    assert mailbox.messages[0]["Message-ID"] == first


@pytest.mark.parametrize("bad", ["a@[exemple.invalid", "", "a\nBcc: b@c.fr"])
def test_a_letter_that_cannot_leave_holds_no_other_up(mailbox, bad):
    write(bad)
    write()
    assert notice.send_due(mailbox.settings) == (1, 1)
    assert [envelope.rcpt_tos for envelope in mailbox.received] == [["eloise@exemple.invalid"]]


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_the_name_and_the_secret_of_the_mail_server_are_given(world, settings):
    given = []

    def authenticator(server, session, envelope, mechanism, data):
        given.append((data.login, data.password))
        return AuthResult(success=True)

    options = {"auth_require_tls": False, "auth_required": True, "authenticator": authenticator}
    with Mailbox(settings, "carnet%40c:s%2Fcret@", **options) as mailbox:
        write()
        assert notice.send_due(mailbox.settings) == (1, 0)
    assert given == [(b"carnet@c", b"s/cret")]
