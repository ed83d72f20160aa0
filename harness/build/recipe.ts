import type { Product } from "./builder-spec.ts";

/** Paths inside the sandbox. */
export interface BuildPlaces {
  /** Cannot be written to. */
  source: string;
  objects: string;
}

/** How something is built; every step is a command in the sandbox. */
export interface Recipe {
  product: Product;
  /** Whatever changes what comes out. */
  key: unknown;
  /** Folder of the source whose own folders no build reads, where it may have thousands of files. */
  unread?: string;
  setup(places: BuildPlaces): string[];
  /** Compiles what has changed. */
  compile(places: BuildPlaces): string[];
  /**
   * Puts what runs in a host into a folder, without symbols: `list`, the paths in a host, and files
   * that are called by their line's number from 0.
   */
  collect(places: BuildPlaces, folder: string): string[];
}
