import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CliCredentialsStackSynthesizer, type IReusableStackSynthesizer } from 'aws-cdk-lib';
import type { AdoptConfig } from '../../lib/config/onehop-config.ts';
import { parseConfig } from '../../lib/config/parse-config.ts';
import { addStacks } from '../../lib/stacks/app-stacks.ts';

export const STAGE = 'emulated';

/** Types the emulator does not know; nothing that stays may refer to one of them. */
const REFUSED = new Set([
  'AWS::Athena::NamedQuery',
  'AWS::Logs::Delivery',
  'AWS::Logs::DeliveryDestination',
  'AWS::Logs::DeliverySource',
]);

interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  DependsOn?: string | string[];
}

interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Outputs?: Record<string, unknown>;
}

export interface Variation {
  /** What an earlier deployment left. @default nothing */
  readonly adopt?: AdoptConfig;
  /** An IAM action to take out of every policy, to see that it is missed. @default none */
  readonly revoke?: string;
}

/** Synthesises the stage as it would be deployed, less what the emulator refuses. */
export function synthesise(outdir: string, { adopt, revoke }: Variation = {}): void {
  const flags: unknown = JSON.parse(readFileSync('cdk.json', 'utf8'));
  const app = new App({
    outdir,
    context: (flags as { context: Record<string, unknown> }).context,
    // Publishing roles of the bootstrap stack are more than the emulator's IAM can do.
    defaultStackSynthesizer: new CliCredentialsStackSynthesizer() as IReusableStackSynthesizer,
  });
  // A tag, because a template is published under a hash of how it was before it is changed below.
  const tags = revoke === undefined ? {} : { revoked: revoke };
  addStacks(app, parseConfig({ stage: STAGE, tags, ...(adopt && { adopt }) }));
  app.synth();
  for (const name of readdirSync(outdir).filter((file) => file.endsWith('.template.json'))) {
    const file = join(outdir, name);
    const template = without(secretsByArn(JSON.parse(readFileSync(file, 'utf8'), judgeable)));
    const text = JSON.stringify(template);
    writeFileSync(file, revoke === undefined ? text : text.replaceAll(`"${revoke}"`, '"sts:GetCallerIdentity"'));
  }
}

/**
 * What the emulator cannot judge: it does not tell policies which keys a call names, and it is reached without TLS, which
 * bucket and queues refuse. Template tests hold both.
 */
function judgeable(name: string, value: unknown): unknown {
  const text = JSON.stringify(value) ?? '';
  if (name === 'Condition' && text.includes('dynamodb:LeadingKeys')) return undefined;
  if (name !== 'Statement' || !Array.isArray(value)) return value;
  return value.filter((statement) => !JSON.stringify(statement).includes('"aws:SecureTransport":"false"'));
}

/** Alarms over several metrics are refused as well. */
const isRefused = ({ Type, Properties }: Resource) =>
  REFUSED.has(Type) || (Type === 'AWS::CloudWatch::Alarm' && Properties?.Metrics !== undefined);

function without(template: Template): Template {
  const refused = Object.entries(template.Resources).filter(([, resource]) => isRefused(resource));
  const gone = new Set(refused.map(([id]) => id));
  const kept = Object.entries(template.Resources).filter(([id]) => !gone.has(id));
  for (const [, resource] of kept)
    if (resource.DependsOn) resource.DependsOn = [resource.DependsOn].flat().filter((id) => !gone.has(id));
  const text = JSON.stringify(Object.fromEntries(kept));
  const dangling = [...gone].find((id) => text.includes(`"${id}"`));
  if (dangling) throw new Error(`${dangling} cannot be taken out: something refers to it`);
  return { ...template, Resources: Object.fromEntries(kept) };
}

/** AWS returns the ARN of a secret for `Ref`, the emulator its name; both know the ARN as the attribute `Id`. */
function secretsByArn(template: Template): Template {
  const secrets = Object.keys(template.Resources).filter(
    (id) => template.Resources[id]?.Type === 'AWS::SecretsManager::Secret',
  );
  const text = JSON.stringify(template);
  return JSON.parse(
    secrets.reduce((all, id) => all.replaceAll(`{"Ref":"${id}"}`, `{"Fn::GetAtt":["${id}","Id"]}`), text),
  );
}
