# How gunicorn serves emoser: gunicorn -c gunicorn.conf.py, or the script "serve" beside this file.
import os
import secrets

from emoser_web.settings import Settings

if not Settings().token:
    # Without one, a new one each time, as Jupyter does it. The processes inherit it.
    os.environ["EMOSER_WEB_TOKEN"] = secrets.token_urlsafe(24)
    IS_NEW_TOKEN = True
else:
    IS_NEW_TOKEN = False

settings = Settings()
wsgi_app = "emoser_web.app:create_app()"
bind = settings.bind
workers = settings.n_processes
worker_class = "emoser_web.worker.Worker"
threads = settings.n_threads
# Of each process; with those to the database, fewer than the usual limit of 1024 open files.
worker_connections = 512
# Counters are shared by processes that are forks of one.
preload_app = True
keepalive = 30
timeout = 150
graceful_timeout = 10
limit_request_line = 4094
limit_request_fields = 50
proc_name = "emoser_web"
loglevel = os.environ.get("EMOSER_WEB_LOG_LEVEL", "warning")


def when_ready(server):
    """Tell where the page is, on standard output."""
    mark = f"#token={settings.token}" if IS_NEW_TOKEN else ""
    print(f"emoser: http://{settings.bind}/{mark}", flush=True)


def post_worker_init(worker):
    """In each process, once it has the application."""
    from emoser_web.trainer import Trainer
    worker.wsgi.metrics.use_part(worker.age)
    Trainer(settings).start()
