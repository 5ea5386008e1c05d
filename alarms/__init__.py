"""Alarms: rules over what is stored, and what follows from them."""
