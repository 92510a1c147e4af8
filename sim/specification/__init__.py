"""The regime, scenario and study schemas, assembled from every mechanism's parameters."""
