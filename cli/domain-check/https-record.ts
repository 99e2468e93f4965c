import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';

/** Type number of HTTPS records (RFC 9460), which Node's resolver cannot ask for. */
const HTTPS = 65;
const HEADER_BYTES = 12;
const QUESTION_ID = 0x1d0c;
const PATIENCE_MS = 2_000;

/**
 * Asks one name server whether a name has an HTTPS record, following its aliases as the server does.
 * @param server address, with a port where it is not 53, as `Resolver.getServers()` writes it
 * @returns null where no answer came or it cannot be read
 */
export async function hasHttpsRecord(name: string, server: string | undefined): Promise<boolean | null> {
  if (server === undefined) return null;
  const [, host = '', port = '53'] = /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(isIPv6(server) ? `[${server}]` : server) ?? [];
  const answer = await exchange(questionOf(name), host, Number(port));
  const types = answer && typesIn(answer);
  return types ? types.includes(HTTPS) : null;
}

function questionOf(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(QUESTION_ID, 0);
  header.writeUInt16BE(0x0100, 2); // recursion, please
  header.writeUInt16BE(1, 4); // one question
  return Buffer.concat([header, ...labels, Buffer.from([0, 0, HTTPS, 0, 1])]);
}

function exchange(question: Buffer, host: string, port: number): Promise<Buffer | null> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  return new Promise((resolve) => {
    const end = (answer: Buffer | null) => {
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(end, PATIENCE_MS, null);
    socket.on('message', (answer) => {
      if (answer.length > HEADER_BYTES && answer.readUInt16BE(0) === QUESTION_ID) end(answer);
    });
    socket.on('error', () => end(null));
    socket.send(question, port, host);
  });
}

/** Types of the records in an answer, or null where it is not whole. */
function typesIn(answer: Buffer): number[] | null {
  try {
    let at = skipName(answer, HEADER_BYTES) + 4;
    const types: number[] = [];
    for (let left = answer.readUInt16BE(6); left > 0; left--) {
      at = skipName(answer, at);
      types.push(answer.readUInt16BE(at));
      at += 10 + answer.readUInt16BE(at + 8);
    }
    return types;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Where a name ends that begins here: at its root label or at a pointer to an earlier name (RFC 1035, 4.1.4). */
function skipName(answer: Buffer, start: number): number {
  let at = start;
  for (let length = answer.readUInt8(at); length !== 0; length = answer.readUInt8(at)) {
    if (length >= 0xc0) return at + 2;
    at += length + 1;
  }
  return at + 1;
}
