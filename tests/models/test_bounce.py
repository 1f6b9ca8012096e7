"""Letters that came back, as mail servers say it: each is noted once, and what strangers send does
nothing to anyone."""

import mailbox
import os
import re
import signal
from contextlib import contextmanager
from datetime import timedelta

import pytest
from peewee import OperationalError

from models import bounce, clock, notice
from models.notice import Notice
from models.telling import Telling

from ..campaigns import again, told

STATUS = """From: MAILER-DAEMON@mx.exemple.invalid
To: carnet@localhost
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.exemple.invalid
Arrival-Date: Mon, 9 Feb 2026 10:00:00 +0100

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <{recipient}>: Recipient address rejected

--b1
Content-Type: {returned}

From: Carnet <carnet@localhost>
To: {to}
Subject: Un espace
Message-ID: <{name}@localhost>

--b1--
"""
EXIM = """From: Mail Delivery System <Mailer-Daemon@mx.exemple.invalid>
To: carnet@localhost
Subject: Mail delivery failed: returning message to sender
Auto-Submitted: auto-replied
X-Failed-Recipients: {recipient}

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {recipient}
    Unrouteable address

------ This is a copy of the message, including all the headers. ------

From: Carnet <carnet@localhost>
To: {recipient}
Message-ID: <{name}@localhost>

Bonjour
"""
QMAIL = """From: MAILER-DAEMON@mx.exemple.invalid
To: carnet@localhost
Subject: failure notice

Hi. This is the qmail-send program at mx.exemple.invalid.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{recipient}>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

From: Carnet <carnet@localhost>
To: {recipient}
Message-ID: <{name}@localhost>

Bonjour
"""
EXCHANGE = """From: postmaster@exemple.invalid
To: carnet@localhost
Subject: =?utf-8?B?Tm9uIHJlbWlzwqA6IFVuIGVzcGFjZQ==?=
In-Reply-To: <{name}@localhost>
References: <{name}@localhost>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: multipart/alternative; boundary="y"

--y
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: base64

w4ljaGVjIGRlIGxhIHJlbWlzZQ==
--y
Content-Type: text/html; charset="no-such-charset"

<p>non remis</p>
--y--

--x
Content-Type: message/delivery-status

Reporting-MTA: dns;mx.exemple.invalid

Final-recipient: RFC822;{recipient}
Action: failed
Status: 5.1.10
Diagnostic-code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound

--x--
"""


@pytest.fixture
def letter(world, settings):
    return told(settings, world).notice


def name_of(letter):
    return Notice.get_by_id(letter.id).name


def counted(path):
    done = bounce.read(path)
    return done.messages, done.came_back


def written(letter, text=STATUS, **told):
    usual = {
        **{"recipient": letter.recipient, "name": name_of(letter), "action": "failed"},
        **{"status": "5.1.1", "returned": "text/rfc822-headers"},
    }
    known = usual | told
    return text.format(**known | {"to": told.get("to", known["recipient"])}).encode()


def came_back(letter):
    return bool(Notice.get_by_id(letter.id).bounced_at)


@pytest.mark.parametrize("text", [STATUS, EXIM, QMAIL, EXCHANGE])
def test_each_mail_server_says_it_its_own_way(letter, text):
    assert bounce.take(written(letter, text)) == 1
    assert came_back(letter)
    one = Telling.get(Telling.notice == letter)
    assert one.failed_at and again(one.record).email_failed_at and not again(one.record).told_at


@pytest.mark.parametrize("text", [STATUS, EXIM, QMAIL, EXCHANGE])
def test_without_our_name_nothing_is_proven(letter, text, tmp_path):
    """Whoever knows her address could have written it."""
    (tmp_path / "1.eml").write_bytes(written(letter, text, name="other"))
    assert bounce.read(tmp_path) == bounce.Read(messages=1, came_back=0, unproven=1)
    assert not came_back(letter)


@pytest.mark.parametrize("text", [STATUS, EXIM, QMAIL, EXCHANGE])
def test_a_name_guessed_proves_nothing(letter, text):
    moment = int(letter.made_at.timestamp())
    other = Notice.create(recipient=letter.recipient, subject="", body="").name
    tokens = (f"{moment}", f"{moment:032x}", "0" * 32, name_of(letter)[-32:-1], other[-32:])
    for token in tokens:
        raw = written(letter, text, name=f"notice-{letter.id}.{token}")
        assert bounce.take(raw) == 0, token
    assert not came_back(letter)


def test_only_the_recipient_is_not_enough(letter):
    raw = f"X-Failed-Recipients: {letter.recipient}\n\n".encode()
    assert bounce.take(raw) == 0 and not came_back(letter)


def test_the_name_is_its_own_and_stays(letter):
    assert re.fullmatch(r"notice-\d+\.[0-9a-f]{32}", name_of(letter))
    with clock.moved(timedelta(days=3)):
        assert name_of(letter) == letter.name
    other = Notice.create(recipient="", subject="", body="")
    assert other.name[-32:] != letter.name[-32:]


