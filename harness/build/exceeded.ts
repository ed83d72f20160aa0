/** Which limit a build exceeded, and how far it had come when that was seen. */
export interface Exceeded {
  limit: "time" | "memory" | "disk" | "output";
  detail: string;
}
