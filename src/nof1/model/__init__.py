"""Pure mathematics between the data and the engines: exposure, recall windows, `ModelInput`."""
