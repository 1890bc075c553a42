"""What a person can do, as functions: `desk` first, plain values back, no Qt."""
