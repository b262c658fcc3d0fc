# The project in a container, from the lock alone. Two images come of it:
#   docker build --target tools .   what a system needs, for work on a folder of one's own (.devcontainer)
#   docker build .                  the whole: environment, results and book, and JupyterLab on them
FROM debian:bookworm-slim AS tools
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates chromium git less make python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --shell /bin/bash reader
USER reader
ENV LANG=C.UTF-8

FROM tools AS book
WORKDIR /home/reader/compendium
RUN git config --global --add safe.directory /home/reader/compendium
# First what the environment depends on, so that an edit of a page does not install it anew.
COPY --chown=reader:reader Makefile pyproject.toml requirements.lock README.md LICENSE ./
COPY --chown=reader:reader src/helpers/__init__.py src/helpers/
COPY --chown=reader:reader src/helpers/cli/bootstrap.py src/helpers/cli/
RUN make env
COPY --chown=reader:reader . .
RUN make report
EXPOSE 8888
# JupyterLab prints an address with a token; whoever has it can run code in the container.
RUN mkdir -p ~/.jupyter \
    && echo 'c.ServerApp.ip = "0.0.0.0"; c.ServerApp.open_browser = False' > ~/.jupyter/jupyter_server_config.py
CMD ["make", "lab"]
