/** Where the keys of the edge lie. A change is made on what is there now, or not at all. */
export interface EdgeSecret {
  /** The secret as flat JSON. */
  read(): Promise<string>;
  /**
   * Applies a change to the secret; again, on what is there then, where somebody else changed it in between.
   * @param apply makes the new secret of the old one, and says what it did
   */
  change<T extends { readonly secret: string }>(apply: (secret: string) => T): Promise<T>;
}

/** How often a change is tried while others change the secret too. */
export const CHANGE_ATTEMPTS = 5;
