"""`python -m tests.load --people 200 --minutes 5 --workers 2`: people who read and write all at
once, two of whom deposit 25 MB again and again. Was anyone told an error? How long did they wait,
and what did the workers weigh? `--slow 200` adds connections that stop in the middle. A quiet hour:
`--people 30 --minutes 60 --workers 1 --heavy 1 --heavy-every 120 --tell 5`."""

import argparse
import asyncio
import statistics
import sys

from tests.bench import serving
from tests.bench.instances import BUILD
from tests.bench.memory import SIZE
from tests.bench.pdfs import pdf

from . import making, signing, slow, watch
from .person import Depositor, Person, Seen, living


def main() -> None:
    asked = _asked()
    BUILD.mkdir(parents=True, exist_ok=True)
    folder, them = making.made(asked.people)
    log = watch.Log(BUILD / "servers.log")
    more = {"CARNET_WORKERS": str(asked.workers), "CARNET_MAX_RECORD_MB": "100000"}
    with serving.carnet(folder, **more) as server:
        workers = watch.workers(server, asked.workers)
        seen, burst = asyncio.run(_lived(server, them, workers, asked))
    _print(asked, seen, burst, workers, log)
    refused = (seen.refused or burst.refused) and not asked.beyond
    sys.exit(bool(seen.wrong or burst.wrong or log.faults or refused))


def _asked():
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--heavy", type=int, default=2, help="who deposit 25 MB")
    parser.add_argument("--heavy-every", type=float, help="seconds between two of them")
    parser.add_argument("--tell", type=float, help="memory, each so many minutes")
    parser.add_argument("--think", type=float, nargs=2, default=(1, 10), metavar=("MIN", "MAX"))
    parser.add_argument("--slow", type=int, default=0, help="connections that stop in the middle")
    parser.add_argument("--signing-in", type=float, default=0, help="all sign in, in so many s")
    parser.add_argument("--beyond", action="store_true", help="a 503 with a time is no fault")
    return parser.parse_args()


async def _lived(server, them, workers, asked):
    weighing = asyncio.create_task(watch.weigh(workers))
    burst = Seen()
    if asked.signing_in:
        await signing.all_at_once(server.port, them, asked.signing_in, burst)
    seen = Seen()
    beside = [weighing, *slow.connections(server.port, asked.slow, them[0])]
    if asked.tell:
        beside.append(asyncio.create_task(watch.tell(server, workers, asked.tell)))
    await living(_people(server.port, them, seen, asked), 60 * asked.minutes)
    for one in beside:
        one.cancel()
    return seen, burst


def _people(port, them, seen, asked):
    Depositor.content = pdf(SIZE)
    kinds = [Depositor] * asked.heavy + [Person] * (len(them) - asked.heavy)
    every = asked.heavy_every
    think = {Person: tuple(asked.think), Depositor: (every, every) if every else asked.think}
    return [kind(one, port, seen, think[kind]) for kind, one in zip(kinds, them, strict=True)]


def _print(asked, seen, burst, workers, log):
    print(f"{asked.people} people, {asked.workers} workers, {asked.minutes:g} min, ", end="")
    print(f"{asked.think[0]:g} to {asked.think[1]:g} s between two acts; slow: {asked.slow}")
    for what, one in (("signing in", burst), ("living", seen)):
        if one.answers or one.wrong or one.refused:
            _print_seen(what, one)
    print(f"answers a second: {seen.answers / 60 / asked.minutes:.1f}")
    for one in workers:
        first, last = one.mean(0.1, 0.3), one.mean(0.8, 1)
        print(f"worker {one.pid}: {one.seen[0][1]:.0f} MB at first, {first:.0f} then, ", end="")
        print(f"{last:.0f} at last, {one.most:.0f} at most; {one.slope:+.2f} MB a minute")
    print(f"in the server's log: {len(log.faults)} faults {log.faults[:5]}")


def _print_seen(what, seen):
    print(f"{what}: {seen.answers} answers; wrong: {dict(seen.wrong)}; ", end="")
    print(f"told to come back (503): {_spread(seen.refused)}")
    every = [one for each in seen.seconds.values() for one in each]
    for name, seconds in sorted({"all of them": every, **seen.seconds}.items()):
        print(f"  {name:<34} {_spread(seconds)}")


def _spread(seconds):
    if len(seconds) < 2:
        return str(len(seconds))
    parts = statistics.quantiles([1000 * one for one in seconds], n=100, method="inclusive")
    middle, high, higher, most = parts[49], parts[94], parts[98], 1000 * max(seconds)
    return (
        f"{len(seconds):6}  p50 {middle:.0f} ms, p95 {high:.0f}, p99 {higher:.0f}, most {most:.0f}"
    )


if __name__ == "__main__":
    main()
