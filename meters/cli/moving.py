"""Samples as lines of a file for another store: all that they are, as it is stored."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias, cast

import msgspec

from meters.api.wire import OldSample, old_sample
from meters.cli.cells import quoted, to_cell
from meters.cli.entries import Sampler
from meters.cli.lines import LineReader
from meters.cli.rows import RowReader
from meters.samples import Sample

Form: TypeAlias = Literal["jsonl", "csv"]
FORMS: tuple[Form, ...] = ("jsonl", "csv")
AT_ONCE = 1000
END = "\r\n"  # of a line of CSV, by RFC 4180

_encode_lines = msgspec.json.Encoder().encode_lines


def form_of(file: str | None, given: str | None) -> Form:
    """The form that was asked for, else that of the file's name, else lines of JSON.

    >>> form_of("samples.csv", None), form_of("samples.csv", "jsonl"), form_of(None, None)
    ('csv', 'jsonl', 'jsonl')
    """
    ending = Path(file or "").suffix.lower().removeprefix(".")
    return cast(Form, given or (ending if ending in FORMS else FORMS[0]))


def reader_of(form: Form, sampler: Sampler) -> LineReader | RowReader:
    """What reads lines in this form."""
    return RowReader(sampler) if form == "csv" else LineReader(sampler)


def export(
    samples: Iterable[Sample], form: Form, out: BinaryIO, watch: Callable[[int], None]
) -> int:
    """Write all samples, in UTF-8; how many. `watch` hears of each thousand."""
    done, rest = 0, iter(samples)
    lines = _json
    if form == "csv":
        lines = _csv
        out.write(f"{','.join(OldSample.__struct_fields__)}{END}".encode())
    while some := list(islice(rest, AT_ONCE)):
        out.write(lines([old_sample(sample, msgspec.Raw) for sample in some]))
        done += len(some)
        watch(done)
    return done


def _json(samples: Sequence[OldSample]) -> bytes:
    return _encode_lines(samples)


def _csv(samples: Sequence[OldSample]) -> bytes:
    return "".join(map(_row, samples)).encode()


def _row(sample: OldSample) -> str:
    """The cells in the order of the fields; repr writes a float so that it reads back the same."""
    volume, recorded = sample.counter_volume, sample.recorded_at
    cells = (
        to_cell(sample.source),
        to_cell(sample.counter_name),
        sample.counter_type,
        to_cell(sample.counter_unit),
        "" if volume is None else repr(volume),
        to_cell(sample.user_id),
        to_cell(sample.project_id),
        to_cell(sample.resource_id),
        sample.timestamp.isoformat(),
        "" if recorded is None else recorded.isoformat(),
        quoted(bytes(sample.resource_metadata).decode()),
        str(sample.message_id),
    )
    return ",".join(cells) + END