def test_the_name_is_signed_with_the_key_of_the_instance(letter, monkeypatch):
    named = name_of(letter)
    monkeypatch.setattr(notice, "_key", b"of another instance")
    assert name_of(letter) != named


def test_what_the_server_said_is_kept(letter):
    bounce.take(written(letter))
    assert "Recipient address rejected" in Telling.get(Telling.notice == letter).fault


def test_again_does_nothing(letter):
    assert [bounce.take(written(letter)) for _ in range(3)] == [1, 0, 0]


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", "", "FAILURE"])
def test_what_is_not_final_does_nothing(letter, action):
    assert bounce.take(written(letter, action=action, status="4.4.1")) == 0
    assert not came_back(letter)


def test_given_up_after_days_is_final_whatever_its_number(letter):
    assert bounce.take(written(letter, status="4.4.7")) == 1


def test_the_letter_returned_whole_is_read_too(letter):
    assert bounce.take(written(letter, returned="message/rfc822")) == 1


def test_her_mail_forwarded_elsewhere(letter):
    """The address that failed is not ours, and the letter inside says whom we wrote to."""
    forged = written(letter, recipient="ailleurs@exemple.invalid", to=letter.recipient)
    assert bounce.take(forged) == 1


def test_forged_for_the_letter_of_another(letter):
    assert bounce.take(written(letter, recipient="autre@exemple.invalid")) == 0
    assert not came_back(letter)


def test_a_letter_that_never_left_cannot_be_back(letter):
    Notice.update(sent_at=None).where(Notice.id == letter.id).execute()
    assert bounce.take(written(letter)) == 0


def test_an_old_letter_comes_back_too(letter):
    with clock.moved(timedelta(days=31)):
        assert bounce.take(written(letter)) == 1


def test_an_answer_of_someone_on_holiday_does_nothing(letter):
    reply = f"""From: {letter.recipient}
Subject: Absente
In-Reply-To: <{name_of(letter)}@localhost>

Je reviens lundi. action: failed
"""
    assert bounce.take(reply.encode()) == 0


def nested(depth):
    head = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth)
    )
    return head.encode() + b"Content-Type: text/plain\n\nbonjour\n"


HOSTILE = {
    "nothing": b"",
    "nul": b"\0" * 10_000,
    "binary": bytes(range(256)) * 400,
    "a line without end": b"Subject: " + b"x" * 3_000_000,
    "headers without end": b"X-A: b\n" * 60_000,
    "parts in parts": nested(3_000),
    "few parts in parts": nested(30),
    "many parts": b'Content-Type: multipart/report; boundary="b"\n\n' + b"--b\n\nx\n" * 60_000,
    "a charset unknown": b"Content-Type: text/plain; charset=klingon\n\n\xff\xfe",
    "a charset that is a path": b"Content-Type: text/plain; charset=../../x\n\n\xff\xfe",
    "an encoding broken": b"Content-Transfer-Encoding: base64\n\n=====\xff",
    "headers in no charset": b"X-Failed-Recipients: \xff\xfe@\xe9\nSubject: =?klingon?Q?=FF?=\n\nx",
    "a status that is text": b"Content-Type: message/delivery-status\n\nAction: failed\n\n\n\n",
    "a status without recipient": STATUS.replace("Final-Recipient", "X").encode(),
    "numbers without end": b"X-Failed-Recipients: a@b.c\n\nnotice-"
    + b"9" * 5000
    + b"."
    + b"a" * 32
    + b"@x",
    "a number too large": b"X-Failed-Recipients: a@b.c\n\nnotice-999999999999999."
    + b"a" * 32
    + b"@x",
    "many names": b"X-Failed-Recipients: a@b.c\n\n" + b"notice-1.%s@ " % (b"a" * 32) * 5_000,
    "all the names": b"X-Failed-Recipients: a@b.c\n\n"
    + b"".join(b"notice-%d.%s@ " % (number, b"a" * 32) for number in range(4_000)),
    "a thousand recipients": b"X-Failed-Recipients: " + b"a@b.c, " * 5_000 + b"\n\nx",
    "codes that change a terminal": b"X-Failed-Recipients: \x1b[2J@x\n\n\x1b[2J",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_messages_change_nothing_and_stop_nothing(letter, tmp_path, name):
    (tmp_path / "1.eml").write_bytes(HOSTILE[name])
    (tmp_path / "2.eml").write_bytes(written(letter))
    assert counted(tmp_path) == (2, 1)


def test_a_maildir_an_mbox_a_folder_and_a_file(letter, tmp_path):
    box = mailbox.Maildir(tmp_path / "Maildir")
    box.add(b"Subject: Bonjour\n\nRien.\n")
    box.add(written(letter))
    assert counted(tmp_path / "Maildir") == (2, 1)
    mbox = mailbox.mbox(tmp_path / "mbox")
    for text in (b"Subject: Bonjour\n\nFrom here, nothing.\n", written(letter), written(letter)):
        mbox.add(text)
    mbox.close()
    assert counted(tmp_path / "mbox") == (3, 0)
    (tmp_path / "one.eml").write_bytes(written(letter))
    assert counted(tmp_path / "one.eml") == (1, 0)


def test_an_mbox_says_each(letter, tmp_path):
    mbox = mailbox.mbox(tmp_path / "mbox")
    for _ in range(3):
        mbox.add(b"Subject: Bonjour\n\nRien.\n")
    mbox.add(written(letter))
    mbox.close()
    assert counted(tmp_path / "mbox") == (4, 1)


def test_what_flask_work_has_read_is_put_aside(letter, tmp_path):
    box = mailbox.Maildir(tmp_path / "Maildir")
    box.add(written(letter))
    assert bounce.take_new(tmp_path / "Maildir") == 1
    assert list((tmp_path / "Maildir" / "new").iterdir()) == []
    (kept,) = (tmp_path / "Maildir" / "cur").iterdir()
    assert kept.name.endswith(":2,S") and kept.read_bytes() == written(letter)
    assert bounce.take_new(tmp_path / "Maildir") == 0


def test_of_a_folder_what_is_still_being_written_waits(letter, tmp_path):
    file = tmp_path / "1.eml"
    file.write_bytes(written(letter))
    assert bounce.take_new(tmp_path) == 0 and file.exists()
    os.utime(file, (1, 1))
    assert bounce.take_new(tmp_path) == 1 and not file.exists()
    assert (tmp_path / "lus" / "1.eml").exists()


def test_devices_and_pipes_are_not_read(letter, tmp_path):
    (tmp_path / "2.eml").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "3.eml")
    (tmp_path / "4.eml").write_bytes(written(letter))
    assert counted(tmp_path) == (1, 1)


