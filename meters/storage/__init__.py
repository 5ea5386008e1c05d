"""Where samples are kept: one interface, one file for each database."""
