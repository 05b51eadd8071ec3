# The program alone, without the sandbox, as a user without rights, on a root file system that may be read-only.
#   docker build -t preau .
#   docker run --read-only --tmpfs /tmp -e PREAU__TELEGRAM__TOKEN=… -v preau:/data preau
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY .ci/image .ci/image
COPY config config
COPY locales locales
COPY migrations migrations
COPY src src
# Cargo.toml names the test binary and three benchmarks: empty ones are enough here.
RUN mkdir -p tests/it tests/bench && touch tests/it/main.rs \
    && echo 'fn main() {}' >tests/bench/sheet.rs && echo 'fn main() {}' >tests/bench/answers.rs \
    && echo 'fn main() {}' >tests/bench/import.rs \
    && cargo build --release --locked --no-default-features --bin preau \
    && sh .ci/image tree target/release/preau /image

# Nothing but the program and its libraries; `.ci/run` starts the same tree where no Docker is.
FROM scratch
COPY --from=build /image /
COPY --from=build --chown=10001:10001 /image/data /data
USER 10001:10001
WORKDIR /data
VOLUME /data
ENV PREAU__DATABASE__URL=sqlite:///data/preau.db \
    PREAU__FILES__FOLDER=/data/files \
    PREAU__SECRETS__KEY_FILE=/data/secrets.key \
    PREAU__LOG__FORMAT=json
# The binary asks its own /healthz: no other program is needed in here.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["/usr/local/bin/preau", "check", "--health"]
# SIGTERM stops within five seconds.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/preau"]
CMD ["run"]
