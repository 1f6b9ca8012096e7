"""What a browser asks of a content that it may have a piece of already (RFC 9110, 13 and 14): the
rest of a download that was cut; or whether it is still the same.

No answer that holds one is kept by a browser (files.py): on a shared computer, the next person
would find it on the disk. So it is for whoever saved the file herself: her browser, which goes on
with a download; a reader of PDF, which asks for some pages; a program of hers."""

from dataclasses import dataclass

from flask import request
from werkzeug.http import quote_etag

from models import vault
from models.seeking import Span


class Beyond(Exception):
    """Nothing of it lies there."""


@dataclass(frozen=True)
class Wanted:
    """`tag`: as it is sent; `known`: whoever asks has it already; `span`: None for all of it."""

    tag: str
    known: bool
    span: Span | None


def wanted(one) -> Wanted:
    """Of a document or of a part of one. Raises Beyond."""
    tag = vault.tag(one.content)
    if request.if_none_match.contains_weak(tag):
        return Wanted(quote_etag(tag), True, None)
    return Wanted(quote_etag(tag), False, _span(quote_etag(tag), one.size))


def _span(tag, size) -> Span | None:
    """Several at once, another unit, or a piece of something else: all of it."""
    asked = request.range if request.method == "GET" else None
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return None
    if request.headers.get("If-Range", tag) != tag:
        return None
    ((start, end),) = asked.ranges  # its last bytes, where it starts below zero
    start = max(0, start + size) if start < 0 else start
    end = size if end is None else min(end, size)
    if start >= end:
        raise Beyond
    return Span(start, end - start)
