"""Run the command line with ``python -m sim``."""

from sim.cli.app import main

if __name__ == "__main__":
    main()
