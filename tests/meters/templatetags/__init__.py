"""Tests of how the pages write numbers and times."""
