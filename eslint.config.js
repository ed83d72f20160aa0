import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "eslint/config";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

const root = import.meta.dirname;
const boundaries = JSON.parse(readFileSync(join(root, "boundaries.json"), "utf8"));
const areas = ["harness", "reports", "scenarios", "images", "scripts", "test"];

export default defineConfig(
  { ignores: ["node_modules/", "runs/", ".tap/", "coverage/"] },
  {
    files: ["**/*.{js,ts}"],
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "max-lines": ["error", { max: 400 }],
      "no-restricted-syntax": [
        "error",
        {
          selector: "Property[key.name='shell'] > Literal[value=true]",
          message: "Pass an argv array; a shell would split and expand it again.",
        },
      ],
    },
  },
  {
    files: ["**/*.ts"],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: root },
    },
    plugins: { "@typescript-eslint": tseslint.plugin, "import-x": importX },
    settings: {
      "import-x/extensions": [".ts"],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
      "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".js", ".json"] })],
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
      "import-x/no-cycle": ["error", { ignoreExternal: true }],
      "import-x/no-restricted-paths": ["error", { basePath: root, zones: zones() }],
    },
  },
  {
    // tap's t.test() returns a promise that the runner itself awaits.
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-floating-promises": [
        "error",
        { allowForKnownSafeCalls: [{ from: "package", name: "test", package: "@tapjs/test" }] },
      ],
    },
  },
  ...areas.map((area) => restrictedImports(`${area}/**/*.ts`, area)),
  ...Object.values(boundaries.packages)
    .flatMap(({ only }) => only)
    .filter((path) => path.endsWith(".ts"))
    .map((path) => restrictedImports(path, path)),
);

/** Which folders may not be imported from where: layers only look to their left. */
function zones() {
  const { layers, folders, reportsImportedBy } = boundaries;
  const ofLayers = layers.map((layer, i) => ({
    target: `./harness/${layer}`,
    from: [
      ...layers.slice(i + 1).map((later) => `./harness/${later}`),
      ...["scenarios", "images", "test", "scripts"].map((folder) => `./${folder}`),
      ...(reportsImportedBy.includes(layer) ? [] : ["./reports"]),
    ],
    message: ` harness/${layer} imports only ${layers.slice(0, i + 1).join(", ")}; see boundaries.json.`,
  }));
  const ofFolders = Object.entries(folders).flatMap(([folder, { harness }]) => {
    const message = ` ${folder}/ imports only itself and harness/{${harness.join(",")}}; see boundaries.json.`;
    const others = areas.filter((area) => area !== folder && area !== "harness");
    return [
      {
        target: `./${folder}`,
        from: "./harness",
        except: harness.map((path) => `./${path}`),
        message,
      },
      { target: `./${folder}`, from: others.map((area) => `./${area}`), message },
    ];
  });
  return [...ofLayers, ...ofFolders];
}

/** Which packages the files of `glob` may not import; `place` is the area or file they lie in. */
function restrictedImports(glob, place) {
  const area = place.split("/")[0];
  const paths = Object.entries(boundaries.packages)
    .filter(([, { only }]) => !only.includes(place) && !only.includes(area))
    .map(([name, { why }]) => ({ group: [name, `${name}/*`], message: why }));
  const allowed = boundaries.folders[area]?.packages;
  const closed = allowed && {
    regex: `^(?!\\.|node:|(${["#none", ...allowed].join("|")})(/|$))`,
    message: `${area}/ imports only these packages: ${allowed.join(", ") || "none"}.`,
  };
  return {
    files: [glob],
    rules: {
      "no-restricted-imports": ["error", { patterns: closed ? [...paths, closed] : paths }],
    },
  };
}
