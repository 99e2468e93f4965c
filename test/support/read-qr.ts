import { readFileSync } from 'node:fs';
import jsqr from 'jsqr';
import { PNG } from 'pngjs';

// The package's types describe an ES module, the package is none.
const decode = jsqr as unknown as typeof jsqr.default;

/** The text of the QR code in a picture, or null where a reader finds none. */
export const readQr = (pixels: Uint8ClampedArray, side: number) => decode(pixels, side, side)?.data ?? null;

/** Width, height and the text of the QR code in a PNG. */
export function readQrPng(png: Buffer | string) {
  const { width, height, data } = PNG.sync.read(typeof png === 'string' ? readFileSync(png) : png);
  return { width, height, text: readQr(new Uint8ClampedArray(data), width) };
}
