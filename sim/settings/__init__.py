"""YAML loading, positions, errors and the Parameter type; knows no domain."""
