"""Run the command line as ``python -m nof1``."""

from nof1.cli import main

if __name__ == "__main__":
    main()
