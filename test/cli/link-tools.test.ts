import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readQrPng } from '../support/read-qr.ts';
import { startLocal } from './local.ts';

let local: Awaited<ReturnType<typeof startLocal>>;
let linkNo: string;
beforeAll(async () => {
  local = await startLocal();
  await local.json('offer', 'create', 'inside', '--destination', 'http://127.0.0.1/offer');
  const body = { slug: 'tools', offer_id: 'inside', fallback_url: 'http://[::1]/' };
  linkNo = String(
    JSON.parse((await local.onehop(['link', 'create', '--file', '-', '--json'], JSON.stringify(body))).out).link_no,
  );
});
afterAll(() => local.close());

describe('link qr', () => {
  it('writes a file that a phone can read, byte for byte as the API gave it', async () => {
    const file = join(local.system.dataDir, 'poster.png');
    expect((await local.onehop(['link', 'qr', linkNo, '--out', file, '--size', '256'])).code).toBe(0);
    expect(readQrPng(file)).toEqual({ width: 256, height: 256, text: `${local.system.shortOrigin}/tools` });
  });

  it('prints SVG where no file is named, and says what is wrong', async () => {
    expect((await local.onehop(['link', 'qr', linkNo])).out).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect((await local.onehop(['link', 'qr', linkNo, '--out', 'poster.gif'])).err).toContain('.svg or .png');
    expect(await local.onehop(['link', 'qr', '99'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no link 99'),
    });
  });
});

describe('link check', () => {
  it('looks at every destination of a link, and refuses what is not public', async () => {
    const { code, out } = await local.onehop(['link', 'check', linkNo, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject([
      { field: 'offer_id inside', url: 'http://127.0.0.1/offer', outcome: 'not_public' },
      { field: 'fallback_url', url: 'http://[::1]/', outcome: 'not_public' },
    ]);
    expect((await local.onehop(['link', 'check', 'https://10.0.0.1/'])).out).toContain('not_public');
  });

  it('is what a save does too: certain trouble is a warning', async () => {
    expect(await local.json('link', 'create', '--destination', 'http://10.1.2.3/')).toMatchObject({
      warnings: [{ path: 'destination', code: 'not_public' }],
    });
  });
});
