"""`make bench`: measures every row and writes docs/performance.md and var/bench.json."""

import argparse
import sys

from tests.bench import decoding, posting, rows
from tests.servers import postgres

DURABLE = {"shared_buffers": "2GB", "max_wal_size": "8GB"}
# Rounds, and batches in each: many short ones, since the machine may change its pace.
SIZES = {"small": (11, 20), "full": (25, 60)}


def main() -> int:
    """Runs it all; 1 when a floor was missed."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--keep-page", action="store_true", help="leave docs/performance.md alone")
    arguments = parser.parse_args()
    rounds, batches = SIZES[arguments.size]
    with postgres(DURABLE) as url:
        measured = posting.postgres(url.replace("/telemetry", "/postgres"), rounds, batches)
    measured += posting.sqlite(rounds, batches)
    measured += decoding.rows()
    if not arguments.keep_page:
        rows.write_page(measured)
    sys.stdout.write(f"{rows.machine()}\n\n{rows.table(measured)}\n\n{rows.write_json(measured)}\n")
    return 1 if any(row.ok is False for row in measured) else 0


if __name__ == "__main__":
    sys.exit(main())
