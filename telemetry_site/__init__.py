"""The project: puts the apps together; nothing else may import them all.

The Celery app is in `celery.py` and is found by `-A telemetry_site`. It is not imported here: the
command line and the web server send no tasks, and start faster without it.
"""
