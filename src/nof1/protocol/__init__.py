"""What is promised before the first dose: one validated, frozen type read from a TOML file."""
