FROM node:20
WORKDIR /app
COPY package.json build.js ./
COPY src ./src
RUN node build.js

# The context of the image that ships.
COPY Dockerfile.site /app/site/Dockerfile
CMD ["tar", "-cf", "-", "-C", "/app/site", "."]
