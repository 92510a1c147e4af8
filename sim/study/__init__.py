"""From a study file to runs to a store."""
