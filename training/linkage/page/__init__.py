"""The link report as a page that needs nothing else: sections, tables and drawings."""
