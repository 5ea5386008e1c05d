"""Rows for the templates."""

from meters.pages import flattened


def test_it_lays_metadata_flat() -> None:
    metadata = b'{"a":{"b":1,"c":{"d":"x"}},"e":[1,"y"],"f":null,"g":{},"h":true}'
    assert flattened(metadata) == [
        ("a.b", "1"),
        ("a.c.d", "x"),
        ("e", '[1, "y"]'),
        ("f", "null"),
        ("g", "{}"),
        ("h", "true"),
    ]
