"""What the issue promises about speed, memory and resuming, measured side by side."""
