"""`python -m eval`, also reached as `qa eval`."""

from eval.commands.app import main

if __name__ == "__main__":
    main()
