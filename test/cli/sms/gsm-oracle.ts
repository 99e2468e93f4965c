/**
 * A second opinion on SMS sizes, written from 3GPP TS 23.038 (6.2.1) and TS 23.040 (9.2.3.24.1) and sharing nothing with
 * the product or its library: the alphabet by hand, characters from the runtime's own segmenter.
 */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENSION = '\f^{}\\[~]|€';

export const gsmAlphabet = { basic: [...BASIC], extension: [...EXTENSION] };

interface OracleSize {
  readonly encoding: string;
  readonly units: number;
  readonly parts: number;
  readonly left: number;
}

export function sizeByStandard(text: string): OracleSize {
  const isGsm = [...text].every((character) => BASIC.includes(character) || EXTENSION.includes(character));
  const atoms = isGsm
    ? [...text].map((character) => (EXTENSION.includes(character) ? 2 : 1))
    : [...text.matchAll(/[\s\S]/gu)].map(([point]) => point.length);
  const [alone, joined] = isGsm ? [160, 153] : [70, 67];
  const units = atoms.reduce((sum, atom) => sum + atom, 0);
  const encoding = isGsm ? 'GSM-7' : 'UCS-2';
  if (units <= alone) return { encoding, units, parts: 1, left: alone - units };
  // Octets of each part are filled in order; what does not fit whole begins the next.
  let parts = 1;
  let free = joined;
  for (const atom of atoms) {
    if (atom > free) {
      parts += 1;
      free = joined;
    }
    free -= atom;
  }
  return { encoding, units, parts, left: free };
}
