import { describe, expect, it } from 'vitest';
import { decodeList } from '../../../lambdas/core/recipients/encoding.ts';
import { thrownBy } from './lists.ts';

const TEXT = 'subscriber_id,city\na,Zürich\n';

describe('the encoding of a list', () => {
  it('is UTF-8, with or without a mark', () => {
    expect(decodeList(Buffer.from(TEXT))).toEqual({ text: TEXT, bom: '' });
    expect(decodeList(Buffer.from(`\uFEFF${TEXT}`))).toEqual({ text: TEXT, bom: '\uFEFF' });
  });

  it.each([
    ['UTF-16 with a mark', Buffer.from(`\uFEFF${TEXT}`, 'utf16le'), 'iconv -f UTF-16'],
    ['UTF-16 without one', Buffer.from(TEXT, 'utf16le'), 'iconv -f UTF-16'],
    ['big-endian UTF-16', Buffer.from(`\uFEFF${TEXT}`, 'utf16le').swap16(), 'iconv -f UTF-16'],
    ['Latin-1', Buffer.from(TEXT, 'latin1'), 'see line 2'],
    [
      'what a gateway made of Latin-1',
      Buffer.from(TEXT.replace('ü', '\uFFFD')),
      'line 2 holds a character that was lost',
    ],
  ])('is not %s, and the refusal says how to convert it', (_, bytes, hint) => {
    expect(thrownBy(() => decodeList(bytes))).toMatchObject({ status: 400, code: 'wrong_encoding' });
    expect(thrownBy(() => decodeList(bytes)).message).toContain(hint);
    expect(thrownBy(() => decodeList(bytes)).message).toContain('-t UTF-8');
  });
});
