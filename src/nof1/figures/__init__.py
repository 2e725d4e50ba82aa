"""Pictures of finished results; each has marks to be tested and one sentence that says the same."""
