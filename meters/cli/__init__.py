"""What the metering commands share: reading their options, asking, printing, sending."""
