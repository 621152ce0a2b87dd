# A worker with the support desk, as an application's own image would have its code. Temporal's SDK needs glibc: no Alpine.
FROM node:20-bookworm-slim
WORKDIR /app
COPY package.json package-lock.json tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm ci
COPY examples ./examples
RUN mkdir /data && chown node /data
USER node
ENV NODE_ENV=production
CMD ["node", "dist/cli/bin.js", "worker", "--config", "examples/support-desk/baton.config.ts"]
