"""Collections of projects: their model and its readers."""
