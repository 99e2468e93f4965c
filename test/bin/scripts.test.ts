import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { accountId } from '../../bin/account.ts';
import { stageContext } from '../../bin/cdk.ts';
import { deploySteps, describeOutputs, stackRegions } from '../../bin/deploy-steps.ts';
import { readOptions } from '../../bin/options.ts';
import { parseConfig } from '../../lib/config/parse-config.ts';

/** Runs a script as somebody without any AWS credentials. */
function run(script: string, ...args: string[]) {
  const home = mkdtempSync(join(tmpdir(), 'onehop-home-'));
  try {
    const env = { PATH: process.env.PATH, HOME: home, AWS_EC2_METADATA_DISABLED: 'true' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [`bin/${script}.ts`, ...args], {
      env,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  } finally {
    rmSync(home, { recursive: true });
  }
}

const ONE_SENTENCE = /^onehop: No AWS credentials were found: [^.]+\.\n$/;

describe('scripts without AWS credentials', () => {
  it.each(['deploy', 'diff', 'destroy'])('%s stops with one sentence', (script) => {
    const { status, stdout, stderr } = run(script);
    expect(stderr).toMatch(ONE_SENTENCE);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });

  it('names a faulty stage before it asks AWS', () => {
    const { status, stderr } = run('deploy', '--stage', 'Prod!');
    expect(stderr).toMatch(/^onehop: onehop\.config\.ts has a fault:\n- stage is "Prod!": write /);
    expect(status).toBe(1);
  });

  it('names an unknown option and the known ones', () => {
    const { status, stderr } = run('deploy', '--stag', 'dev');
    expect(stderr).toContain("'--stag'");
    expect(stderr).toContain('--stage <name>');
    expect(status).toBe(1);
  });
});

describe('accountId', () => {
  const failing = (name: string) =>
    ({ send: () => Promise.reject(Object.assign(new Error('x'), { name })) }) as unknown as Parameters<
      typeof accountId
    >[0];

  it('tells missing credentials from refused ones', async () => {
    await expect(accountId(failing('CredentialsProviderError'))).rejects.toThrow('No AWS credentials were found');
    await expect(accountId(failing('ExpiredTokenException'))).rejects.toThrow('(ExpiredTokenException)');
  });
});

describe('readOptions', () => {
  it('reads the stage, which is absent by default', () => {
    expect(readOptions(['--stage', 'dev', '--yes'])).toEqual({ stage: 'dev', yes: true });
    expect(readOptions([])).toEqual({ yes: false });
    expect(stageContext('dev')).toEqual(['--context', 'stage=dev']);
    expect(stageContext()).toEqual([]);
  });
});

describe('deploySteps', () => {
  const config = parseConfig({ replicaRegions: ['eu-west-1'], streams: { regions: { 'ap-south-1': 2 } } });
  const steps = deploySteps(config, { account: '123456789012', stage: 'dev', outputsFile: 'o.json' });

  it('bootstraps every region with a stack first, and no region that only holds replicas', () => {
    expect(stackRegions(config)).toEqual(['us-east-1', 'ap-south-1']);
    expect(steps[0]).toEqual([
      'bootstrap',
      'aws://123456789012/us-east-1',
      'aws://123456789012/ap-south-1',
      '--context',
      'stage=dev',
    ]);
  });

  it('then deploys all stacks of the stage without asking', () => {
    expect(steps).toHaveLength(2);
    expect(steps[1]).toEqual([
      'deploy',
      '--all',
      '--require-approval',
      'never',
      '--outputs-file',
      'o.json',
      '--context',
      'stage=dev',
    ]);
  });
});

describe('describeOutputs', () => {
  it('lists every output under its stack', () => {
    expect(describeOutputs({ 'Onehop-dev': { ApiUrl: 'https://a', ShortUrl: 'https://b' } })).toBe(
      'Onehop-dev\n  ApiUrl: https://a\n  ShortUrl: https://b',
    );
  });
});
