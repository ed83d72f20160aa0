import { access, copyFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { sha256File, sha256Json } from "../base/hash.ts";
import type { ImageContext } from "../image/host-rootfs.ts";
import { ensureSourceFiles } from "../image/source-cache.ts";
import type { Builder } from "./builder.ts";
import { SourceUnusable } from "./errors.ts";
import { archiveRevision, resolveRevision } from "./git-tree.ts";

/** What a build starts from: files, and the command that unpacks them in the sandbox. */
export interface Source {
  /** For people: `libvirt 9.0.0-4+deb12u2`, `../libvirt at 3f1c…`. */
  title: string;
  /** Names its contents. */
  digest: string;
  /** Puts its files into a folder. */
  stage(folder: string): Promise<void>;
  /** Fills an empty `target` from the staged files; paths are those inside the sandbox. */
  unpack(staged: string, target: string): string[];
}

/** Word that means the source package of a host's own distribution. */
export const DISTRIBUTION = "debian";

export type SourceKind = "distribution" | "git" | "tarball";

/** What a word on the command line names. @throws SourceUnusable */
export async function kindOfSource(word: string, cwd: string): Promise<SourceKind> {
  if (word === DISTRIBUTION) return "distribution";
  const path = resolve(cwd, word);
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile()) return "tarball";
  if (!info) throw new SourceUnusable(word, "it is not there", HINT);
  const isCheckout = await access(join(path, ".git")).then(
    () => true,
    () => false,
  );
  if (isCheckout) return "git";
  throw new SourceUnusable(word, "it is a folder without .git", HINT);
}

const HINT = `name a git checkout, a tarball of a release, or "${DISTRIBUTION}"`;

/** The source package that a builder's lock pins. */
export function distributionSource(
  name: string,
  builder: Pick<Builder, "spec" | "lock">,
  context: ImageContext,
): Source {
  const locked = builder.lock.sources?.find((source) => source.name === name);
  if (!locked) {
    throw new SourceUnusable(
      name,
      `the lock of ${builder.spec.name} has no such source package`,
      "xenloop image lock HOST --builder",
    );
  }
  return {
    title: `${name} ${locked.version}`,
    digest: sha256Json(locked.files.map(({ sha256 }) => sha256)),
    stage: (folder) => ensureSourceFiles(builder.spec, locked, folder, context),
    unpack: (staged, target) => ["sh", "-ec", UNPACK_QUILT, "unpack", staged, target],
  };
}

/** What dpkg-source does with the format "3.0 (quilt)". */
const UNPACK_QUILT = `tar --extract --file="$(echo "$1"/*.orig.tar.*)" --strip-components=1 --directory="$2"
tar --extract --file="$(echo "$1"/*.debian.tar.*)" --directory="$2"
cd "$2"
test -e debian/patches/series || exit 0
while read -r name _; do
  case $name in "" | "#"*) continue ;; esac
  patch --strip=1 --batch --forward --fuzz=0 --unified --remove-empty-files \\
    --no-backup-if-mismatch --input="debian/patches/$name"
done <debian/patches/series`;

/** Out of the folder in which a release has everything, where there is one. */
const UNPACK_TARBALL = `tar --extract --file="$1/source.tar" --directory="$2"
cd "$2"
only=$(ls -A)
if [ -L "./$only" ] || [ ! -d "./$only" ]; then exit 0; fi
mv -- "./$only" .xenloop-unpacked
find .xenloop-unpacked -mindepth 1 -maxdepth 1 -exec mv -t . -- {} +
rmdir .xenloop-unpacked`;

/** A tarball, with everything in one folder, as releases have it, or without. */
export async function tarballSource(path: string): Promise<Source> {
  return {
    title: basename(path),
    digest: await sha256File(path),
    stage: (folder) => copyFile(path, join(folder, "source.tar")),
    unpack: (staged, target) => ["sh", "-ec", UNPACK_TARBALL, "unpack", staged, target],
  };
}

/** One commit of a checkout, with its submodules. @throws SourceUnusable */
export async function gitSource(checkout: string, revision: string): Promise<Source> {
  const { commit, tree } = await resolveRevision(checkout, revision);
  return {
    title: `${basename(checkout)} at ${commit.slice(0, 12)}`,
    digest: tree,
    stage: (folder) => archiveRevision(checkout, commit, folder),
    unpack: (staged, target) => [
      ...[
        "sh",
        "-ec",
        'for tar in "$1"/*.tar; do tar --extract --file="$tar" --directory="$2"; done',
      ],
      ...["unpack", staged, target],
    ],
  };
}
