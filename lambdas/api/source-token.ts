const ID_BYTES = 6;
/** 43 characters that survive every network's form. */
const TEXT_BYTES = 32;

/** Id and text of a token that does not exist yet. */
export function newSourceToken(randomBytes: (size: number) => Buffer): { readonly id: string; readonly text: string } {
  return { id: randomBytes(ID_BYTES).toString('hex'), text: randomBytes(TEXT_BYTES).toString('base64url') };
}
