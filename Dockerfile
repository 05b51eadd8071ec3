# The program alone, without the sandbox, as a user without rights.
#   docker build -t preau .
#   docker run -e PREAU__TELEGRAM__TOKEN=… -v preau:/data preau
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY config config
COPY locales locales
COPY migrations migrations
COPY src src
# Cargo.toml names the test binary: an empty one is enough here.
RUN mkdir -p tests/it && touch tests/it/main.rs \
    && cargo build --release --locked --no-default-features --bin preau

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /data --create-home --shell /usr/sbin/nologin preau
COPY --from=build /src/target/release/preau /usr/local/bin/preau
USER preau
WORKDIR /data
VOLUME /data
ENV PREAU__DATABASE__URL=sqlite:///data/preau.db \
    PREAU__FILES__FOLDER=/data/files \
    PREAU__LOG__FORMAT=json
# The binary asks its own /healthz: no other program is needed in here.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["preau", "check", "--health"]
# SIGTERM stops within five seconds.
STOPSIGNAL SIGTERM
ENTRYPOINT ["preau"]
CMD ["run"]
