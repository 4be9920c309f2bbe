"""What may be told of an audit: everything that people read of groups has passed through here."""
