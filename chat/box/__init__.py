"""What stands in the question box beside the question: model, scope, settings, saved texts."""
