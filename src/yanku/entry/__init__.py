"""The doors: decode, call a flow, encode."""
