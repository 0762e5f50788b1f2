"""A drawn map as data: what stands where on a page."""
