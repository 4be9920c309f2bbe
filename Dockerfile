# The serving image: it answers scores by what its ledger says is live, and holds nothing that learns.
ARG BASE_IMAGE=python:3.12-slim-bookworm

FROM ${BASE_IMAGE} AS build
# For a network that has a package index of its own; left out, pip asks its usual one.
ARG PIP_INDEX_URL
# pip gets an environment of its own, so that the one that serves has no means to install anything.
# Wheels only: nothing that is downloaded runs while the image is built.
COPY requirements-serve.lock /build/
RUN python3 -m venv /build/pip \
    && python3 -m venv --without-pip /opt/venv \
    && /build/pip/bin/pip --python /opt/venv/bin/python install \
        --no-cache-dir --only-binary :all: --require-hashes -r /build/requirements-serve.lock
# The code is copied, not installed: the tool that would build its wheel is not in the serving lock.
COPY earlyid.py LICENSE /opt/earlyid/
# Of the audit what draws a pack from what a bundle tells; what computes one is code without its libraries.
COPY fairness /opt/earlyid/fairness
COPY models /opt/earlyid/models
COPY service /opt/earlyid/service
# Compiled here, since the user below may write nothing; readable by that user whatever the modes of the checkout.
RUN printf '#!/opt/venv/bin/python\nfrom earlyid import main\n\nmain()\n' >/opt/venv/bin/earlyid \
    && chmod 755 /opt/venv/bin/earlyid \
    && chmod -R a+rX /opt/earlyid \
    && mkdir -m 700 /build/state \
    && /opt/venv/bin/python -m compileall -q /opt/earlyid

FROM ${BASE_IMAGE}
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/earlyid /opt/earlyid
# Mount a volume here: the record, the releases and the keys outlive the container (docs/running.md).
COPY --from=build --chown=10001:10001 /build/state /state
# A lawful gateway expires at midnight in England, and containers keep another time unless they are told.
# Every other setting has its sentence in docs/running.md. Nothing that works on children's records tells anyone that it is being used.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/opt/earlyid \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    TZ=Europe/London \
    MALLOC_ARENA_MAX=2 \
    DO_NOT_TRACK=true \
    EARLYID_HOME=/state \
    EARLYID_HOST=0.0.0.0
# A number, because an orchestrator that forbids root cannot tell what a name stands for.
USER 10001:10001
EXPOSE 8000
# A proxy that the environment names is not asked the way to this container itself.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["/opt/venv/bin/python", "-I", "-c", \
    "from urllib.request import *; build_opener(ProxyHandler({})).open('http://127.0.0.1:8000/readyz', timeout=4)"]
# Callers say who they are, so it listens on every address of the container; a proxy before it ends TLS. Without clients, keys or an
# authority file in /state it refuses to start, in one line. To evaluate a bundle, in the network of its caller alone:
# serve --bundle /bundle --host 127.0.0.1
ENTRYPOINT ["earlyid"]
CMD ["serve"]
