import { createReadStream } from "node:fs";
import type { ContainerRuntimeClient } from "testcontainers";
import { ContainerImageWrong } from "./errors.ts";

const REPOSITORY = "localhost/xenloop-builder";

interface Progress {
  id?: string;
  status?: string;
}

/** A root file system as the only layer of an image. */
export interface RootArchive {
  /** Names it. */
  key: string;
  tar: string;
  sha256: string;
}

/**
 * The image of a root file system, imported where the runtime lacks it: no registry is asked. Its
 * layer's digest is that of the archive, which makes it what the lock says.
 * @throws ContainerImageWrong when the runtime has something else under its name
 */
export async function ensureContainerImage(
  { container: { dockerode } }: ContainerRuntimeClient,
  { key, tar, sha256 }: RootArchive,
): Promise<string> {
  const tag = key.slice(0, 24);
  const name = `${REPOSITORY}:${tag}`;
  const wanted = `sha256:${sha256}`;
  const layers = async (): Promise<string[] | undefined> => {
    const info = await dockerode
      .getImage(name)
      .inspect()
      .catch(() => undefined);
    return info?.RootFS.Layers ?? undefined;
  };
  if ((await layers())?.join() === wanted) return name;
  const stream = await dockerode.importImage(createReadStream(tar), { repo: REPOSITORY });
  const told = await new Promise<Progress[]>((resolve, reject) => {
    dockerode.modem.followProgress(stream, (error, lines: Progress[]) =>
      error ? reject(error) : resolve(lines),
    );
  });
  // Podman takes no tag in the same request.
  const last = told.at(-1);
  await dockerode.getImage(last?.id ?? last?.status ?? "").tag({ repo: REPOSITORY, tag });
  const found = await layers();
  if (found?.join() !== wanted) throw new ContainerImageWrong(name, wanted, found ?? []);
  return name;
}
