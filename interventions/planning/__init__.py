"""Many interventions and crews at once: a problem, a solver, and a plan that a person accepts, whole or in part."""
