FROM golang:1.22
WORKDIR /src
COPY go.mod hello.go ./
RUN CGO_ENABLED=0 go build -o /out/hello .
