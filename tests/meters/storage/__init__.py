"""The stores, on whichever database is configured."""
