# docker run --rm --read-only --network none --cap-drop ALL -v /etc:/host/etc:ro \
#     glance-audit --root /host /etc/apache2            (docs/ci.md says more)
FROM python:3.13-slim-trixie AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY tools/constraints.txt tools/constraints.txt
COPY glance_audit glance_audit
COPY rules rules
COPY man man
RUN ["python", "-m", "venv", "/opt/glance-audit"]
# hadolint ignore=DL3059
RUN ["/opt/glance-audit/bin/python", "-m", "pip", "install", "--no-cache-dir", "--constraint", "tools/constraints.txt", ".[cross-check]"]

FROM python:3.13-slim-trixie
LABEL org.opencontainers.image.title="glance-audit" \
      org.opencontainers.image.description="A linter and auditor for OpenStack Glance behind Apache HTTPD and uWSGI" \
      org.opencontainers.image.documentation="https://glance-audit.readthedocs.io/en/latest/" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/glance-audit /opt/glance-audit
# What is installed is compiled already, and the file system may be read-only.
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUTF8=1
# A number, so that Kubernetes can tell that it is not root; nobody's.
USER 65534:65534
WORKDIR /host
ENTRYPOINT ["/opt/glance-audit/bin/glance-audit"]
CMD ["--help"]
