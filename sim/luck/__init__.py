"""Keyed draws: luck belongs to whoever it is about, never to an order or a place in a list."""
