/** Characters a person cannot mistake for one another when reading a link aloud. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';
const LENGTH = 7;

/** A slug nobody chose: 7 characters, 27 billion possibilities; never of the form of a personal code. */
export function randomSlug(randomBytes: (size: number) => Uint8Array): string {
  let slug = '';
  while (slug.length < LENGTH)
    for (const byte of randomBytes(LENGTH * 2)) {
      // Bytes from the last, incomplete round of the alphabet would favour its beginning.
      if (byte < 248 && slug.length < LENGTH) slug += ALPHABET[byte % ALPHABET.length];
    }
  return slug;
}
