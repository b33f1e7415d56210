"""One verb a file, each with ``main(argv) -> exit code``."""
