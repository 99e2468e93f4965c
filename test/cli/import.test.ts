import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi } from '../support/api.ts';
import { fetchOf, runCli } from '../support/terminal.ts';

let api: Awaited<ReturnType<typeof startApi>>;
const folder = mkdtempSync(join(tmpdir(), 'onehop-import-'));
const rows = () => api.streams.rows.sends;

beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  rows().length = 0;
  api.streams.rows.send_totals.length = 0;
});

const onehop = (args: readonly string[], doFetch: typeof fetch = fetchOf(api.call), stdin = '') =>
  runCli(args, { fetch: doFetch, stdin, env: { ONEHOP_API: 'http://api', ONEHOP_TOKEN: api.token } });

function listOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('import sends', () => {
  it('reads our own columns, whatever the dialect, and leaves empty cells out', async () => {
    const path = listOf(
      'own.csv',
      '\uFEFFid;type;ts;message_id;subscriber_id;parts;price;currency;note\r\n' +
        'SM1;sent;2026-05-31T10:00:00Z;w-1;ann;2;0.0158;usd;"a; b"\r\n\r\n' +
        'SM1;Delivered;1780221605;w-1;ann;;;;\r\n' +
        'SM2;undelivered;2026-05-31 10:00:05;w-1;bob;;;;\r\n',
    );
    const { code, err } = await onehop(['import', 'sends', path]);
    expect(err).toBe('columns passed over: note\n3 imported, 0 rejected\n');
    expect(code).toBe(0);
    expect(
      rows().map(({ id, type, ts, parts, price_micros, currency }) => [id, type, ts, parts, price_micros, currency]),
    ).toEqual([
      ['SM1', 'sent', Date.UTC(2026, 4, 31, 10), 2, 15_800, 'USD'],
      ['SM1', 'delivered', 1_780_221_605_000, null, null, null],
      ['SM2', 'failed', Date.UTC(2026, 4, 31, 10, 0, 5), null, null, null],
    ]);
  });

  it('reads a provider’s export by --map and --set', async () => {
    const path = listOf('twilio.csv', 'Sid,Status,SentDate,Price,To\nSM1,delivered,2026-05-31T10:00:00Z,-0.0079,ann\n');
    const map = ['Sid=id', 'Status=type', 'SentDate=ts', 'Price=price', 'To=subscriber_id'].flatMap((pair) => [
      '--map',
      pair,
    ]);
    const { code } = await onehop([
      'import',
      'sends',
      path,
      ...map,
      '--set',
      'message_id=w-1',
      '--set',
      'currency=USD',
    ]);
    expect(code).toBe(0);
    expect(rows()).toMatchObject([{ id: 'SM1', type: 'delivered', price_micros: 7_900, subscriber_id: 'ann' }]);
  });

  it('tells every faulty row by its line, keeps it in a file that can be mended, and ends with a status', async () => {
    const path = listOf(
      'faulty.csv',
      'id,type,ts,subscriber_id,message_id\nSM1,sent,2026-05-31T10:00:00Z,ann,w-1\nSM2,lost,soon,ann,w-1\n"SM,3",sent,2026-05-31T10:00:00Z,ann\n',
    );
    const { code, err } = await onehop(['import', 'sends', path]);
    expect(code).toBe(1);
    expect(err).toContain(
      'line 3: type must be one of queued, sent, delivered, failed, opt_out, opt_in; ts must be a time',
    );
    expect(err).toContain('line 4: has 4 cells where the header has 5 columns');
    expect(err).toContain('1 imported, 2 rejected');
    const rejects = join(folder, 'faulty.rejects.csv');
    expect(
      readFileSync(rejects, 'utf8')
        .split('\r\n')
        .map((line) => line.split(',')[0]),
    ).toEqual(['id', 'SM2', '"SM', '']);
    writeFileSync(
      rejects,
      readFileSync(rejects, 'utf8')
        .replace('lost,soon', 'sent,2026-05-31T10:00:00Z')
        .split('\r\n')
        .slice(0, 2)
        .join('\n'),
    );
    expect((await onehop(['import', 'sends', rejects])).code).toBe(0);
    expect(rows().map(({ id }) => id)).toEqual(['SM1', 'SM2']);
  });

  it('sends a long list in batches, tries again while the API is busy, and may be run again', async () => {
    const lines = Array.from({ length: 2_500 }, (_, at) => `SM${at},sent,2026-05-31T10:00:00Z,w-1,u${at}`);
    const path = listOf('long.csv', `id,type,ts,message_id,subscriber_id\n${lines.join('\n')}\n`);
    const sizes: number[] = [];
    let refusals = 3;
    const answer = fetchOf(api.call);
    const busy: typeof fetch = async (input, init) => {
      if (refusals-- > 0) return new Response('{}', { status: 503, headers: { 'retry-after': '1' } });
      sizes.push(JSON.parse(String(init?.body)).length);
      return answer(input, init);
    };
    expect((await onehop(['import', 'sends', path], busy)).code).toBe(0);
    expect(sizes.toSorted()).toEqual([1_000, 1_000, 500]);
    expect(new Set(rows().map(({ id }) => id)).size).toBe(2_500);
    expect((await onehop(['import', 'sends', path])).err).toContain('2,500 imported, 0 rejected');
  });

  it.each([
    [['--map', 'x=nonsense'], 'there is no field nonsense'],
    [['--map', 'x'], 'is not of the form column=field'],
    [['--map', 'gone=id'], 'the list has no column gone'],
    [['--map', 'a=ts', '--map', 'b=ts'], 'several columns are mapped to ts'],
    [[], 'the list has nothing for id, type, ts'],
  ])('says what is wrong with %j', async (flags, message) => {
    const path = listOf('columns.csv', 'a,b\n1,2\n');
    const { code, err } = await onehop(['import', 'sends', path, ...flags]);
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
    expect(existsSync(join(folder, 'columns.rejects.csv'))).toBe(false);
  });

  it('says that a file is missing, empty or no list', async () => {
    expect((await onehop(['import', 'sends', '/nonexistent.csv'])).err).toContain('there is no file');
    expect((await onehop(['import', 'sends', listOf('empty.csv', '')])).err).toContain('is empty');
    expect((await onehop(['import', 'sends', listOf('header.csv', 'id,type,ts\n')])).err).toContain('no rows');
    writeFileSync(join(folder, 'latin.csv'), Buffer.from('id,type,ts\n\xe4,sent,1780221605\n', 'latin1'));
    expect((await onehop(['import', 'sends', join(folder, 'latin.csv')])).err).toContain('not UTF-8');
  });

  it('ends where the API refuses the caller', async () => {
    const token = await api.newToken('read');
    const path = listOf('refused.csv', 'id,type,ts,message_id,subscriber_id\na,sent,1780221605,m,s\n');
    const env = { ONEHOP_API: 'http://api', ONEHOP_TOKEN: token };
    const { code, err } = await runCli(['import', 'sends', path], { fetch: fetchOf(api.call), env });
    expect([code, err]).toEqual([1, expect.stringContaining('scope send')]);
  });
});

