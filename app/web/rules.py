"""Rules of addresses that are made ready to build an address when one is first built of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


class LazyRule(Rule):
    """Werkzeug compiles two functions for each rule as it is added: for our three hundred, most of the app's start."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = super()._compile_builder
        name = "_build_unknown" if append_unknown else "_build"

        def first(rule: LazyRule, /, **values: Any) -> tuple[str, str]:
            build = compiled(append_unknown)
            setattr(rule, name, build.__get__(rule, None))
            return build(rule, **values)

        return first
