"""What a training run leaves in MLflow: the only package that knows it."""
