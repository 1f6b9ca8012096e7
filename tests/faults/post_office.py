"""A mail server in a process of its own, to be killed: `python -m tests.faults.post_office PORT
FOLDER SECONDS`. Each letter is a file, on the disk before the server says that it has it; it thinks
so long before it says so, and knows nobody at an address that holds UNKNOWN."""

import asyncio
import os
import sys
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP

UNKNOWN = "inconnu"


class Keeper:
    def __init__(self, folder: Path, seconds: float):
        self.folder, self.seconds, self.numbers = folder, seconds, count()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if UNKNOWN in address:
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = f"{os.getpid()}-{next(self.numbers)}"
        writing = self.folder / f".{name}"
        with open(writing, "wb") as file:
            file.write(envelope.content)
            file.flush()
            os.fsync(file.fileno())
        writing.rename(self.folder / f"{name}.eml")
        # Taken, and not said yet: whoever kills it now makes the sender send it again.
        await asyncio.sleep(self.seconds)
        return "250 OK"


async def main(port, folder, seconds):
    keeper = Keeper(Path(folder), float(seconds))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(keeper, loop=loop, hostname="localhost"), "127.0.0.1", int(port)
    )
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
