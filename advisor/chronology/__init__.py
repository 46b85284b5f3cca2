"""A case as dated events with who knew of them since when, and the snapshots that follow."""
