"""Template tags of the metering pages."""
