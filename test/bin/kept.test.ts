import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adoptOf, describeKept, findStack, keptResources, noteKept } from '../../bin/kept.ts';
import { parseConfig } from '../../lib/config/parse-config.ts';

const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:EdgeKeys-AbCdEf';
const stack: Stack = {
  StackName: 'Onehop-prod',
  CreationTime: new Date(0),
  StackStatus: 'CREATE_COMPLETE',
  Outputs: [
    { OutputKey: 'LinksTableName', OutputValue: 'Onehop-prod-Links-1' },
    { OutputKey: 'LedgerTableName', OutputValue: 'Onehop-prod-Ledger-1' },
    { OutputKey: 'BucketName', OutputValue: 'onehop-prod-lake-1' },
    { OutputKey: 'EdgeSecretArn', OutputValue: SECRET },
    { OutputKey: 'HomeSecretArn', OutputValue: SECRET },
    { OutputKey: 'ApiUrl', OutputValue: 'https://api.example' },
  ],
};
const adopt = {
  linksTable: 'Onehop-prod-Links-1',
  ledgerTable: 'Onehop-prod-Ledger-1',
  bucket: 'onehop-prod-lake-1',
  edgeSecretArn: SECRET,
  homeSecretArn: SECRET,
};

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'onehop-kept-'));
  file = join(folder, 'onehop.adopt.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('adoptOf', () => {
  it('finds every kept resource in the outputs, and nothing else', () => {
    expect(adoptOf(stack)).toEqual(adopt);
    expect(Object.keys(adopt)).toEqual(keptResources.map(({ setting }) => setting));
  });

  it('leaves out what the stack does not name', () => {
    expect(adoptOf({ ...stack, Outputs: [] })).toEqual({});
  });
});

describe('noteKept', () => {
  it('writes what the config takes up again for that stage only', () => {
    noteKept(file, 'prod', adopt);
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    expect(parseConfig({}, { kept }).adopt).toEqual(adopt);
    expect(parseConfig({ stage: 'dev' }, { kept }).adopt).toBeUndefined();
  });

  it('keeps the notes of other stages', () => {
    noteKept(file, 'dev', { bucket: 'onehop-dev-lake-1' });
    noteKept(file, 'prod', adopt);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ dev: { bucket: 'onehop-dev-lake-1' }, prod: adopt });
  });

  it('can be taken back, to the byte of meaning that was there before', () => {
    noteKept(file, 'prod', adopt)();
    expect(existsSync(file)).toBe(false);
    writeFileSync(file, JSON.stringify({ prod: { bucket: 'onehop-older-lake' } }));
    noteKept(file, 'prod', adopt)();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ prod: { bucket: 'onehop-older-lake' } });
  });

  it('refuses to write over a file it cannot read', () => {
    writeFileSync(file, '{');
    expect(() => noteKept(file, 'prod', adopt)).toThrow('is not JSON');
    expect(readFileSync(file, 'utf8')).toBe('{');
  });
});

describe('describeKept', () => {
  const text = describeKept('Onehop-prod', adopt);

  it('names every kept resource with its reason, and the edge function', () => {
    for (const { setting, what, why } of keptResources) {
      expect(text).toContain(`${what}: ${adopt[setting as keyof typeof adopt]}`);
      expect(text).toContain(`kept because ${why}`);
    }
    expect(text).toContain('versions of the edge function');
  });

  it('says how to take them up again in words the config understands', () => {
    const written = /adopt: (\{.*\})/.exec(text)?.[1] ?? '';
    expect(parseConfig({ adopt: JSON.parse(written) }).adopt).toEqual(adopt);
  });
});

describe('findStack', () => {
  const answering = (answer: () => unknown) =>
    ({ send: async () => answer() }) as unknown as Parameters<typeof findStack>[0];
  const missing = Object.assign(new Error('Stack with id Onehop-prod does not exist'), { name: 'ValidationError' });

  it('finds a stack, and none where CloudFormation knows none', async () => {
    expect(
      await findStack(
        answering(() => ({ Stacks: [stack] })),
        'Onehop-prod',
      ),
    ).toBe(stack);
    const fail = (error: Error) =>
      answering(() => {
        throw error;
      });
    expect(await findStack(fail(missing), 'Onehop-prod')).toBeUndefined();
    await expect(findStack(fail(Object.assign(new Error('no'), { name: 'AccessDenied' })), 'x')).rejects.toThrow('no');
  });
});
