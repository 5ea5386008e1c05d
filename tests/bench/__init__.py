"""Measures the hot paths, each as a ratio of two things done in the same run."""
