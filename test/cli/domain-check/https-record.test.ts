import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { hasHttpsRecord } from '../../../cli/domain-check/https-record.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A name server that answers every question with these records, each with its owner's name as a pointer. */
async function nameServer(...records: readonly { readonly type: number; readonly data: Buffer }[]) {
  const socket = createSocket('udp4');
  open.push(() => socket.close());
  const asked: Buffer[] = [];
  socket.on('message', (question, { port, address }) => {
    asked.push(question);
    const answers = records.map(({ type, data }) => {
      const fixed = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 1, 44, 0, data.length]);
      return Buffer.concat([fixed, data]);
    });
    const header = Buffer.from(question.subarray(0, 12));
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(records.length, 6);
    socket.send(Buffer.concat([header, question.subarray(12), ...answers]), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${socket.address().port}`, asked };
}

const alias = { type: 5, data: Buffer.from([3, 0x66, 0x6f, 0x6f, 0]) };
const https = { type: 65, data: Buffer.from([0, 1, 0]) };

describe('an HTTPS record', () => {
  it('is found, behind aliases too, by a question a name server understands', async () => {
    const server = await nameServer(alias, https);
    expect(await hasHttpsRecord('go.brand.example', server.address)).toBe(true);
    const question = server.asked[0]?.subarray(12).toString('latin1');
    expect(question).toBe('\x02go\x05brand\x07example\x00\x00\x41\x00\x01');
  });

  it('is not there where the answer has none', async () => {
    expect(await hasHttpsRecord('go.brand.example', (await nameServer(alias)).address)).toBe(false);
    expect(await hasHttpsRecord('go.brand.example', (await nameServer()).address)).toBe(false);
  });

  it('is unknown without a server, or where its answer is cut off', async () => {
    expect(await hasHttpsRecord('go.brand.example', undefined)).toBeNull();
    const socket = createSocket('udp4');
    open.push(() => socket.close());
    socket.on('message', (question, { port, address }) => {
      const header = Buffer.from(question.subarray(0, 12));
      header.writeUInt16BE(3, 6);
      socket.send(Buffer.concat([header, question.subarray(12), Buffer.from([0xc0])]), port, address);
    });
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    expect(await hasHttpsRecord('go.brand.example', `127.0.0.1:${socket.address().port}`)).toBeNull();
  });
});
