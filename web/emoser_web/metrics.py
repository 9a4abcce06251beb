"""Counters for Prometheus, shared by all processes of the service.

They stand in memory that the processes have in common, a part for each, so that no locks between
processes are needed. A part is used again by the process that replaces one that has ended.
"""
import bisect
import mmap
import threading

N_PARTS = 64
STATUSES = (200, 202, 206, 304, 400, 401, 403, 404, 405, 408, 409, 411, 413, 415, 416, 422, 429, 500, 501, 503)
BUCKETS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)


class Metrics:
    """Requests by operation and status, and how long they took."""

    def __init__(self, operations):
        self._operations = list(operations)
        self._row = {name: i for i, name in enumerate(self._operations)}
        self._n_columns = len(STATUSES) + 1 + len(BUCKETS_S) + 2
        self._n_values = len(self._operations) * self._n_columns
        self._values = memoryview(mmap.mmap(-1, 8 * N_PARTS * self._n_values)).cast("d")
        self._start = 0
        self._lock = threading.Lock()

    def use_part(self, number):
        """In a new process."""
        self._start = number % N_PARTS * self._n_values

    def count(self, operation, status, seconds):
        """A request has been answered."""
        at = self._start + self._row[operation] * self._n_columns
        column = STATUSES.index(status) if status in STATUSES else len(STATUSES)
        after = at + len(STATUSES) + 1
        with self._lock:
            self._values[at + column] += 1
            self._values[after + bisect.bisect_left(BUCKETS_S, seconds)] += 1
            self._values[after + len(BUCKETS_S) + 1] += seconds

    def text(self):
        """Prometheus' text format."""
        lines = ["# HELP emoser_http_requests_total Requests answered.", "# TYPE emoser_http_requests_total counter"]
        times = ["# HELP emoser_http_request_seconds Time taken to answer.", "# TYPE emoser_http_request_seconds histogram"]
        for name, row in self._row.items():
            at = row * self._n_columns
            total = [sum(self._values[part * self._n_values + at + i] for part in range(N_PARTS))
                     for i in range(self._n_columns)]
            n_statuses = len(STATUSES) + 1
            for status, n in zip((*STATUSES, "other"), total[:n_statuses]):
                if n:
                    lines.append(f'emoser_http_requests_total{{operation="{name}",status="{status}"}} {n:.0f}')
            n = 0
            for limit, in_bucket in zip((*BUCKETS_S, "+Inf"), total[n_statuses:-1]):
                n += in_bucket
                times.append(f'emoser_http_request_seconds_bucket{{operation="{name}",le="{limit}"}} {n:.0f}')
            times.append(f'emoser_http_request_seconds_sum{{operation="{name}"}} {total[-1]:.6f}')
            times.append(f'emoser_http_request_seconds_count{{operation="{name}"}} {n:.0f}')
        return "\n".join(lines + times) + "\n"
