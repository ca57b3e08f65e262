"""Runs the command line as ``python -m yanku.entry.cli``."""

from yanku.entry.cli.main import main

if __name__ == "__main__":
    main()
