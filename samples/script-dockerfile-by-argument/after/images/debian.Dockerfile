FROM golang:1.22 AS builder
WORKDIR /src
COPY go.mod hello.go ./
RUN CGO_ENABLED=0 go build -o /out/hello .

FROM debian:bookworm-slim AS production
COPY --from=builder /out/hello /usr/local/bin/hello
CMD ["hello"]
