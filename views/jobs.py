"""Running the jobs that a page has just begun: in a thread, so that the page answers at once."""

from threading import Thread

from flask import current_app

from models import job
from models.database import database

from .sender import sender


def run_soon() -> None:
    """Call it once the transaction that began the job is over. Whatever stops this thread, `flask
    work` takes the job up."""
    if current_app.config["JOBS"]:
        Thread(target=_run, args=(sender(),), daemon=True).start()


def _run(writer):
    database.connect(reuse_if_open=True)
    try:
        job.run_due(writer)
    finally:
        database.close()
