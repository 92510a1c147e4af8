"""The Mesa model: wires the world to the phases, nothing else."""
