#!/bin/sh
set -eu

docker build -t almanac-build -f - . <<'END'
FROM golang:1.22
WORKDIR /src
COPY go.mod almanac.go ./
# Static, so that it runs without a libc.
RUN CGO_ENABLED=0 go build -o /out/almanac .
END

docker create --name almanac-files almanac-build
docker cp almanac-files:/out/almanac almanac
docker rm almanac-files

docker build -t almanac -f - . <<'END'
FROM alpine:3.19
COPY almanac /usr/bin/almanac
CMD ["almanac"]
END
rm almanac
