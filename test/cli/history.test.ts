import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocal } from './local.ts';

let local: Awaited<ReturnType<typeof startLocal>>;
beforeAll(async () => {
  local = await startLocal();
});
afterAll(() => local.close());

const createLink = async (...flags: string[]) =>
  String((await local.json('link', 'create', '--destination', 'https://shop.example/', ...flags)).link_no);

describe('history', () => {
  it('shows who changed what, as a table or JSON', async () => {
    const no = await createLink('--name', 'one');
    await local.onehop(['link', 'update', no, '--name', 'two']);
    await local.onehop(['link', 'pause', no]);
    const { out, code } = await local.onehop(['link', 'history', no]);
    expect(code).toBe(0);
    expect(out).toMatch(/│ revision │ at/);
    expect(out).toContain('status "active" → "paused"');
    expect(out).toContain('name "one" → "two"');
    const entries = await local.json('link', 'history', no, '--limit', '2');
    expect(entries.map(({ revision }: { revision: number }) => revision)).toEqual([3, 2]);
    expect(entries[1].changes).toEqual([{ field: 'name', before: 'one', after: 'two' }]);
  });

  it('is there for campaigns, offers and domains', async () => {
    await local.json('campaign', 'create', 'spring');
    await local.json('campaign', 'update', 'spring', '--name', 'Spring');
    expect(await local.json('campaign', 'history', 'spring')).toMatchObject([
      { action: 'changed' },
      { action: 'created' },
    ]);
  });

  it('is there for the settings, which have no id', async () => {
    await local.json('settings', 'update', '--time-zone', 'Europe/Berlin');
    expect(await local.json('settings', 'history', '--limit', '1')).toMatchObject([{ token_name: expect.any(String) }]);
  });
});

describe('an update', () => {
  it('of a version that is gone is not made, and says what happened', async () => {
    const no = await createLink('--name', 'one');
    expect((await local.onehop(['link', 'update', no, '--name', 'two', '--if-revision', '1'])).code).toBe(0);
    const late = await local.onehop(['link', 'update', no, '--name', 'three', '--if-revision', '1']);
    expect(late.code).toBe(1);
    expect(late.err).toMatch(/changed in between[\s\S]*changed name "one" → "two"/);
    expect((await local.json('link', 'show', no)).name).toBe('two');
  });

  it('still names every fault', async () => {
    const no = await createLink();
    const refused = await local.onehop(['link', 'update', no, '--slug', 'abcdefghi', '--destination', 'ftp://x']);
    expect(refused.err).toContain('- destination: must begin');
    expect(refused.err).toContain('- slug: must be');
    expect((await local.onehop(['offer', 'update', 'nobody', '--name', 'x'])).err).toContain(
      'there is no offer nobody',
    );
  });
});

describe('clone', () => {
  it('makes another link with what the flags change', async () => {
    const no = await createLink('--slug', 'first', '--tags', 'a,b', '--external-id', 'crm-1');
    const made = await local.json('link', 'clone', no, '--slug', 'second', '--creative', 'v2');
    expect(made).toMatchObject({ slug: 'second', creative: 'v2', tags: ['a', 'b'], external_id: null });
    expect(String(made.link_no)).not.toBe(no);
    expect((await local.onehop(['link', 'clone', '77'])).err).toContain('there is no link 77');
  });
});

describe('a list', () => {
  it('takes the filters of the API', async () => {
    await createLink('--message-id', 'm-9', '--external-id', 'x-9');
    await createLink('--message-id', 'm-9');
    expect(await local.json('link', 'list', '--message-id', 'm-9')).toHaveLength(2);
    expect(await local.json('link', 'list', '--external-id', 'x-9')).toMatchObject([{ external_id: 'x-9' }]);
    expect(await local.json('link', 'list', '--personal', 'true')).toEqual([]);
    expect((await local.json('link', 'list', '--domain', 'go.localhost')).length).toBeGreaterThan(1);
  });
});
