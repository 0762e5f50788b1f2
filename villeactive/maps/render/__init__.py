"""A drawn map as a file: SVG, PNG, PDF, native slides."""
