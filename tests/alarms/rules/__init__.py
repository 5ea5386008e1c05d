"""Tests of the rules of alarms."""
