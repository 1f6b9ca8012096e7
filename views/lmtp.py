"""LMTP: the mail server hands over, one by one, the messages for the addresses of sources.

It answers in the words of mail servers (RFC 2033, RFC 3463); never of what a message holds."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor

from aiosmtpd.lmtp import LMTP

from models import log, postbox
from models.database import database
from models.deposit import Limits
from models.formats.limits import MAX_INPUT
from models.postbox import Outcome, Verdict
from models.reference.outcomes import OUTCOMES

# A message is held in memory while it comes, in four times its size: the others wait.
AT_ONCE = 1
# So that an address is answered for meanwhile.
THREADS = 2
PIECE = 1 << 16
REPLIES = {
    Outcome.TAKEN: "250 2.0.0 Taken",
    Outcome.REFUSED: "554 5.6.0",
    Outcome.UNKNOWN: "550 5.1.1 No such address",
    Outcome.LATER: "451 4.3.0",
}
ONE = "452 4.5.3 One recipient at a time"
BROKEN = Verdict(Outcome.LATER, "failure")
# The library tells what it was given.
log.hush("mail.log")


class Handler:
    """What aiosmtpd asks; the verbs run in threads of ours, each with its connection."""

    def __init__(self, limits: Limits):
        self.limits = limits
        self.turn = asyncio.Semaphore(AT_ONCE)
        self._threads = ThreadPoolExecutor(THREADS)

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        """Each recipient of LMTP has an answer of its own; the library gives one."""
        if envelope.rcpt_tos:
            return ONE
        known = await self._done(lambda: postbox.recipient(address))
        if known is BROKEN:
            return reply(BROKEN, self.limits)
        if known is None:
            return reply(Verdict(Outcome.UNKNOWN), self.limits)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server, _session, envelope):
        address, content = envelope.rcpt_tos[0], envelope.original_content
        pieces = (content[at : at + PIECE] for at in range(0, len(content), PIECE))
        verdict = await self._done(lambda: postbox.take(address, pieces, self.limits))
        return reply(verdict, self.limits)

    async def handle_exception(self, error):
        """Nothing of a message in a log."""
        log.failed("flask receive", error)
        return reply(BROKEN, self.limits)

    async def _done(self, act):
        return await asyncio.get_running_loop().run_in_executor(self._threads, _safely, act)


class Server(LMTP):
    # In bytes: longer than the norm, for what hands over may not cut them.
    line_length_limit = 100_000

    async def smtp_DATA(self, arg):
        async with self.event_handler.turn:
            await super().smtp_DATA(arg)


def reply(verdict: Verdict, limits: Limits) -> str:
    """One line, in plain letters."""
    says = OUTCOMES[verdict.fault].english if verdict.fault else ""
    told = f"{REPLIES[verdict.outcome]} {says}".strip()
    return told.format(megabytes=limits.document // 1_000_000)


async def serve(address: str, limits: Limits, ready=lambda: None) -> None:
    """Until it is stopped. `address`: « unix:/path » or « host:port »."""
    handler, loop = Handler(limits), asyncio.get_running_loop()
    # Base64 takes a third more, and a message may bring a copy to be read.
    most = min(MAX_INPUT, limits.document * 3 // 2 + 1_000_000)

    def session():
        return Server(
            handler, data_size_limit=most, enable_SMTPUTF8=True, ident="Carnet", loop=loop
        )

    if address.startswith("unix:"):
        path = address.removeprefix("unix:")
        server = await loop.create_unix_server(session, path)
        # As a port of this machine is; its folder may say more.
        os.chmod(path, 0o666)
    else:
        host, _, port = address.rpartition(":")
        server = await loop.create_server(session, host.strip("[]"), int(port))
    async with server:
        ready()
        await server.serve_forever()


def _safely(act):
    database.connect(reuse_if_open=True)
    try:
        return act()
    except Exception as error:  # the mail server tries again; nothing of a message is logged
        log.failed("flask receive", error)
        return BROKEN
    finally:
        database.close()
