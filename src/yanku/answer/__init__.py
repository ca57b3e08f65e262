"""Prompt, citations, the check of every number, declining."""
