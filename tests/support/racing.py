"""Commands that come in the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask

from app.errors import DomainError
from app.extensions import db


def at_once(app: Flask, commands: Sequence[Callable[[], Any]]) -> list[Any]:
    """What became of each: what it returned, or the error of the domain that it met. Any other error is a failure."""
    barrier, outcomes, broken = threading.Barrier(len(commands)), [], []

    def run(command: Callable[[], Any]) -> None:
        with app.app_context():
            barrier.wait()
            try:
                outcomes.append(command())
            except DomainError as error:
                outcomes.append(error)
            except Exception as error:
                broken.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(command,)) for command in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if broken:
        raise broken[0]
    return outcomes
