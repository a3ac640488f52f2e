import { defineConfig } from "prisma/config";

/**
 * For Prisma's command line only (`generate`, `migrate diff`, `migrate dev`); the app never reads it. The JavaScript
 * schema engine needs no download. What it connects to is an empty database in memory: the app applies its migrations
 * itself at start, on whichever database it runs.
 */
export default defineConfig({
  schema: "prisma/schema.prisma",
  experimental: { adapter: true },
  engine: "js",
  adapter: async () => {
    const { PGlite } = await import("@electric-sql/pglite");
    const { PrismaPg } = await import("@prisma/adapter-pg");
    const { PoolOfOne } = await import("./app/adapters/prisma/pool-of-one.ts");
    return new PrismaPg(new PoolOfOne(new PGlite()));
  },
});
