"""The tables of samples that are split by time."""

from telemetry_site.core.storage.table import Table

SAMPLES = Table("sample", "timestamp", "day")
HOURS = Table("rollup_hour", "start", "month")
DAYS = Table("rollup_day", "start", "year")
TABLES = (SAMPLES, HOURS, DAYS)
