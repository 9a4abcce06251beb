"""The thread that lets the database train.

Each process of the service has one; the database lets one of them train at a time. Accepted trainings
are in the database: if it, this process or the machine stops, the next trainer goes on with them.
"""
import logging
import select
import threading
import time

import psycopg

from . import database, queries
from .problems import ConnectionLost

# New trainings are notified; this is for a trainer that has gone.
POLL_S = 3
RETRY_S = 1
# A training takes as long as it takes, but not longer than there is somebody who wants it.
OPTIONS = "-c statement_timeout=0 -c client_connection_check_interval=5s"

log = logging.getLogger("emoser_web")


class Trainer(threading.Thread):
    """Runs until the process ends."""

    def __init__(self, settings):
        super().__init__(name="trainer", daemon=True)
        self._conninfo = database.connection_string(
            settings.database, application_name="emoser_web trainer", options=OPTIONS)

    def run(self):
        is_away = False
        while True:
            try:
                session = database.Session(self._conninfo)
                try:
                    is_away = False
                    self._work(session)
                finally:
                    session.close()
            except ConnectionLost as lost:
                if not is_away:
                    log.warning("trainer: no connection to the database: %s", lost)
                is_away = True
            except psycopg.Error as error:  # without web/schema.sql, for example
                log.warning("trainer: %s", error.diag.message_primary)
            except Exception:  # a thread that ends would be missed by nobody
                log.exception("trainer")
            time.sleep(RETRY_S)

    def _work(self, session):
        is_trainer = False
        while True:
            is_trainer = is_trainer or session.call(queries.BECOME_TRAINER) == "t"
            if not (is_trainer and self._train(session)):
                select.select([session.connection.socket], [], [], POLL_S)
                session.forget_notifications()

    @staticmethod
    def _train(session):
        """Whether there was something to train."""
        try:
            return session.call(queries.TRAIN_NEXT) is not None
        except psycopg.Error as error:
            parts = (error.diag.message_primary, error.diag.message_detail, error.diag.message_hint)
            log.info("trainer: %s", parts[0])
            message = ". ".join(part.rstrip(".") for part in parts if part)
            session.call(queries.TRAINING_FAILED, error.sqlstate, message)
            return True
