# The serving image: it answers scores from a bundle, and holds nothing that learns or keeps records of children.
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
    && /opt/venv/bin/python -m compileall -q /opt/earlyid

FROM ${BASE_IMAGE}
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/earlyid /opt/earlyid
# A lawful gateway expires at midnight in England, and containers keep another time unless they are told.
# The last two: nothing that works on children's records tells anyone that it is being used.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/opt/earlyid \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    TZ=Europe/London \
    DO_NOT_TRACK=true \
    OTEL_SDK_DISABLED=true
# A number, because an orchestrator that forbids root cannot tell what a name stands for.
USER 10001:10001
EXPOSE 8000
# A proxy that the environment names is not asked the way to this container itself.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["/opt/venv/bin/python", "-I", "-c", \
    "from urllib.request import *; build_opener(ProxyHandler({})).open('http://127.0.0.1:8000/readyz', timeout=4)"]
# Until callers are authenticated it listens on loopback only: no published port reaches it. Its caller shares its
# network namespace, as in a pod. The bundle is mounted read-only at /bundle, and a refused one ends the container.
ENTRYPOINT ["earlyid"]
CMD ["serve", "--bundle", "/bundle"]
