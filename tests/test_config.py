"""Settings: defaults for one machine, and clear words when something is missing or weak."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from config import SettingsError, load_settings

STRONG = "k3mB9-zQ7w_Xr2Lf8sVn4TyHc6JpD1eGaU5"


def env(tmp_path: Path, **values: str) -> dict[str, str]:
    return {"INSTANCE_PATH": str(tmp_path), **values}


def test_defaults_suit_one_machine(tmp_path: Path) -> None:
    settings = load_settings(env(tmp_path))
    assert settings.database_url == f"sqlite:///{tmp_path / 'chapeau.sqlite3'}"
    assert (settings.host, settings.port, settings.processes) == ("127.0.0.1", 8000, 1)
    assert settings.ratelimit_enabled
    assert settings.demo
    assert not settings.production


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = load_settings(env(tmp_path)).secret_key
    assert load_settings(env(tmp_path)).secret_key == first
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize("secret", ["", "secret", "changeme", "short", "a" * 64, "password" * 8])
@pytest.mark.parametrize("how", [{"CHAPEAU_ENV": "production"}, {"HOST": "0.0.0.0"}])
def test_production_refuses_a_weak_or_missing_secret(tmp_path: Path, secret: str, how: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        load_settings(env(tmp_path, SECRET_KEY=secret, **how))


def test_production_with_a_strong_secret_loads_no_demo(tmp_path: Path) -> None:
    settings = load_settings(env(tmp_path, SECRET_KEY=STRONG, HOST="0.0.0.0"))
    assert settings.production
    assert not settings.demo


def test_several_processes_need_a_queue(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="REDIS_URL"):
        load_settings(env(tmp_path, WEB_CONCURRENCY="2"))
    assert load_settings(env(tmp_path, WEB_CONCURRENCY="2", REDIS_URL="redis://127.0.0.1")).processes == 2


@pytest.mark.parametrize("name", ["PORT", "WEB_CONCURRENCY", "FORWARDED_HOPS"])
def test_a_number_that_is_none_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings(env(tmp_path, **{name: "many"}))


@pytest.mark.parametrize("short", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_postgresql_is_reached_by_psycopg(tmp_path: Path, short: str) -> None:
    assert load_settings(env(tmp_path, DATABASE_URL=short)).database_url == "postgresql+psycopg://u@h/d"
