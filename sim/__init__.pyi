from sim.report.experiment import Experiment as Experiment
from sim.report.experiment import Made as Made
from sim.settings.problem import ConfigError as ConfigError
from sim.specification.load import load_study as load_study
from sim.world.tables import DataError as DataError

__version__: str
