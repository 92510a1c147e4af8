"""Places, services, providers, population and travel; the data tables stand beside them."""
