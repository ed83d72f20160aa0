/** What Nova's `inject_data` puts into an image before its first boot. Paths are the guest's. */
export interface Injection {
  file: { path: string; content: string };
  /** Public key for root. */
  key: string;
  /** root's new field of /etc/shadow. */
  passwordHash: string;
}

/** Something done to the guest's files; Nova's VFS has no more than these. */
export type InjectionStep =
  | { does: "make-path"; path: string }
  | { does: "mode"; path: string; mode: string }
  | { does: "own"; path: string }
  | { does: "write" | "append"; path: string; content: string }
  | { does: "set-password"; path: string; hash: string };

const SSH = "/root/.ssh";
export const KEYS = `${SSH}/authorized_keys`;
export const SHADOW = "/etc/shadow";

/** The text around a key, as nova/virt/disk/api.py at 22.0.1 writes it. */
export const injectedKey = (key: string): string =>
  `\n# The following ssh key was injected by Nova\n${key.trim()}\n`;

/** The steps of Nova 22, in its order: key, password, files. */
export function injectionSteps({ file, key, passwordHash }: Injection): InjectionStep[] {
  return [
    { does: "make-path", path: SSH },
    { does: "own", path: SSH },
    { does: "mode", path: SSH, mode: "0700" },
    { does: "append", path: KEYS, content: injectedKey(key) },
    { does: "mode", path: KEYS, mode: "0600" },
    { does: "set-password", path: SHADOW, hash: passwordHash },
    { does: "write", path: file.path, content: file.content },
  ];
}

/** What becomes of a shadow file. */
export const withPassword = (shadow: string, hash: string): string =>
  shadow.replace(/^root:[^:]*/m, () => `root:${hash}`);

/** Lines of sh that do the steps below the mount point `$1`. */
export function mountedScript(steps: readonly InjectionStep[]): string {
  const lines = steps.map((step) => {
    const path = `"$1${step.path}"`;
    switch (step.does) {
      case "make-path":
        return `mkdir -p ${path}`;
      case "mode":
        return `chmod ${step.mode} ${path}`;
      case "own":
        return `chown root:root ${path}`;
      case "write":
        return `echo ${base64(step.content)} | base64 -d > ${path}`;
      case "append":
        return `echo ${base64(step.content)} | base64 -d >> ${path}`;
      case "set-password":
        return `${passwordEdit(step.hash)} ${path}`;
    }
  });
  return ["set -e", ...lines].join("\n");
}

/** The same as commands of guestfish; the shadow file is read out, changed, and written again. */
export function guestfishScript(steps: readonly InjectionStep[], scratch: string): string {
  const lines = steps.flatMap((step) => {
    switch (step.does) {
      case "make-path":
        return [`mkdir-p ${step.path}`];
      case "mode":
        return [`chmod ${step.mode} ${step.path}`];
      case "own":
        return [`chown 0 0 ${step.path}`];
      case "write":
        return [`write ${step.path} ${JSON.stringify(step.content)}`];
      case "append":
        return [`write-append ${step.path} ${JSON.stringify(step.content)}`];
      case "set-password":
        return [
          `download ${step.path} ${scratch}`,
          `!${passwordEdit(step.hash)} ${scratch}`,
          `upload ${scratch} ${step.path}`,
        ];
    }
  });
  return `${lines.join("\n")}\n`;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** Only root's field of the hash changes. */
const passwordEdit = (hash: string): string => `sed -i 's|^root:[^:]*|root:${hash}|'`;
