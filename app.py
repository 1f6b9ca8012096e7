"""Carnet: the application put together. `python app.py` serves it, `flask` runs its commands."""

import os
import sys
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_compress import Compress
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from werkzeug.middleware.proxy_fix import ProxyFix

import views
from models import instance
from models.settings import Settings, WrongSetting
from views import assets, commands, door, drafts, errors, fhir, headers, uploads
from views.typography import Typography

ROOT = Path(__file__).parent
# A slow phone holds a thread as long as it sends or receives: four would be four slow phones.
THREADS = 16


def create_app(settings: Settings | None = None) -> Flask:
    """The application on its instance, if there is one yet; stops on a wrong setting."""
    os.umask(0o077)  # whatever it writes is its owner's alone
    # A page takes a few ms: finished in one go, eight at once cost a quarter less (measured).
    sys.setswitchinterval(0.02)
    app = Flask("carnet", root_path=str(ROOT), static_folder=None)
    try:
        settings = settings or Settings.from_environment()
        opened = instance.open_instance(settings) if instance.exists(settings) else None
    except WrongSetting as wrong:
        sys.exit(str(wrong))
    _configure(app, settings, opened)
    _extend(app)
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
        SESSION_COOKIE_NAME="carnet",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_REFRESH_EACH_REQUEST=False,
        # No time limit, and no Referer asked for: old and text browsers send none (D4).
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=uploads.WITHOUT_FILES,
        COMPRESS_MIMETYPES=["text/html"],
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_LEVEL=6,
    )
    app.jinja_env.add_extension(Typography)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _extend(app):
    Htmx(app)
    uploads.register(app)
    door.name_things(app)
    door.login.init_app(app)
    app.teardown_request(door.leave)
    app.before_request(door.ask_to_sign_in)  # before the form: a stranger's file is never read
    app.after_request(drafts.forget_received)
    app.before_request(uploads.refuse_nameless)
    CSRFProtect(app)
    fhir.register(app)
    headers.register(app)
    Compress(app)
    app.wsgi_app = assets.serve(app)
    if proxies := app.config["SETTINGS"].proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)


def serve(idle_seconds: int = 30) -> None:
    """Serve with granian (D14): threads, ended after `idle_seconds`, one process a worker."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    app = create_app()
    settings = app.config["SETTINGS"]
    if app.config["INSTANCE"] is None:
        sys.exit(
            f"Il n'y a pas encore d'instance dans {settings.instance} : lancez « flask init »."
        )
    print(f"{settings.site_name} répond à {settings.address} (Ctrl+C pour l'arrêter).", flush=True)
    Granian(
        "app:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=idle_seconds,
        websockets=False,
        respawn_failed_workers=True,
        working_dir=ROOT,
        log_level=LogLevels.error,
    ).serve()


if __name__ == "__main__":
    serve()
