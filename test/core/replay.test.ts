import { describe, expect, it } from 'vitest';
import { tapColumns } from '../../lambdas/contract/clicks.ts';
import { readLine } from '../../lambdas/core/replay/replayable.ts';

const VALUES = { string: 'x', bigint: 5, double: 0.5 } as const;
const tap = Object.fromEntries(tapColumns.map(({ name, type }) => [name, VALUES[type]]));
const line = JSON.stringify({ ...tap, log: 'click_not_stored', error: 'timeout' });

describe('a line for replay', () => {
  it.each([
    ['as the edge writes it', line],
    ['behind what CloudWatch puts before it', `2026-06-01T00:00:00.000Z\tabc-def\tINFO\t${line}`],
    ['inside a log event', JSON.stringify({ timestamp: 1, message: `${line}\n` })],
    [
      'as the message of a log event that the AWS CLI prints over several lines',
      `            "message": ${JSON.stringify(line)},`,
    ],
    [
      'inside an error record',
      JSON.stringify({ errorCode: 'x', rawData: Buffer.from(`${line}\n`).toString('base64') }),
    ],
  ])('is a click %s', (_, text) => expect(readLine(text)).toEqual([{ kind: 'click', tap }]));

  it('may hold several clicks where it is an error record', () => {
    const rawData = Buffer.from(`${line}\n${line}\nnot json\n`).toString('base64');
    expect(readLine(JSON.stringify({ rawData })).map(({ kind }) => kind)).toEqual(['click', 'click', 'unreadable']);
  });

  it.each(['', 'START RequestId: 1', '{"log":"keys_unreadable"}', '"message": "{\\"log\\":\\"other\\"}"', '[1]'])(
    'is passed over: %s',
    (text) => expect(readLine(text)).toEqual([{ kind: 'other' }]),
  );

  it('is named where a click in it cannot be read', () => {
    expect(readLine(line.slice(0, -20))).toEqual([{ kind: 'unreadable', reason: 'the line is not whole JSON' }]);
    expect(readLine('{"log":"click_not_stored"}')).toMatchObject([
      { kind: 'unreadable', reason: expect.stringContaining('click_id is missing') },
    ]);
  });
});
