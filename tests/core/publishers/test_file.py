"""Parcels in files."""

import json
from pathlib import Path
from uuid import UUID

import pytest

from telemetry_site.core.publishers.address import Address, BadAddress
from telemetry_site.core.publishers.file import FilePublisher
from telemetry_site.core.publishers.publisher import Document, Parcel, PublishError


def parcel(*names: str) -> Parcel[Document]:
    """A record for each name."""
    return Parcel(UUID(int=1), [{"name": name, "volume": None} for name in names])


def test_json_lines(tmp_path: Path) -> None:
    publisher = FilePublisher(Address(f"file://{tmp_path}/out?json"))
    publisher.send(parcel("a", "b"))
    publisher.send(parcel("c"))
    found = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    assert found == [{"name": name, "volume": None} for name in "abc"]


def test_printed_objects(tmp_path: Path) -> None:
    FilePublisher(Address(f"file://{tmp_path}/out")).send(parcel("a"))
    assert (tmp_path / "out").read_text() == "{'name': 'a', 'volume': None}\n"


def test_half_a_line_is_cut_off(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text('{"whole":1}\n{"half":')
    FilePublisher(Address(f"file://{out}?json=true")).send(parcel("a"))
    assert out.read_text() == '{"whole":1}\n{"name":"a","volume":null}\n'


def test_a_long_half_line_is_cut_off(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("x\n" + "y" * 10_000)
    FilePublisher(Address(f"file://{out}?json=1")).send(parcel("a"))
    assert out.read_text().splitlines() == ["x", '{"name":"a","volume":null}']


def test_it_is_rotated(tmp_path: Path) -> None:
    publisher = FilePublisher(Address(f"file://{tmp_path}/out?json&max_bytes=60&backup_count=2"))
    for name in "abcdefg":  # 27 bytes a line: two in a file
        publisher.send(parcel(name))
    found = {path.name: path.read_text() for path in tmp_path.iterdir()}
    names = {
        name: [json.loads(line)["name"] for line in text.splitlines()]
        for name, text in found.items()
    }
    assert names == {"out": ["g"], "out.1": ["e", "f"], "out.2": ["c", "d"]}


def test_without_a_count_it_is_not_rotated(tmp_path: Path) -> None:
    publisher = FilePublisher(Address(f"file://{tmp_path}/out?json&max_bytes=10"))
    publisher.send(parcel("a", "b"))
    publisher.send(parcel("c"))
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_is_not_there_may_come(tmp_path: Path) -> None:
    publisher = FilePublisher(Address(f"file://{tmp_path}/later/out?json"))
    with pytest.raises(PublishError, match="cannot be written: No such file") as caught:
        publisher.send(parcel("a"))
    assert not caught.value.permanent
    (tmp_path / "later").mkdir()
    publisher.send(parcel("a"))
    assert (tmp_path / "later/out").exists()


@pytest.mark.parametrize(
    "url", ["file://out", "file://host/out", "file:///", "file:///o?max_bytes=x"]
)
def test_addresses_that_cannot_be(url: str) -> None:
    with pytest.raises(BadAddress):
        FilePublisher(Address(url))
