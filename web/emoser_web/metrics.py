"""What Prometheus is told; the processes of the service count in files that they share."""
from prometheus_client import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

_BUCKETS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_requests = Counter("emoser_http_requests", "Requests answered.", ["operation", "status"])
_seconds = Histogram("emoser_http_request_seconds", "Time taken to answer.", ["operation"], buckets=_BUCKETS_S)


def count(operation, status, seconds):
    """A request has been answered."""
    _requests.labels(operation, status).inc()
    _seconds.labels(operation).observe(seconds)


class _Database:
    """What is only known when it is asked for."""

    def __init__(self, training_states):
        self._training_states = training_states

    def collect(self):
        """Called by the registry."""
        yield GaugeMetricFamily("emoser_database_up", "Whether the database answers.", self._training_states is not None)
        if self._training_states is not None:
            trainings = GaugeMetricFamily("emoser_trainings", "Trainings by state.", labels=["state"])
            for state, n in self._training_states.items():
                trainings.add_metric([state], n)
            yield trainings


def text(training_states):
    """All of it; training_states is None while the database is away."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(_Database(training_states))
    return generate_latest(registry)
