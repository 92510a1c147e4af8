"""Simulate who commissions specialised health services, and what that does to access and cost."""

__version__ = "0.1.0"