describe('import sends-totals', () => {
  it('puts a row for each message and day', async () => {
    const path = listOf(
      'totals.csv',
      'campaign_id,message_id,date,sent,delivered,cost,currency\nautumn,launch,2026-05-30,100,97,0.79,usd\nautumn,launch,2026-05-31,50,,,\nautumn,a b,2026-05-31,1,,,\n',
    );
    const { code, err } = await onehop(['import', 'sends-totals', path]);
    expect([code, err]).toEqual([1, expect.stringContaining('line 4: message_id must be 1 to 64 characters')]);
    const puts = api.streams.rows.send_totals.toSorted((a, b) => (a.date < b.date ? -1 : 1));
    expect(puts).toMatchObject([
      { date: '2026-05-30', sent: 100, delivered: 97, cost_micros: 790_000, currency: 'USD' },
      { date: '2026-05-31', sent: 50, delivered: null, cost_micros: null },
    ]);
  });
});

describe('import touches', () => {
  it('reads an export of another channel, tells faults by line and keeps them to be mended', async () => {
    await api.services.subscribers.enrol([{ id: 'ann', identities: {} }], api.clock.now + 20_000);
    const path = listOf(
      'mail.csv',
      'Message,Opened at,Subscriber,Mail,Kind,Cost\n' +
        'm-1,2026-05-31 10:00,ann,,Click,0.0012\n' +
        'm-2,1780221605,,bob@example.com,,\n' +
        'm-3,2026-05-31T10:00:00Z,,,VIEW,\n',
    );
    const map = ['Message=id', 'Opened at=ts', 'Subscriber=subscriber_id', 'Mail=email', 'Kind=kind', 'Cost=cost'];
    const { code, err } = await onehop([
      ...['import', 'touches', path, ...map.flatMap((pair) => ['--map', pair])],
      ...['--set', 'channel=email', '--set', 'campaign_id=news', '--set', 'currency=eur'],
    ]);
    expect(code).not.toBe(0);
    expect(err).toContain('line 4: subscriber_id says nobody');
    expect(err).toContain('2 imported, 1 rejected');
    expect(
      api.streams.rows.touches.map(({ id, ts, kind, subscriber_no, cost_micros }) => [
        id,
        ts,
        kind,
        subscriber_no,
        cost_micros,
      ]),
    ).toEqual([
      ['m-1', Date.UTC(2026, 4, 31, 10), 'click', 1, 1_200],
      ['m-2', 1_780_221_605_000, 'click', null, null],
    ]);
    expect(readFileSync(join(folder, 'mail.rejects.csv'), 'utf8')).toMatch(/^m-3,.*says nobody/m);
  });
});

