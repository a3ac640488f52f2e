/**
 * The walls of the house, as a test: who may import whom. Each rule says why; docs/decisions/ has the long form.
 */
const concepts = "photos|cutouts|styles|painters|gallery|quota|ledger|experiments|telemetry";
const stories = "portraits|orders|privacy|watch";
const wall = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

export default {
  forbidden: [
    wall(
      "no-circles",
      "A circle has no place to start reading.",
      {},
      { circular: true, dependencyTypesNot: ["type-only"] },
    ),
    wall(
      "kernel-imports-nothing",
      "Words that everyone speaks depend on nobody.",
      { path: "^app/kernel/", pathNot: "\\.test\\.ts$" },
      { path: "^(app/(?!kernel/)|node_modules/)" },
    ),
    wall(
      "concepts-stay-apart",
      "A concept knows itself and the kernel; stories introduce concepts to each other.",
      { path: `^app/(${concepts})/`, pathNot: "\\.test\\.ts$" },
      { path: "^app/", pathNot: "^app/(kernel|$1)/" },
    ),
    wall(
      "stories-know-no-technology",
      "A story is told in concepts and ports.",
      { path: `^app/(${stories})/`, pathNot: "\\.test\\.ts$" },
      { path: "^app/", pathNot: `^app/(kernel|${concepts}|${stories})/` },
    ),
    wall(
      "sdks-live-in-adapters",
      "An SDK that is imported elsewhere is an SDK that cannot be replaced.",
      { path: "^app/", pathNot: "^app/(adapters/|shopify\\.server\\.ts|remix-build\\.ts|server\\.ts|.*\\.test\\.ts$)" },
      {
        path: "node_modules/(sharp|piscina|pg|pg-boss|@prisma|pino|@electric-sql|@google|@google-cloud)/",
        dependencyTypesNot: ["type-only"],
      },
    ),
    wall(
      "adapters-stay-apart",
      "An adapter fills a port; it never leans on another adapter.",
      { path: "^app/adapters/([^/]+)/", pathNot: "\\.test\\.ts$" },
      {
        path: "^app/",
        pathNot: `^app/(kernel|${concepts}|${stories}|http|adapters/$1)/`,
        dependencyTypesNot: ["type-only"],
      },
    ),
    wall(
      "doors-are-thin",
      "A door authenticates, parses, calls one story and answers; the stories come in the house.",
      { path: "^app/routes/", pathNot: "\\.test\\.tsx?$" },
      { path: "^app/(adapters|wiring|server|config)", dependencyTypesNot: ["type-only"] },
    ),
    wall(
      "http-and-ui-know-types-only",
      "What doors share must not carry the house into Remix's bundle a second time.",
      { path: "^app/(http|ui)/", pathNot: "\\.test\\.tsx?$" },
      { path: "^app/", pathNot: "^app/(kernel|http|ui)/", dependencyTypesNot: ["type-only"] },
    ),
    wall(
      "one-wiring",
      "A second import of the wiring is a second house.",
      { path: "^app/", pathNot: "^app/(server\\.ts$|wiring\\.server\\.ts$|wiring/)" },
      { path: "^app/wiring(\\.server\\.ts$|/)" },
    ),
    wall(
      "nobody-imports-tests",
      "Tests may use everything and nothing may use them.",
      { path: "^(app|extensions|scripts)/", pathNot: "\\.test\\.tsx?$" },
      { path: "^test/" },
    ),
    wall(
      "the-widget-stands-alone",
      "Shoppers download it: itself and the contract's types.",
      { path: "^extensions/" },
      { path: "^(app|node_modules)/", dependencyTypesNot: ["type-only"] },
    ),
    wall(
      "the-widget-has-rooms",
      "What is fetched on its own (crop, result, photo worker) and what others build on must not carry the studio along.",
      { path: "^extensions/[^/]+/src/(cart|crop|page|photo|result|storefront)/" },
      {
        path: "^extensions/[^/]+/src/",
        pathNot: "^extensions/[^/]+/src/($1|page|storefront)/",
        dependencyTypesNot: ["type-only"],
      },
    ),
    wall("nothing-is-missing", "An import that does not resolve.", {}, { couldNotResolve: true, pathNot: "^virtual:" }),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^build/|extensions/[^/]+/assets/)" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".json"],
    },
  },
};
