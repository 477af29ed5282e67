"""Rules write the addresses that werkzeug's own would, only later."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from werkzeug.routing import Map, Rule
from werkzeug.routing.converters import AnyConverter, BaseConverter, NumberConverter

from app.web.routing import LateRule

if TYPE_CHECKING:
    from flask import Flask


def test_every_address_is_written_as_werkzeug_writes_it(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if isinstance(rule, LateRule)]
    assert len(rules) > 300
    plain = Map([Rule(rule.rule, endpoint=str(n)) for n, rule in enumerate(rules)], converters=app.url_map.converters)
    late = Map([LateRule(rule.rule, endpoint=str(n)) for n, rule in enumerate(rules)], converters=app.url_map.converters)
    for n, rule in enumerate(rules):
        values = {name: _fitting(rule._converters[name]) for name in rule.arguments}
        for given in (values, values | {"page": "2&3"}):
            written = [each.bind("localhost").build(str(n), given) for each in (plain, late)]
            assert written[0] == written[1], rule.rule


def _fitting(converter: BaseConverter) -> object:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 7 if isinstance(converter, NumberConverter) else "7 台账"


def test_the_collector_is_at_work_again_when_the_house_stands(app: Flask) -> None:
    assert gc.isenabled()
