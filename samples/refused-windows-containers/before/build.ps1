$ErrorActionPreference = "Stop"

docker build -t ledger-build -f build.Dockerfile .
docker create --name ledger-files ledger-build
docker cp ledger-files:C:\src\out .\out
docker rm ledger-files
docker build -t ledger .
