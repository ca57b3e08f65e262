"""The HTTP door: decode, call a flow, encode."""
