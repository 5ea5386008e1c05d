"""What every part of the REST API shares: errors, media types, parameters."""
