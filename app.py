"""Carnet: the application put together. `python app.py` serves it, `flask` runs its commands."""

import ctypes
import os
import resource
import sys
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_compress import Compress
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from werkzeug.middleware.proxy_fix import ProxyFix

import views
from models import instance, log
from models.settings import Settings, WrongSetting
from views import (
    assets,
    broken,
    commands,
    cookies,
    crowd,
    door,
    drafts,
    elsewhere,
    errors,
    fhir,
    headers,
    tokens,
    uploads,
    watching,
)
from views.typography import Typography

ROOT = Path(__file__).parent
# Of one worker: half of them for connections, idle ones included; those beyond wait outside.
FILES = 8192
# In seconds: a stop lets what was begun end, and does not wait for connections that never do.
GRACE = 20
# Of malloc.h.
M_ARENA_MAX, HEAPS = -8, 2
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, KEPT = -1, -3, 4 << 20
# 64 kB hold any page: with the 4 MB of the library, it clears more memory than it reads.
BROTLI_WINDOW = 16
# What the server itself says goes the way of all the rest (models/log.py).
BY_OURS = {"loggers": {"_granian": {}, "granian.access": {}}, "handlers": {}, "formatters": {}}


def create_app(settings: Settings | None = None, room: crowd.Room = crowd.ROOM) -> Flask:
    """The application on its instance, if there is one yet; stops on a wrong setting."""
    os.umask(0o077)  # whatever it writes is its owner's alone
    # A page takes a few ms: finished in one go, eight at once cost a quarter less (measured).
    sys.setswitchinterval(0.02)
    _keep_memory_together()
    app = Flask("carnet", root_path=str(ROOT), static_folder=None)
    # Nothing of ours is async: Flask looks whether it is eighteen times a page.
    app.ensure_sync = lambda function: function
    if settings is None:
        log.take_over()
    try:
        settings = settings or Settings.from_environment()
        opened = None if instance.closed(settings) else instance.open_instance(settings)
    except WrongSetting as wrong:
        sys.exit(str(wrong))
    _configure(app, settings, opened)
    _extend(app, room)
    views.register(app)
    errors.register(app)
    commands.register(app)
    return app


def _configure(app, settings, opened):
    app.config.update(
        SETTINGS=settings,
        INSTANCE=opened,
        SECRET_KEY=opened.derived("carnet-cookies") if opened else None,
        IDLE=timedelta(minutes=settings.idle_minutes),
        JOBS=True,
        TRUSTED_HOSTS=settings.hosts,
        # No time limit, and no Referer asked for: old and text browsers send none (D4).
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=uploads.WITHOUT_FILES,
        COMPRESS_MIMETYPES=["text/html"],
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_BR_WINDOW=BROTLI_WINDOW,
        COMPRESS_LEVEL=6,
    )
    app.jinja_env.add_extension(Typography)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _extend(app, room):
    Htmx(app)
    cookies.register(app)
    uploads.register(app)
    door.name_things(app)
    door.login.init_app(app)
    app.teardown_request(door.leave)
    app.before_request(door.ask_to_sign_in)  # before the form: a stranger's file is never read
    app.before_request(elsewhere.forget_words)
    app.after_request(drafts.forget_received)
    app.before_request(uploads.refuse_nameless)
    tokens.register()
    CSRFProtect(app)
    fhir.register(app)
    headers.register(app)
    watching.register(app)
    Compress(app)
    app.wsgi_app = broken.watch(app.wsgi_app)
    app.wsgi_app = crowd.Crowd(app, room)
    app.wsgi_app = assets.serve(app)
    if proxies := app.config["SETTINGS"].proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)


def serve(idle_seconds: int = 30, target: str = "app:create_app") -> None:
    """Serve with granian (D14): threads, ended after `idle_seconds`, one process a worker."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    app = create_app()
    settings = app.config["SETTINGS"]
    if app.config["INSTANCE"] is None:
        sys.exit(instance.closed(settings))
    print(f"{settings.site_name} répond à {settings.address} (Ctrl+C pour l'arrêter).", flush=True)
    Granian(
        target,
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        blocking_threads=crowd.ROOM.threads,
        backpressure=_files() // 2,
        blocking_threads_idle_timeout=idle_seconds,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
        working_dir=ROOT,
        log_level=LogLevels.error,
        log_dictconfig=BY_OURS,
    ).serve()


def _keep_memory_together():
    """glibc gives threads heaps of their own, up to eight a processor, and what one frees serves
    no other: with two of them, a worker of 139 threads weighed 134 MB, for 240."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(M_ARENA_MAX, HEAPS)
        # What a page frees serves the next: given back to the system, then asked for again, it
        # cost a tenth of a page.
        libc.mallopt(M_TRIM_THRESHOLD, KEPT)
        libc.mallopt(M_MMAP_THRESHOLD, KEPT)


def _files() -> int:
    """How many may be open: systemd gives a thousand where more are allowed."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    return wanted


if __name__ == "__main__":
    serve()
