"""Pure functions on counts: access, variation, time, cost; usable without the model."""
