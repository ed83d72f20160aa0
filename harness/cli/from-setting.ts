import { XenloopError } from "../base/error.ts";
import { ConfigInvalid } from "../config/errors.ts";
import type { SettingName } from "../config/settings.ts";
import type { CliContext } from "./context.ts";

/**
 * Uses a setting; what is wrong with it is told with the line or variable that says it, since
 * nothing of it stands on the command line.
 * @param codes of the errors that can only be the setting's fault
 * @throws ConfigInvalid in place of them
 */
export async function fromSetting<T>(
  ctx: CliContext,
  name: SettingName,
  codes: readonly string[],
  use: () => T | Promise<T>,
): Promise<T> {
  try {
    return await use();
  } catch (error) {
    const origin = (await ctx.settings()).origins[name];
    const isTyped = origin === "default" || origin.startsWith("--");
    if (isTyped || !(error instanceof XenloopError) || !codes.includes(error.code)) throw error;
    throw new ConfigInvalid([{ where: origin, what: `${name}: ${error.message}` }], error.hint);
  }
}
