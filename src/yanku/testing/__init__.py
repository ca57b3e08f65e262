"""Fakes and conformance suites, shipped with the package."""
