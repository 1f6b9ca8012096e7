"""The cable between the browser and Carnet, which can be cut."""

import socket
import threading
import time
from contextlib import suppress

PIECE = 1 << 14


class Cable:
    """`most`: bytes that go up before it is cut; or, where it is `silent`, before nothing more does
    and nobody is told. `losing`: what is sent arrives, and the answer never does. So it stays until
    it is mended: Chromium tries a form again by itself where the connection had served before."""

    def __init__(self, port: int):
        self.most, self.losing, self.silent, self._port = None, False, False, port
        self._heard = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://localhost:{self._heard.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def mend(self) -> None:
        self.most, self.losing, self.silent = None, False, False

    def close(self) -> None:
        self._heard.close()

    def _listen(self):
        with suppress(OSError):
            while True:
                near = self._heard.accept()[0]
                far = socket.create_connection(("127.0.0.1", self._port))
                for work in (self._up, self._down):
                    threading.Thread(target=work, args=(near, far), daemon=True).start()

    def _up(self, near, far):
        sent = 0
        with suppress(OSError):
            while data := near.recv(PIECE):
                far.sendall(data)
                sent += len(data)
                if self.most and sent > self.most:
                    while self.silent:
                        time.sleep(0.02)
                    break
        _hang_up(near, far)

    def _down(self, near, far):
        with suppress(OSError):
            while data := far.recv(PIECE):
                if self.losing:
                    break
                near.sendall(data)
        _hang_up(near, far)


def _hang_up(*both):
    for one in both:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
