FROM node:20
ARG VERSION
WORKDIR /src
COPY src ./src
RUN mkdir -p dist/server dist/worker \
 && sed "s/@VERSION@/${VERSION:-none}/" src/server.js > dist/server/main.js \
 && sed "s/@VERSION@/${VERSION:-none}/" src/worker.js > dist/worker/main.js
