FROM node:20-slim
WORKDIR /app
COPY dist/server .
USER node
EXPOSE 3000
CMD ["node", "main.js"]
