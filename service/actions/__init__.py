"""What each route does: from a call to a reply, with no HTTP but the names of headers and statuses."""
