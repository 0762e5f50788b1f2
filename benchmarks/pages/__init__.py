"""Pages that are measured: run by Streamlit."""
