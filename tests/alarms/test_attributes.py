from typing import Any

import pytest

from alarms.attributes import (
    Attribute,
    anything,
    boolean,
    integer,
    listed,
    number,
    one_of,
    read,
    text,
)
from telemetry_site.core.errors import BadRequest, InvalidInput

TABLE = (
    Attribute("name", text, mandatory=True),
    Attribute("size", integer(1, 10), 2),
    Attribute("share", number),
    Attribute("on", boolean, True),
    Attribute("kind", one_of("a", "b"), "a"),
    Attribute("list", listed(text), []),
    Attribute("rest", anything),
)


def test_it_reads_an_object_in_the_order_of_the_table() -> None:
    found = read({"kind": "b", "name": "x", "size": "3", "share": 2, "on": "no"}, TABLE)
    assert list(found.items()) == [
        ("name", "x"), ("size", 3), ("share", 2.0), ("on", False), ("kind", "b"), ("list", []),
        ("rest", None),
    ]  # fmt: skip
    assert type(found["share"]) is float


def test_null_is_missing() -> None:
    found = read({"name": "", "size": None, "list": None}, TABLE)
    assert (found["name"], found["size"], found["list"]) == ("", 2, [])


def test_defaults_are_not_shared() -> None:
    read({"name": "x"}, TABLE)["list"].append(1)
    assert read({"name": "x"}, TABLE)["list"] == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": 1}, "Value: '1'. Wrong type. Expected '<class 'str'>', got '<class 'int'>'"),
        ({"name": "a\0"}, "It must hold no NUL and no lone surrogate."),
        ({"name": "a\ud800"}, "Value: 'a?'. It must hold no NUL and no lone surrogate."),
        ({"size": 0}, "field/attribute size. Value: '0'. Value should be greater or equal to 1"),
        ({"size": 11}, "Value should be lower or equal to 10"),
        ({"size": 1.5}, "Value: '1.5'. Wrong type."),
        ({"size": True}, "Value: 'True'. Wrong type."),
        ({"size": "x"}, "Value: 'x'. Wrong type."),
        ({"size": 2**70}, "Value should be lower or equal to 10"),
        ({"share": "nan"}, "Value: 'nan'. Wrong type. Expected '<class 'float'>'"),
        ({"share": 1e400}, "Value: 'inf'. Wrong type."),
        ({"share": 10**400}, "Wrong type. Expected '<class 'float'>'"),
        ({"share": True}, "Value: 'True'. Wrong type."),
        ({"on": "bad"}, "field/attribute on. Value: 'bad'. Wrong type. Expected '<class 'bool'>'"),
        ({"on": 2}, "Value: '2'. Wrong type."),
        ({"kind": "c"}, "Value: 'c'. Value should be one of: a, b"),
        ({"kind": []}, "Value: '[]'. Value should be one of: a, b"),
        ({"list": "a"}, "Value: 'a'. Wrong type. Expected '<class 'list'>'"),
        ({"list": ["a", 1]}, "field/attribute list. Value: '1'. Wrong type."),
    ],
)
def test_it_says_what_is_wrong(given: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInput) as error:
        read({"name": "x", **given}, TABLE)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("value", "found"),
    [(True, True), ("Yes", True), ("1", True), (1, True), ("off", False), (0, False)],
)
def test_the_usual_words_are_true_or_false(value: Any, found: bool) -> None:
    assert read({"name": "x", "on": value}, TABLE)["on"] is found


def test_it_says_what_is_missing_or_unknown() -> None:
    with pytest.raises(InvalidInput) as missing:
        read({}, TABLE)
    assert str(missing.value) == (
        "Invalid input for field/attribute name. Value: 'None'. Mandatory field missing."
    )
    with pytest.raises(BadRequest) as unknown:
        read({"name": "x", "y": 1}, TABLE, "data.threshold_rule")
    assert str(unknown.value) == "Unknown attribute for argument data.threshold_rule: y"
    with pytest.raises(InvalidInput) as kind:
        read([1], TABLE, "data.threshold_rule")
    assert "field/attribute threshold_rule. Value: '[1]'. Value not a valid dict" in str(kind.value)
