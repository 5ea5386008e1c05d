"""Samples as clients post them: read fast or with care, completed, and answered."""
