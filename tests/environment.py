"""Loaded before Django's settings: a data folder of our own that goes when the tests end."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "TELEMETRY_TEST_DATA_DIR" not in os.environ:
    os.environ["TELEMETRY_TEST_DATA_DIR"] = tempfile.mkdtemp(prefix="telemetry-test-")
    atexit.register(shutil.rmtree, os.environ["TELEMETRY_TEST_DATA_DIR"], ignore_errors=True)

# It is for the tests: the programs that they start would wonder what this setting is.
RECORDED = "RECORDED_NOTIFICATIONS"
if f"TELEMETRY_{RECORDED}" in os.environ:
    os.environ[RECORDED] = os.environ[f"TELEMETRY_{RECORDED}"]

KEPT = {"TELEMETRY_DATABASE_URL", "TELEMETRY_TEST_DATA_DIR"}
for name in [name for name in os.environ if name.startswith("TELEMETRY_") and name not in KEPT]:
    del os.environ[name]
os.environ["TELEMETRY_DATA_DIR"] = os.environ["TELEMETRY_TEST_DATA_DIR"]
(Path(os.environ["TELEMETRY_DATA_DIR"]) / "static").mkdir(exist_ok=True)  # as `up` leaves it
