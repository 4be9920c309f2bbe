"""What the people who run the service see of it and set: settings, logs, counts and traces; never a child."""
