# The image of the operator and of every other command of edgetide: the program, the libraries that it
# loads, time zones and certificate authorities, all of Debian; no shell, no package manager, no root.
#
#   docker build -t edgetide:0.1.0 .
#
# scripts/build-image does the same without a Docker engine and without an image registry.
ARG DEBIAN=debian:bookworm-slim

FROM ${DEBIAN} AS build
WORKDIR /src
COPY scripts/lib.sh scripts/
RUN bash -euc '. scripts/lib.sh && apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${build_packages[@]}" ca-certificates >/dev/null'
COPY . .
# What scripts/build-image mounts here makes the next build quick, and has npm believe whom the machine
# believes, as behind a proxy with an authority of its own; it changes nothing in what is built. The
# compiler is told by its content: its file has the time of the commit that is built.
ENV CCACHE_DIR=/var/cache/ccache CCACHE_BASEDIR=/src CCACHE_COMPILERCHECK=content \
    NODE_EXTRA_CA_CERTS=/var/cache/authorities.crt
ARG REVISION=unknown
ARG REVISION_DATE=unknown
RUN cmake --preset release -DBUILD_TESTING=OFF -DEDGETIDE_REVISION="${REVISION}" \
      -DEDGETIDE_REVISION_DATE="${REVISION_DATE}" && \
    cmake --build --preset release --target edgetide
RUN scripts/collect-image build/release/bin/edgetide /image

FROM scratch
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="edgetide" \
      org.opencontainers.image.description="Predictive autoscaler that has streaming edge capacity serving before the viewers arrive" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="debian:bookworm" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /image /
USER 65532:65532
WORKDIR /tmp
ENTRYPOINT ["/usr/bin/edgetide"]
CMD ["--help"]
