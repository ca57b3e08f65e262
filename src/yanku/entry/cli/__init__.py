"""The command line: decode arguments, call the desk, print for people or for programs."""
