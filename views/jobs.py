"""Running the jobs that a page has just begun: in a thread, so that the page answers at once."""

from threading import Thread

from flask import current_app

from models import job
from models.database import database
from models.sender import Sender

from .sender import sender


def run_soon(patience: float = 0, writer: Sender | None = None) -> Thread | None:
    """Call it once the transaction that began the job is over. Whatever stops this thread, `flask
    work` takes the job up. `patience`: seconds to wait, for a short job is over at once."""
    if not current_app.config["JOBS"]:
        return None
    thread = Thread(target=_run, args=(writer or sender(),), daemon=True)
    thread.start()
    thread.join(patience)
    return thread


def _run(writer):
    database.connect(reuse_if_open=True)
    try:
        job.run_due(writer, job.PAUSE)
    finally:
        database.close()
