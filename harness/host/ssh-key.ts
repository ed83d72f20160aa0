import { generateKeyPairSync, randomBytes } from "node:crypto";

export interface SshKey {
  /** In OpenSSH's own format, without a passphrase. */
  privateKey: string;
  publicKey: string;
}

const ALGORITHM = "ssh-ed25519";
/** The private part is padded to blocks of this size, as nothing encrypts it. */
const BLOCK_BYTES = 8;
const LINE_CHARACTERS = 70;

/**
 * A new ed25519 key as ssh-keygen writes it, without starting ssh-keygen for every clone.
 * The format is in OpenSSH's PROTOCOL.key.
 */
export function newSshKey(comment: string): SshKey {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const { x = "" } = publicKey.export({ format: "jwk" });
  const { d = "" } = privateKey.export({ format: "jwk" });
  const point = Buffer.from(x, "base64url");
  const publicBlob = Buffer.concat([string(ALGORITHM), string(point)]);
  // Twice the same number: a wrong passphrase would show in it.
  const check = randomBytes(4);
  const secret = Buffer.concat([
    ...[check, check, publicBlob],
    string(Buffer.concat([Buffer.from(d, "base64url"), point])),
    string(comment),
  ]);
  const missing = (BLOCK_BYTES - (secret.length % BLOCK_BYTES)) % BLOCK_BYTES;
  const padding = Buffer.from(Array.from({ length: missing }, (_, index) => index + 1));
  const file = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    ...["none", "none", ""].map(string),
    number(1),
    string(publicBlob),
    string(Buffer.concat([secret, padding])),
  ]);
  const lines = file.toString("base64").match(new RegExp(`.{1,${LINE_CHARACTERS}}`, "g")) ?? [];
  const wrapped = ["BEGIN", ...lines, "END"].map((line) =>
    line === "BEGIN" || line === "END" ? `-----${line} OPENSSH PRIVATE KEY-----` : line,
  );
  return {
    privateKey: `${wrapped.join("\n")}\n`,
    publicKey: `${ALGORITHM} ${publicBlob.toString("base64")} ${comment}\n`,
  };
}

function string(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([number(bytes.length), bytes]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
