"""Settings, all of them environment variables; docs/service.md lists them."""
import os
from dataclasses import dataclass, field

# Requests are answered so fast that shorter ones could be found by trying.
MIN_TOKEN_CHARACTERS = 16
LOG_LEVELS = ("debug", "info", "warning", "error", "critical")
# Who may correct: who has the token, everyone who reaches the service, or nobody.
TOKEN, EVERYONE, NOBODY = "token", "everyone", "nobody"
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


def _number(name, default, least=1):
    text = os.environ.get(name, str(default))
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise SystemExit(f"{name} must be a whole number of at least {least}, not {text!r}")
    return int(text)


def _token():
    path = os.environ.get("EMOSER_WEB_TOKEN_FILE")
    if path:
        with open(path, encoding="utf-8") as file:
            token = file.read().strip()
    else:
        token = os.environ.get("EMOSER_WEB_TOKEN", "").strip()
    if 0 < len(token) < MIN_TOKEN_CHARACTERS:
        raise SystemExit(f"the token has {len(token)} characters, at least {MIN_TOKEN_CHARACTERS} are needed: "
                         "openssl rand -base64 24 makes a good one")
    if not token.isascii():
        raise SystemExit("the token must consist of ASCII characters, at least 16 of them, which headers of HTTP can hold")
    return token


def _one_of(name, default, *words):
    word = os.environ.get(name, default).lower()
    if word not in words:
        raise SystemExit(f"{name} must be one of {', '.join(words)}, not {word!r}")
    return word


def _hosts(bind):
    given = os.environ.get("EMOSER_WEB_HOSTS", "").split()
    if given:
        return tuple(host.lower() for host in given)
    return LOOPBACK_NAMES if bind.rsplit(":", 1)[0] in LOOPBACK_NAMES else ()


@dataclass(frozen=True)
class Settings:
    """What the service is told; without anything, it serves this machine only."""

    bind: str = field(default_factory=lambda: os.environ.get("EMOSER_WEB_BIND", "127.0.0.1:5000"))
    database: str = field(default_factory=lambda: os.environ.get("EMOSER_WEB_DATABASE", ""))
    token: str = field(default_factory=_token, repr=False)
    n_processes: int = field(default_factory=lambda: _number("EMOSER_WEB_PROCESSES", 2))
    n_threads: int = field(default_factory=lambda: _number("EMOSER_WEB_THREADS", 16))
    n_connections: int = field(default_factory=lambda: _number("EMOSER_WEB_CONNECTIONS", 16))
    max_upload_bytes: int = field(default_factory=lambda: _number("EMOSER_WEB_MAX_UPLOAD_MB", 64) << 20)
    max_wait_s: int = field(default_factory=lambda: _number("EMOSER_WEB_MAX_WAIT_S", 20))
    max_together_s: int = field(default_factory=lambda: _number("EMOSER_WEB_MAX_TOGETHER_S", 30))
    max_queued_trainings: int = field(default_factory=lambda: _number("EMOSER_WEB_MAX_QUEUED", 8))
    correctors: str = field(default_factory=lambda: _one_of("EMOSER_WEB_CORRECTIONS", TOKEN, TOKEN, EVERYONE, NOBODY))
    max_corrections: int = field(default_factory=lambda: _number("EMOSER_WEB_MAX_CORRECTIONS", 10000))
    log_level: str = field(default_factory=lambda: _one_of("EMOSER_WEB_LOG_LEVEL", "warning", *LOG_LEVELS).upper())
    hosts: tuple = ()  # names by which browsers may ask for it; empty: any

    def __post_init__(self):
        object.__setattr__(self, "hosts", self.hosts or _hosts(self.bind))
