"""The words for a project and a town, whoever shows them."""
