"""The agents' rules, one module for each phase of the month."""
