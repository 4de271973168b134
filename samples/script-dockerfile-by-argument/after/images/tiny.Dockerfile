FROM golang:1.22 AS builder
WORKDIR /src
COPY go.mod hello.go ./
RUN CGO_ENABLED=0 go build -o /out/hello .

FROM scratch AS production
COPY --from=builder /out/hello /hello
CMD ["/hello"]
