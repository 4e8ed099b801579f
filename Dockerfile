# The service alone: it expects NEO4J_URI, so neither Java nor Neo4j nor anything for development is inside.
FROM python:3.13-slim AS build
WORKDIR /build
RUN python -m venv /opt/graphsvc
COPY requirements.service.lock .
RUN /opt/graphsvc/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes --requirement requirements.service.lock
COPY pyproject.toml README.md ./
COPY api api
COPY cypher cypher
COPY graphsvc graphsvc
RUN /opt/graphsvc/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home --home-dir /var/lib/graphsvc graphsvc
COPY --from=build /opt/graphsvc /opt/graphsvc
COPY examples /opt/graphsvc/examples
ENV PATH=/opt/graphsvc/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    GRAPHSVC_HOME=/var/lib/graphsvc/home \
    GRAPHSVC_LISTEN=0.0.0.0:8080
USER graphsvc
WORKDIR /var/lib/graphsvc
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/readyz', timeout=4).read()"]
CMD ["graphsvc", "serve"]
