"""gunicorn's worker with threads, made quicker for clients that ask again and again."""
import select

from gunicorn.workers.gthread import ThreadWorker

# A thread stays with its client so long; handing the connection back and forth between threads
# takes longer than answering.
LINGER_MS = 20


class Worker(ThreadWorker):
    """As gthread, but a thread waits a moment for the next request of its connection."""

    def handle(self, conn):
        keepalive, conn = super().handle(conn)
        while keepalive and self._has_more(conn.sock):
            keepalive, conn = super().handle(conn)
        return keepalive, conn

    @staticmethod
    def _has_more(sock):
        poll = select.poll()
        poll.register(sock, select.POLLIN)
        return bool(poll.poll(LINGER_MS))
