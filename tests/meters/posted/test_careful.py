"""The careful reader: every refusal in its words, and the unusual forms that are taken."""

import json
from typing import Any

import pytest

from meters.posted import careful
from meters.posted.messages import Message
from telemetry_site.core.errors import BadRequest
from tests.meters.posted.entries import GONE, body, entry, quickly, terms

FIELD = "Invalid input for field/attribute"
BOUNDS = "The volume must be a number between -1e+100 and 1e+100"
TIMES = "The timestamp must be from 1970 on and at most ten years ahead"
STR = "Expected '<class 'str'>'"

FAULTS: list[tuple[bytes, str]] = [
    (b"", "Samples should be included in request body"),
    (b"[]", "Samples should be included in request body"),
    (b"null", "Samples should be included in request body"),
    (b" ", "Request is not in valid JSON format"),
    (b"[{]", "Request is not in valid JSON format"),
    (b'["\xff"]', "Request is not in valid JSON format"),
    (b"[" + b"9" * 5000 + b"]", "Request is not in valid JSON format"),
    (b'{"x": 1}', f"{FIELD} samples. Value: '{{'x': 1}}'. Value not a valid list: {{'x': 1}}"),
    (b'{"samples": [{}]}', f"{FIELD} samples. Value: '[{{}}]'. unable to convert to ArrayType"),
    (b"5", f"{FIELD} samples. Value: '5'. Value not a valid list: 5"),
    (b"[1]", f"{FIELD} samples. Value: '[1]'. Value not a valid dict: 1"),
    (b"[null]", f"{FIELD} samples. Value: '[None]'. Value not a valid dict: None"),
    (b"[" * 100_000, "The request body is nested too deeply"),
    (body(entry(x=1)), "Unknown attribute for argument samples: x"),
    (body(entry(x=1, y=2)), "Unknown attributes for argument samples: x, y"),
    *(
        (body(entry(**{name: GONE})), f"{FIELD} {name}. Value: 'None'. Mandatory field missing.")
        for name in sorted(careful.MANDATORY)
    ),
    (body({}), f"{FIELD} counter_name. Value: 'None'. Mandatory field missing."),
    (
        body(entry(resource_id=None)),
        f"{FIELD} resource_id. Value: 'None'. Mandatory field missing.",
    ),
    (
        body(entry(counter_name=5)),
        f"{FIELD} counter_name. Value: '5'. Wrong type. {STR}, got '<class 'int'>'",
    ),
    (
        body(entry(source=["a"])),
        f"{FIELD} source. Value: '['a']'. Wrong type. {STR}, got '<class 'list'>'",
    ),
    (
        body(entry(resource_metadata={"a": 1})),
        f"{FIELD} resource_metadata. Value: '{{'a': 1}}'. Wrong type. {STR}, got '<class 'int'>'",
    ),
    (
        body(entry(resource_metadata={"a": "x", "b": {"c": "d"}})),
        f"{FIELD} resource_metadata. Value: '{{'a': 'x', 'b': {{'c': 'd'}}}}'. "
        f"Wrong type. {STR}, got '<class 'dict'>'",
    ),
    (body(entry(counter_name="apx")), f"{FIELD} counter_name. Value: 'apx'. should be ap"),
    (body(entry(counter_name=None)), f"{FIELD} counter_name. Value: 'None'. should be ap"),
    (
        body(entry(message_id="m")),
        f"{FIELD} message_id. Value: 'm'. The message_id must not be set",
    ),
    (
        body(entry(counter_type="bad")),
        f"{FIELD} counter_type. Value: 'bad'. "
        "The counter type must be: gauge, delta, cumulative",
    ),
    (body(entry(resource_id="a\0b")), f"{FIELD} resource_id. Value: 'a\\x00b'. "
     "Text must not contain NUL"),
    (body(entry(user_id="\ud800")), f"{FIELD} user_id. Value: '\\ud800'. Not valid Unicode text"),
    (body(entry(resource_metadata={"\0": "a"})), f"{FIELD} resource_metadata. "
     "Value: '{'\\x00': 'a'}'. Text must not contain NUL"),
    (body(entry(resource_metadata={"a": "\udfff"})), f"{FIELD} resource_metadata. "
     "Value: '{'a': '\\udfff'}'. Not valid Unicode text"),
    (body(entry(source="s" * 256)), f"{FIELD} source. Value: '{'s' * 256}'. "
     "It must be at most 255 characters long, without NUL"),
]  # fmt: skip


@pytest.mark.parametrize(("posted", "text"), FAULTS)
def test_it_refuses_in_the_words_of_the_contract(posted: bytes, text: str) -> None:
    assert quickly(posted, terms()) is None
    with pytest.raises(BadRequest) as refused:
        careful.read(posted, terms())
    assert str(refused.value) == text


