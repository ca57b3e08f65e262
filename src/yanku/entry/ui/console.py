"""Puts the console on the server's application."""

from __future__ import annotations

from fastapi import FastAPI


def add_console(app: FastAPI) -> None:
    """Serve the console's pages beside what the application serves already."""
