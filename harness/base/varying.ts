/** What differs from one host, moment or process to the next, for texts that are compared. */
export const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;
export const MAC = /\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi;
