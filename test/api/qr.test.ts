import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../support/api.ts';
import { readQr, readQrPng } from '../support/read-qr.ts';

let api: Awaited<ReturnType<typeof startApi>>;
let linkNo: number;
beforeAll(async () => {
  api = await startApi();
  linkNo = (await api.call('POST', '/v1/links', { body: { destination: 'https://x.example/', slug: 'poster' } })).body
    .link_no;
});
afterAll(() => api.close());

const URL_OF_LINK = 'https://go.brand.com/poster';
const get = (file: string, token?: string) => api.call('GET', `/v1/links/${linkNo}/${file}`, token ? { token } : {});

/** Paints the strokes of the picture's path, four pixels a module, so that a reader can look at it. */
function paint(svg: string, modules: number): Uint8ClampedArray {
  const side = modules * 4;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  const strokes = /stroke="#000000" d="([^"]+)"/.exec(svg)?.[1] ?? '';
  let [x, y] = [0, 0];
  for (const [, command, first, second] of strokes.matchAll(/([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?/g)) {
    if (command === 'M') [x, y] = [Number(first), Math.floor(Number(second))];
    if (command === 'm') [x, y] = [x + Number(first), y + Number(second)];
    if (command !== 'h') continue;
    for (let row = y * 4; row < y * 4 + 4; row++)
      for (let at = x * 4; at < (x + Number(first)) * 4; at++)
        pixels.fill(0, (row * side + at) * 4, (row * side + at) * 4 + 3);
    x += Number(first);
  }
  return pixels;
}

describe('the QR code of a link', () => {
  it('as PNG leads to its short URL, in the size asked for', async () => {
    for (const [query, size] of [
      ['', 512],
      ['?size=128', 128],
      ['?size=2048&margin=0', 2048],
    ] as const) {
      const { body, headers, status } = await get(`qr.png${query}`);
      expect([status, headers['content-type']]).toEqual([200, 'image/png']);
      expect(readQrPng(body)).toEqual({ width: size, height: size, text: URL_OF_LINK });
    }
  });

  it('as SVG shows the same, with the margin asked for', async () => {
    const { body, headers } = await get('qr.svg?size=300&margin=2');
    expect(headers['content-type']).toBe('image/svg+xml');
    expect(body).toContain('width="300" height="300"');
    const modules = Number(/viewBox="0 0 (\d+)/.exec(body)?.[1]);
    expect(modules).toBe(29 + 2 * 2);
    expect(readQr(paint(body, modules), modules * 4)).toBe(URL_OF_LINK);
  });

  it('is refused with every fault, to strangers, and for links without one URL', async () => {
    expect((await get('qr.png?size=64&margin=17')).body.errors.map(({ path }: { path: string }) => path)).toEqual([
      'size',
      'margin',
    ]);
    expect((await get('qr.svg?size=big&colour=red')).body.errors).toHaveLength(2);
    expect((await get('qr.svg', await api.newToken('mint'))).status).toBe(403);
    const personal = await api.call('POST', '/v1/links', {
      body: { destination: 'https://x.example/', personal: true },
    });
    expect(await api.call('GET', `/v1/links/${personal.body.link_no}/qr.svg`)).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'personal' }] },
    });
    expect((await api.call('GET', '/v1/links/99/qr.png')).status).toBe(404);
  });
});
