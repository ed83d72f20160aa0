import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ContainerRuntimeClient } from "testcontainers";
import { REFUSED_CALLS } from "./refused-calls.ts";

/**
 * The refused calls as runtimes of containers read them. A profile takes the place of the runtime's
 * own: neither can be added to, and Podman's allows user namespaces. What those refuse beside these
 * calls needs a capability, of which a build has none and gains none, or is refused because rarely
 * used parts of the kernel have had flaws. Builds under bubblewrap may make such calls as well.
 */
const PROFILE = JSON.stringify({
  defaultAction: "SCMP_ACT_ALLOW",
  // Whoever calls in the manner of another is killed.
  architectures: ["SCMP_ARCH_X86_64"],
  syscalls: REFUSED_CALLS.map(({ name, first, errno }) => ({
    names: [name],
    action: "SCMP_ACT_ERRNO",
    errnoRet: errno,
    args: first
      ? [{ index: 0, op: "SCMP_CMP_MASKED_EQ", value: first.mask, valueTwo: first.value }]
      : [],
  })),
});

/**
 * The option with which a container is refused these calls. Docker takes the profile itself, Podman
 * the path of a file.
 * @param folder for that file, which is read whenever a container is made
 */
export async function callProfileOption(
  { container: { dockerode } }: ContainerRuntimeClient,
  folder: string,
): Promise<string> {
  const { Components } = await dockerode.version();
  if (!Components.some(({ Name }) => Name === "Podman Engine")) return `seccomp=${PROFILE}`;
  const path = join(folder, "seccomp.json");
  await writeFile(path, PROFILE);
  return `seccomp=${path}`;
}
