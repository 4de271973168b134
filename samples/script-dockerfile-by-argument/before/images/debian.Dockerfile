FROM debian:bookworm-slim
COPY hello /usr/local/bin/hello
CMD ["hello"]