describe('import conversions', () => {
  it('reads an export of orders, again without counting twice', async () => {
    const path = listOf('orders.csv', 'Order,Total,Paid at\no-1,49.90,2026-05-31 10:00\no-2,abc,2026-05-31 10:00\n');
    const args = ['Order=order_id', 'Total=amount', 'Paid at=ts'].flatMap((pair) => ['--map', pair]);
    const run = () => onehop(['import', 'conversions', path, ...args, '--set', 'event=sale', '--set', 'currency=USD']);
    const first = await run();
    expect(first.err).toContain('1 imported, 1 rejected');
    expect(first.err).toContain('line 3: ');
    const again = await run();
    expect(again.err).toContain('0 imported, 1 repeated, 1 rejected');
    expect(api.streams.rows.conversions.map(({ order_id, revenue_minor }) => [order_id, revenue_minor])).toEqual([
      ['o-1', 4_990],
    ]);
  });

  it('says what is wrong with a row once, and to correct and import it again, where nothing can be replayed', async () => {
    const text =
      'ts,order_id,amount,currency,event\n2026-05-31T10:00:00Z,F-1,"1,234",USD,sale\n' +
      'soon,F-2,5,USD,sale\n2026-05-31T10:00:00Z,F-3,5,USD,odd\n';
    const { code, err } = await onehop(
      ['import', 'conversions', '-', '--rejects', join(folder, 'f.csv')],
      undefined,
      text,
    );
    expect(code).toBe(1);
    expect(err).toContain(
      'line 2: amount uses a mark that could mean two things. Set the source’s notation, or correct the row; then import it again.\n',
    );
    expect(err).toContain('line 3: ts is no time. ');
    expect(err).toContain(
      'line 4: event: The event’s name is not known. Map it in the source’s events, or correct the row; then import it again.\n',
    );
    expect(err).not.toContain('replay');
  });

  it('names the flag that takes a column whose name differs from a field by case, spaces or hyphens only', async () => {
    const text = 'ts,Order ID,Email,AMOUNT,amount,Note\n2026-05-31T10:00:00Z,G-1,ann@example.com,1,5,x\n';
    const { err } = await onehop(
      ['import', 'conversions', '-', '--set', 'currency=USD', '--rejects', join(folder, 'g.csv')],
      undefined,
      text,
    );
    expect(err).toContain(
      "columns passed over: Order ID: to take it say --map 'Order ID=order_id'; Email: to take it say --map Email=email; AMOUNT; Note\n",
    );
    const missing = await onehop(['import', 'conversions', '-'], undefined, 'TS,amount\n1,2\n');
    expect(missing.err).toContain('TS: to take it say --map TS=ts');
  });

  it('reads a single one from standard input', async () => {
    api.streams.rows.conversions.length = 0;
    const text = 'ts,order_id,email,amount,currency\n2026-05-31T10:00:00Z,A-1,ann@example.com,49.90,USD\n';
    const { code, err } = await onehop(['import', 'conversions', '-'], undefined, text);
    expect([code, err]).toEqual([0, '1 imported, 0 rejected\n']);
    expect(api.streams.rows.conversions.map(({ order_id, revenue_minor }) => [order_id, revenue_minor])).toEqual([
      ['A-1', 4_990],
    ]);
  });
});
