# syntax=docker/dockerfile:1

# The image of the app: the project's own sources, which Node runs as they are, beside the built pages. What builds them
# stays behind in the stages above.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
ENV CHECKPOINT_DISABLE=1 PRISMA_HIDE_UPDATE_MESSAGE=1
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run generate && npm run build

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
# Prisma's command line and what only it needs come along as peers of the session storage. Migrations are applied by the
# app itself, so nothing asks for them at run time.
RUN cd node_modules && rm -rf .bin prisma effect typescript \
  @prisma/config @prisma/engines @prisma/engines-version @prisma/fetch-engine @prisma/get-platform
COPY --from=build /app/node_modules/.prisma node_modules/.prisma

FROM ${NODE_IMAGE} AS app
# npm is for whoever builds; the app is started without it, so that SIGTERM reaches Node itself.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn* \
  && mkdir -p /data && chown node:node /data
WORKDIR /app
# What a decoded photo took, or a piece of 64 kB of one on its way, is given back to the system and not kept for the next
# one: a small container needs it for both.
ENV NODE_ENV=production DATA_DIR=/data MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=65536
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/package.json package.json
COPY --from=build /app/prisma/migrations prisma/migrations
COPY --from=build /app/build build
COPY --from=build /app/app app
COPY --from=build /app/scripts/doctor.ts scripts/doctor.ts
# The sources are root's: a process that is broken into cannot change what it runs.
USER node
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "app/server.ts"]
