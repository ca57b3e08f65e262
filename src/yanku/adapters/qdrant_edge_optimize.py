"""A child process that optimizes one shard, run with ``python -m`` and the shard's folder."""

from __future__ import annotations

import os
import sys

import qdrant_edge as edge


def main() -> None:
    """Optimize the shard at the path given, at low priority, and leave it closed."""
    os.nice(10)
    shard = edge.EdgeShard.load(sys.argv[1])
    shard.optimize()
    shard.flush()
    shard.close()


if __name__ == "__main__":
    main()
