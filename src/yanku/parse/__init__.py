"""Bytes to Document: each parsing library is named in exactly one file."""
