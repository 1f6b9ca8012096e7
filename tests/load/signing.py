"""Everybody signs in within the same minute: the password alone takes 18 ms of a processor."""

import asyncio
import random
from urllib.parse import urlencode

from tests.world import PASSWORD

from .browser import Browser, HungUp
from .person import FIELD, FORM, Seen


async def all_at_once(port: int, them: list, seconds: float, seen: Seen) -> None:
    await asyncio.gather(*(_one(port, who, seconds, seen) for who in them))


async def _one(port, who, seconds, seen):
    """By the page; what comes after the password (a code, a device) is another matter."""
    await asyncio.sleep(random.uniform(0, seconds))
    browser = Browser(port)
    try:
        page = await browser.ask("GET", "/connexion")
        fields = dict(FIELD.findall(page.text)) | {"email": who.email, "password": PASSWORD}
        answer = await browser.ask("POST", "/connexion", urlencode(fields).encode(), FORM)
    except (HungUp, OSError, TimeoutError) as fault:
        seen.wrong[type(fault).__name__] += 1
        return
    finally:
        browser.close()
    seen.seconds.setdefault("the page", []).append(page.seconds)
    if answer.status == 503 and "retry-after" in answer.headers:
        seen.refused.append(answer.seconds)
    elif answer.status == 303:
        seen.seconds.setdefault("the password", []).append(answer.seconds)
    else:
        seen.wrong[f"the password: {answer.status}"] += 1
