"""Samples that notifications carry: by definitions in YAML, and by code where YAML does not do."""
