"""Paired differences between regimes and their verdicts."""
