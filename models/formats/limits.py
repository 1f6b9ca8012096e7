"""What a child may use, and what it may do (confinement.py). To be called before any library that
reads a stranger's bytes."""

import io
import resource
import sys

from models.formats import confinement

MEGABYTE = 1024 * 1024
MAX_INPUT = 64 * MEGABYTE


def limit(cpu_seconds: int, address_space: int, threads: bool = False) -> None:
    """`threads`: the HEIC decoder does not work without them."""
    limits = {
        resource.RLIMIT_AS: address_space,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 64,
    }
    if not threads:
        limits[resource.RLIMIT_NPROC] = 0
    for which, value in limits.items():
        _, hard = resource.getrlimit(which)
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (allowed, allowed))
    confinement.confine(threads)


def standard_input(max_bytes: int = MAX_INPUT) -> bytes:
    """Raises OverflowError past `max_bytes`."""
    received = io.BytesIO()
    while piece := sys.stdin.buffer.read1(MEGABYTE):
        received.write(piece)
        if received.tell() > max_bytes:
            raise OverflowError
    return received.getvalue()
