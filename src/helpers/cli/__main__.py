import sys

from helpers.cli.ingest import main

sys.exit(main(sys.argv[2:]))
