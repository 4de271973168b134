FROM node:20-slim
WORKDIR /app
COPY dist/worker .
COPY queue.json .
CMD ["node", "main.js"]
