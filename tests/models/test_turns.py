"""Who writes waits for a turn: in the order of coming, of one process and of several."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from peewee import OperationalError

from models import turns
from models.turns import Turns, Writers

ROOT = Path(__file__).parents[2]
# Another process: it says when it holds the turn, and keeps it until its input ends.
OTHER = """
import sys
from pathlib import Path
from models.turns import Writers
with Writers(Path(sys.argv[1])).turn():
    print("mine", flush=True)
    sys.stdin.read()
"""


def waiting(one, number):
    while one._waiting < number:
        time.sleep(0.001)


def test_each_in_the_order_of_coming():
    one, came = Turns(1), []
    assert one.take(0)

    def work(number):
        assert one.take(30)
        came.append(number)
        one.give_back()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    for number, thread in enumerate(threads):
        thread.start()
        waiting(one, number + 1)
    one.give_back()
    for thread in threads:
        thread.join()
    assert came == list(range(5))


def test_who_paused_goes_on_and_newcomers_wait_longer():
    one = Turns(1)
    assert one.take(0)
    one.retake()
    one.give_back()
    assert not one.take(0), "the first is still there"
    one.give_back()
    assert one.take(0)


def test_a_turn_that_does_not_come_is_told_as_sqlite_tells_it(tmp_path, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    writers = Writers(tmp_path / "turn")
    with writers.turn(), pytest.raises(OperationalError, match="is locked"):
        threaded(writers)
    threaded(writers)


def threaded(writers):
    """In another thread, whatever it raises."""
    raised = []

    def work():
        try:
            with writers.turn():
                pass
        except OperationalError as error:
            raised.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]


def test_a_fault_gives_the_turn_back(tmp_path):
    writers = Writers(tmp_path / "turn")
    with pytest.raises(ValueError), writers.turn():
        raise ValueError
    with writers.turn():
        pass


def test_of_all_processes(tmp_path):
    """And one that is killed keeps nobody waiting."""
    file, came = tmp_path / "turn", threading.Event()
    writers = Writers(file)
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(file)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert other.stdout.readline() == b"mine\n"

    def work():
        with writers.turn():
            came.set()

    threading.Thread(target=work, daemon=True).start()
    assert not came.wait(0.2)
    other.kill()
    other.communicate()
    assert came.wait(30)
