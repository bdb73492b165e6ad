"""Settings: read once from the environment, checked, and explained when they are wrong."""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent
WEAK_SECRETS = frozenset({"secret", "changeme", "change-me", "dev", "development", "password", "test"})
MINIMUM_SECRET_LENGTH = 32


class SettingsError(RuntimeError):
    """A setting is missing or wrong; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that the environment decides. Every member has a default that suits one machine.

    `production` is true when CHAPEAU_ENV says so or when HOST is not a loopback address: then a
    missing or weak SECRET_KEY stops the start, and cookies are marked Secure.
    """

    instance_path: Path
    database_url: str
    redis_url: str | None
    secret_key: str
    host: str
    port: int
    processes: int
    ratelimit_enabled: bool
    production: bool
    demo: bool
    """Load the demo world into an empty database when serving. Off in production, and with CHAPEAU_DEMO=0."""
    forwarded_hops: int
    """How many reverse proxies stand in front and set X-Forwarded-*; 0 trusts none of these headers."""


def load_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `env` (default: the process environment). Raises SettingsError."""
    env = os.environ if env is None else env
    instance = Path(env.get("INSTANCE_PATH") or ROOT / "instance").resolve()
    host = env.get("HOST") or "127.0.0.1"
    processes = _whole_number(env, "WEB_CONCURRENCY", default=1, minimum=1)
    redis_url = env.get("REDIS_URL") or None
    if processes > 1 and not redis_url:
        raise SettingsError(
            "WEB_CONCURRENCY is above 1, so REDIS_URL must name a Redis or Valkey server: "
            "it carries the live room between the processes."
        )
    production = _production(env, host)
    return Settings(
        instance_path=instance,
        database_url=_database_url(env.get("DATABASE_URL"), instance),
        redis_url=redis_url,
        secret_key=_secret(env.get("SECRET_KEY"), instance, production),
        host=host,
        port=_whole_number(env, "PORT", default=8000, minimum=1),
        processes=processes,
        ratelimit_enabled=_switch(env, "RATELIMIT_ENABLED"),
        production=production,
        demo=not production and _switch(env, "CHAPEAU_DEMO"),
        forwarded_hops=_whole_number(env, "FORWARDED_HOPS", default=0, minimum=0),
    )


def _switch(env: Mapping[str, str], name: str) -> bool:
    """On unless the environment says 0, false, no or off."""
    return env.get(name, "1").strip().lower() not in {"0", "false", "no", "off"}


def _whole_number(env: Mapping[str, str], name: str, *, default: int, minimum: int) -> int:
    text = env.get(name)
    if not text:
        return default
    try:
        number = int(text)
    except ValueError:
        raise SettingsError(f"{name} must be a whole number, not {text!r}.") from None
    if number < minimum:
        raise SettingsError(f"{name} must be at least {minimum}.")
    return number


def _production(env: Mapping[str, str], host: str) -> bool:
    said = env.get("CHAPEAU_ENV", "").lower()
    if said:
        return said == "production"
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


def _database_url(url: str | None, instance: Path) -> str:
    if not url:
        return f"sqlite:///{instance / 'chapeau.sqlite3'}"
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url[len(short) :]
    return url


def _secret(given: str | None, instance: Path, production: bool) -> str:
    if production:
        return _strong_secret(given)
    if given:
        return given
    return _generated_secret(instance)


def _strong_secret(given: str | None) -> str:
    advice = (
        'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))" '
        "and keep it outside the repository."
    )
    if not given:
        raise SettingsError(f"SECRET_KEY is missing, and production does not start without one. {advice}")
    too_plain = len(set(given)) < 8
    if len(given) < MINIMUM_SECRET_LENGTH or given.lower() in WEAK_SECRETS or too_plain:
        raise SettingsError(
            f"SECRET_KEY is too weak: it needs at least {MINIMUM_SECRET_LENGTH} random characters. {advice}"
        )
    return given


def _generated_secret(instance: Path) -> str:
    """The secret of a development machine: made once, kept beside the database, readable by its owner only."""
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    secret = secrets.token_urlsafe(48)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret + "\n")
    return secret