REPORT = b'Content-Type: multipart/report; boundary="b"\n\n'
# Each took seconds, or minutes, of whoever reads it.
SLOW = {
    "qmail and at signs": b"From: x@y\n\nHi. This is the qmail-send\n<" + b"@" * 200_000,
    "semicolons": b'Content-Type: multipart/report; "' + b";" * 190_000 + b"\n\nx",
    "semicolons in folds": b'Content-Type: multipart/report; "' + b";;;;;;;;;\n " * 17_000,
    "semicolons in a part": REPORT + b'--b\nContent-Type: a/b; "' + b";" * 190_000 + b"\n\nx",
    "semicolons in parts": REPORT
    + b"".join(b'--b\nContent-Type: a/b; "' + b";" * 4_900 + b"\n\nx\n" for _ in range(39)),
}


class Killed(BaseException):
    """Nothing catches it."""


@contextmanager
def processor(seconds):
    """Whatever takes more of it is stopped: two hundred times what it takes."""

    def stop(*_):
        raise Killed(f"more than {seconds} s of the processor")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("name", SLOW)
def test_no_message_keeps_its_reader_busy(letter, name):
    with processor(seconds=4):
        assert bounce.take(SLOW[name]) == 0


@pytest.mark.parametrize(("header", "longest"), [("X-A", 10_000), ("Content-Description", 1_000)])
def test_a_header_too_long_is_not_read(letter, header, longest):
    raw = written(letter).decode()
    room = longest - len(f"{header}: \n \n")
    long = f"{header}: {'x' * (room // 2)}\n {'x' * (room - room // 2 + 1)}\n{raw}"
    assert bounce.take(long.encode()) == 0
    assert bounce.take(long.replace("x", "", 1).encode()) == 1


@pytest.mark.parametrize("kind", ["folder", "maildir"])
def test_what_kills_its_reader_is_not_read_again(letter, tmp_path, monkeypatch, kind):
    if kind == "maildir":
        mailbox.Maildir(tmp_path / "box").add(written(letter))
    else:
        (tmp_path / "box").mkdir()
        (tmp_path / "box" / "1.eml").write_bytes(written(letter))
        os.utime(tmp_path / "box" / "1.eml", (1, 1))
    read = []

    def kills(raw):
        read.append(raw)
        raise Killed

    monkeypatch.setattr(bounce, "understood", kills)
    with pytest.raises(Killed):
        bounce.take_new(tmp_path / "box")
    assert bounce.take_new(tmp_path / "box") == 0
    assert read == [written(letter)]


def test_a_busy_database_loses_no_message(letter, tmp_path, monkeypatch):
    (tmp_path / "1.eml").write_bytes(written(letter))
    os.utime(tmp_path / "1.eml", (1, 1))

    def busy(*_):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch, pytest.raises(OperationalError):
        patch.setattr(notice, "came_back", busy)
        bounce.take_new(tmp_path)
    assert bounce.take_new(tmp_path) == 1


def test_of_many_a_few_are_read_each_time(letter, tmp_path, monkeypatch):
    monkeypatch.setattr(bounce, "MOST_FILES", 2)
    for number in range(3):
        (tmp_path / f"{number}.eml").write_bytes(written(letter) if number == 2 else b"x")
        os.utime(tmp_path / f"{number}.eml", (1, 1))
    assert [bounce.take_new(tmp_path) for _ in range(3)] == [0, 1, 0]
