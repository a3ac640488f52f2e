import tseslint from "typescript-eslint";

/** Time, chance and the environment come in through one door each; everywhere else they are a lint error. */
const time = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: "Ask the injected Clock." },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: "Ask the injected Clock.",
  },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: "Ask the injected Ids, or a seed.",
  },
];
const environment = [
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: "Only config.server.ts reads the environment.",
  },
];
/** A door in Remix's bundle has a class of its own (decision 004). */
const errors = [
  {
    selector: "BinaryExpression[operator='instanceof'][right.name='AppError']",
    message: "Ask isAppError: what the services throw was made by another copy of the class.",
  },
];

export default tseslint.config(
  {
    ignores: [
      "node_modules",
      "build",
      "data",
      "coverage",
      "test/output",
      "extensions/*/assets",
      "**/*.js",
      "**/*.mjs",
      ".shopify",
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 50, skipBlankLines: true, skipComments: true }],
      "max-depth": ["error", 3],
      "no-else-return": "error",
      "no-console": "error",
      eqeqeq: ["error", "smart"],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/only-throw-error": "off", // Remix's doors throw Responses
      "@typescript-eslint/unbound-method": "off", // factories return frozen objects of functions that know no `this`
      "@typescript-eslint/require-await": "off", // a port's method is async whether or not this adapter waits
    },
  },
  { files: ["app/**/*.{ts,tsx}"], rules: { "no-restricted-syntax": ["error", ...time, ...environment, ...errors] } },
  {
    files: ["app/config.server.ts", "app/server.ts"],
    rules: { "no-restricted-syntax": ["error", ...time, ...errors] },
  },
  { files: ["app/adapters/sharp/**"], rules: { "max-depth": ["error", 4] } }, // rows, columns, neighbours
  { files: ["app/kernel/clock.ts"], rules: { "no-restricted-syntax": "off" } },
  {
    files: ["**/*.test.ts", "test/**/*.ts"],
    rules: {
      "max-lines": ["error", { max: 350, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": "off",
      "no-restricted-syntax": "off",
      "@typescript-eslint/no-unsafe-assignment": "off", // expect.any and friends
    },
  },
);
