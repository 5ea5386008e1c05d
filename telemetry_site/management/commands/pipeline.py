"""manage.py pipeline: shows the pipelines, checks a file, or tries a sample."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from meters import pipelines as sample_pipelines
from meters.cli.entries import Sampler, sent
from meters.cli.files import STANDARD_INPUT, opened
from meters.cli.lines import LineReader
from meters.samples import Sample
from meters.sinks import load
from meters.trying import walk
from telemetry_site import pipelines
from telemetry_site.core import clock
from telemetry_site.core.cli.command import MeteringCommand
from telemetry_site.core.pipeline.plan import Plan, Sink
from telemetry_site.core.pipeline.reading import SAMPLES
from telemetry_site.core.publishers.address import redacted


class Command(MeteringCommand):
    """`manage.py pipeline show|check|try`"""

    help = (
        "show: the sources and sinks that are in use. check: whether a file can be used, and what "
        "transformers would forget with it. try: walk samples, as they are posted, through the "
        "sinks, and print each step; nothing is stored or sent."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and with which file."""
        parser.add_argument("what", choices=("show", "check", "try"), help="What to do.")
        parser.add_argument("--samples", type=Path, metavar="FILE", help="a pipeline.yaml to check")
        parser.add_argument(
            "--events", type=Path, metavar="FILE", help="an event_pipeline.yaml to check"
        )
        parser.add_argument(
            "--lines", default=STANDARD_INPUT, metavar="FILE",
            help="samples to try, as send_sample reads them; else standard input",
        )  # fmt: skip

    def handle(self, **options: Any) -> None:
        """Do it."""
        files = {kind: options[kind] for kind in pipelines.KINDS}
        work = {"show": self._show, "check": self._check, "try": self._try}
        work[options["what"]](files, options["lines"])

    def _show(self, files: dict[str, Path | None], _: str) -> None:
        for kind in pipelines.KINDS:
            checked = pipelines.check(files[kind] or pipelines.in_use(kind), kind)
            for line in checked.faults if checked.plan is None else shown(kind, checked.plan):
                self.stdout.write(line)

    def _check(self, files: dict[str, Path | None], _: str) -> None:
        faults = []
        for kind in pipelines.KINDS:
            given = files[kind]
            if given is None and any(files.values()):
                continue
            checked = pipelines.check(given or pipelines.in_use(kind), kind)
            faults += checked.faults
            if checked.plan and not pipelines.stores(checked.plan):
                self.stdout.write(f"Nothing of {kind} is stored here: no sink has database://.")
            if kind == SAMPLES and given and checked.plan:
                for line in pipelines.forgotten(checked.plan):
                    self.stdout.write(f"It would forget what it remembers: {line}.")
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise SystemExit(1)
        self.stdout.write("The pipelines can be used.")

    def _try(self, files: dict[str, Path | None], lines: str) -> None:
        sinks = load(files[SAMPLES] or sample_pipelines.file())
        units = [[sample] for sample in _samples(lines)]
        for walked in walk(sinks, units, sample_pipelines.terms(clock.now())):
            self.stdout.write(f"{walked.sink}: {walked.step}")
            for sample in walked.samples:
                self.stdout.write(f"  {_line(sample)}")
            if not walked.samples:
                self.stdout.write("  nothing")


def shown(kind: str, plan: Plan) -> Iterator[str]:
    """A plan in lines."""
    yield f"{kind}: {plan.file}"
    for source in plan.sources:
        yield f"  source {source.name}: {', '.join(source.rules)} -> {', '.join(source.sinks)}"
    for sink in plan.sinks:
        yield f"  sink {sink.name}: {_steps(sink)}"


def _steps(sink: Sink) -> str:
    steps = [step.name for step in sink.steps]
    return " -> ".join([*steps, ", ".join(redacted(url) for url in sink.publishers)])


def _samples(file: str) -> list[Sample]:
    """Those of JSON lines; each is a delivery of its own."""
    reader = LineReader(Sampler(sent(settings.TELEMETRY["SAMPLE_SOURCE"]), clock.now()))
    with opened(file) as stream:
        return [sample for _, sample in reader.samples(stream)]


def _line(sample: Sample) -> str:
    unit = f" {sample.unit}" if sample.unit else ""
    at = sample.timestamp.isoformat()
    return f"{sample.meter} {sample.type} {sample.volume:g}{unit} of {sample.resource} at {at}"
