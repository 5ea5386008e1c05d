"""`manage.py pipeline`: what is in use, what is wrong with a file, what becomes of a sample."""

import json
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.commands import printed

pytestmark = pytest.mark.django_db

FILE = """
sources:
  - {{name: all, meters: ["*"], sinks: [keep]}}
sinks:
  - name: keep
    publishers: [{publishers}]
"""


def written(tmp_path: Path, publishers: str) -> str:
    """A file with these publishers."""
    path = tmp_path / "pipeline.yaml"
    path.write_text(FILE.format(publishers=publishers))
    return str(path)


def test_it_shows_what_is_in_use() -> None:
    said = printed("pipeline", "show")
    assert "source cpu_source: cpu -> cpu_sink, cpu_delta_sink" in said
    assert "sink cpu_sink: rate_of_change -> database://" in said
    assert "sink event_sink: database://" in said


def test_no_password_is_shown(tmp_path: Path) -> None:
    file = written(tmp_path, '"http://me:secret@host/"')
    said = printed("pipeline", "show", "--samples", file)
    assert "http://me:…@host/" in said
    assert "secret" not in said


def test_it_says_what_would_be_forgotten(tmp_path: Path) -> None:
    said = printed("pipeline", "check", "--samples", written(tmp_path, '"database://"'))
    assert "forget what it remembers: rate_of_change of sink cpu_sink." in said
    assert said.endswith("The pipelines can be used.\n")
    assert printed("pipeline", "check") == "The pipelines can be used.\n"


@pytest.mark.parametrize(
    ("publishers", "why"),
    [
        ("kafka://h", "line 5: publisher of sink keep: kafka://h: Kafka is not spoken here"),
        ("what://h", "line 5: publisher of sink keep: there is no publisher of samples 'what'"),
        ("http://", "a host is needed"),
        ("notifier://?topic=notifications", "its messages would come back to us"),
    ],
)
def test_it_says_what_is_wrong(
    tmp_path: Path, publishers: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        printed("pipeline", "check", "--samples", written(tmp_path, f'"{publishers}"'))
    assert ended.value.code == 1
    assert why in capsys.readouterr().err


def test_it_walks_samples_through(tmp_path: Path, settings: LazySettings) -> None:
    lines = [
        {
            "counter_name": "cpu", "counter_type": "cumulative", "counter_unit": "ns",
            "counter_volume": volume, "resource_id": "vm", "timestamp": f"2026-03-01T00:0{n}:00",
        }
        for n, volume in enumerate((0, 30e9))
    ]  # fmt: skip
    (tmp_path / "lines").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    said = printed("pipeline", "try", "--lines", str(tmp_path / "lines")).splitlines()
    assert said[said.index("cpu_sink: rate_of_change") + 1] == (
        "  cpu_util gauge 50 % of vm at 2026-03-01T00:01:00+00:00"
    )
    assert said[said.index("cpu_delta_sink: delta") + 1].startswith("  cpu.delta delta 3e+10 ns")


def test_it_says_that_nothing_is_stored(tmp_path: Path) -> None:
    said = printed("pipeline", "check", "--samples", written(tmp_path, '"notifier://"'))
    assert "Nothing of samples is stored here: no sink has database://." in said
