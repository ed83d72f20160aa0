import type { CliContext } from "../context.ts";

export async function run(ctx: CliContext): Promise<number> {
  const { configJsonSchema } = await import("../../config/schema.ts");
  ctx.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  return 0;
}
