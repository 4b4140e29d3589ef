/** Links that carry where nodes stand. Behind the #, so that no server ever reads or logs it. */
import { packed, unpacked } from "../lib/packed";
import type { Places } from "./saved";

/** Chats and mail programs cut longer addresses off. */
const LONGEST = 8_000;
/** What the part behind the # begins with. */
export const MARK = "#places=";

export interface Link {
  readonly address: string;
  /** False when there are places and they do not fit in, or this browser cannot pack them. */
  readonly isWhole: boolean;
}

/** The link that shows what an address shows, with its nodes where they stand now. */
export async function linkTo(address: string, places: Places | null): Promise<Link> {
  if (places === null) return { address, isWhole: true };
  try {
    const whole = address + MARK + (await packed(places));
    if (whole.length <= LONGEST) return { address: whole, isWhole: true };
  } catch {
    // An older browser: the link is good without.
  }
  return { address, isWhole: false };
}

/** The places in the part of an address behind the #; null where there are none. */
export async function placesIn(hash: string): Promise<Places | null> {
  if (!hash.startsWith(MARK)) return null;
  const places = await unpacked(hash.slice(MARK.length));
  return typeof places === "object" ? (places as Places | null) : null;
}