# Faults that are laid to the whole list.
FAULTS_IN_LIST: list[tuple[dict[str, Any], str]] = [
    ({"counter_volume": "abc"}, "could not convert string to float: 'abc'"),
    ({"counter_volume": True}, "could not convert bool to float"),
    ({"counter_volume": []}, "could not convert list to float"),
    ({"counter_volume": float("nan")}, BOUNDS),
    ({"counter_volume": float("inf")}, BOUNDS),
    ({"counter_volume": "-Infinity"}, BOUNDS),
    ({"counter_volume": "nan"}, BOUNDS),
    ({"counter_volume": 1.1e100}, BOUNDS),
    ({"counter_volume": -(10**400)}, BOUNDS),
    ({"timestamp": "junk"}, "'junk' is not a legal datetime value"),
    ({"timestamp": ""}, "'' is not a legal datetime value"),
    ({"timestamp": 5}, "'5' is not a legal datetime value"),
    ({"recorded_at": "junk"}, "'junk' is not a legal datetime value"),
    ({"timestamp": "1969-12-31T23:59:59"}, TIMES),
    ({"timestamp": "1970-01-01T00:00:00+00:01"}, TIMES),
    ({"timestamp": "0001-01-01T00:00:00+14:00"}, TIMES),
    ({"timestamp": "2036-03-01T12:00:01"}, TIMES),
    ({"resource_metadata": "str"}, "Value not a valid dict: str"),
    ({"resource_metadata": [1]}, "Value not a valid dict: [1]"),
]


@pytest.mark.parametrize(("changes", "why"), FAULTS_IN_LIST)
def test_it_shows_the_list_where_it_cannot_be_read(changes: dict[str, Any], why: str) -> None:
    posted = entry(**changes)
    assert quickly(body(posted), terms()) is None
    with pytest.raises(BadRequest) as refused:
        careful.read(body(posted), terms())
    assert str(refused.value) == f"{FIELD} samples. Value: '[{posted}]'. {why}"


def test_it_refuses_another_project() -> None:
    refused = f"{FIELD} project_id. Value: 'p1'. can not post samples to other projects"
    limits = terms(project="mine", confined_to="mine")
    assert quickly(body(entry(project_id="p1")), limits) is None
    with pytest.raises(BadRequest, match="^" + refused.replace(".", r"\.") + "$"):
        careful.read(body(entry(project_id="p1")), limits)


def test_it_looks_at_the_form_of_all_entries_before_the_content_of_any() -> None:
    with pytest.raises(BadRequest, match=r"counter_unit\. Value: 'None'\. Mandatory"):
        careful.read(body(entry(counter_name="apx"), entry(counter_unit=GONE)), terms())


def test_it_cuts_a_long_list_in_its_words() -> None:
    with pytest.raises(BadRequest) as refused:
        careful.read(body(*[entry()] * 1000, entry(counter_volume="abc")), terms())
    assert len(str(refused.value)) < 4300


def read_one(**changes: Any) -> Message:
    return careful.read(body(entry(**changes)), terms())[0]


@pytest.mark.parametrize(
    ("sent", "volume"),
    [("1.5", 1.5), (" 2 ", 2.0), ("1e3", 1000.0), (3, 3.0), (None, None), (10**100, 1e100)],
)
def test_it_takes_volumes_as_text_and_null(sent: object, volume: float | None) -> None:
    assert read_one(counter_volume=sent).counter_volume == volume


@pytest.mark.parametrize(
    ("sent", "moment"),
    [
        ("2013-08-01", "2013-08-01T00:00:00"),
        ("2013-08-01 10:11:00", "2013-08-01T10:11:00"),
        ("2013-08-01T10:11:00.5", "2013-08-01T10:11:00.500000"),
        ("2013-08-01T10:11:00Z", "2013-08-01T10:11:00+00:00"),
        ("2013-08-01T10:11:00+02:00", "2013-08-01T10:11:00+02:00"),
        (None, None),
    ],
)
def test_it_takes_times_in_the_usual_forms(sent: object, moment: str | None) -> None:
    assert read_one(timestamp=sent).timestamp == moment


@pytest.mark.parametrize("sent", [None, {}])
def test_it_takes_null_for_no_metadata(sent: object) -> None:
    assert bytes(read_one(resource_metadata=sent).resource_metadata) == b"{}"


def test_it_takes_text_that_looks_like_nul_and_is_not() -> None:
    posted = rb'[{"counter_name": "ap", "counter_type": "gauge", "counter_unit": "a\\u0000",'
    posted += rb'"counter_volume": 1, "resource_id": "r1"}]'
    assert careful.read(posted, terms())[0].counter_unit == "a\\u0000"
    assert quickly(posted, terms()) is None


def test_it_takes_other_encodings_of_json() -> None:
    posted = json.dumps([entry(counter_unit="é")], ensure_ascii=False)
    assert careful.read(posted.encode("utf-16"), terms())[0].counter_unit == "é"
    assert careful.read(posted.encode("utf-8-sig"), terms())[0].counter_unit == "é"
