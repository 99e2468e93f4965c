import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { OnehopConfig } from '../../lib/config/onehop-config.ts';
import { parseConfig } from '../../lib/config/parse-config.ts';
import { addStacks } from '../../lib/stacks/app-stacks.ts';

interface Finding {
  readonly rule: string;
  readonly severity: string;
}

export interface Synthesised {
  /** Template of a stack by its name. */
  readonly template: (stack?: string) => Template;
  /** What the template validator and cdk-nag found and nobody explained. */
  readonly findings: readonly Finding[];
  readonly stacks: readonly string[];
}

const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));

/**
 * Synthesises a config as `npm run synth` does, with all checks, but without bundling any code.
 * @throws Error where the validator or cdk-nag has an error nobody explained
 */
export function synthesise(config: OnehopConfig, change: (app: App) => void = () => {}): Synthesised {
  const outdir = mkdtempSync(join(tmpdir(), 'onehop-synth-'));
  const app = new App({ outdir, context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  addStacks(app, parseConfig(config));
  change(app);
  const assembly = app.synth();
  return {
    template: (stack = 'Onehop-prod') => Template.fromJSON(assembly.getStackByName(stack).template),
    findings: findingsIn(join(outdir, 'validation-report.json')),
    stacks: assembly.stacks.map(({ stackName }) => stackName),
  };
}

function findingsIn(path: string): Finding[] {
  const report = JSON.parse(readFileSync(path, 'utf8')) as {
    pluginReports: { violations?: { ruleName: string; severity?: string }[] }[];
  };
  return report.pluginReports.flatMap(({ violations = [] }) =>
    violations.map(({ ruleName, severity = '' }) => ({ rule: ruleName, severity })),
  );
}

export const ZONE = { id: 'Z0123456789ABCDEFGHIJ', name: 'brand.com' };
export const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012';
