"""The trial folder: log, recording, locking, unsealing, and scores from other people's files."""
