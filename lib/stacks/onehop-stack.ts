import { Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { stackOutputs } from '../../lambdas/contract/outputs.ts';
import { edgeLogGroupPrefix, eventStreamBase, HOME_REGION, stackName, streamBase } from '../config/names.ts';
import type { ResolvedConfig } from '../config/schema.ts';
import { AlarmTopic } from '../constructs/alarm-topic.ts';
import { ApiAlarms } from '../constructs/api-alarms.ts';
import { ApiFunction } from '../constructs/api-function.ts';
import { AttributeFunction } from '../constructs/attribute-function.ts';
import { CheckFunction } from '../constructs/check-function.ts';
import { ClickLake } from '../constructs/click-lake.ts';
import { OnehopDashboard } from '../constructs/dashboard.ts';
import { EdgeLogRetention } from '../constructs/edge-log-retention.ts';
import { type FunctionDefaults, functionDefaults } from '../constructs/house-function.ts';
import { HttpApi } from '../constructs/http-api.ts';
import { KeySecret } from '../constructs/key-secret.ts';
import { LedgerAlarms } from '../constructs/ledger-alarms.ts';
import { LedgerTable } from '../constructs/ledger-table.ts';
import { LinksTable } from '../constructs/links-table.ts';
import { Postbacks } from '../constructs/postbacks.ts';
import { Redirect } from '../constructs/redirect.ts';
import { ShortDomains } from '../constructs/short-domains.ts';
import { SmsEvents } from '../constructs/sms-events.ts';
import { StackOutputs } from '../constructs/stack-outputs.ts';
import { SweepFunction } from '../constructs/sweep-function.ts';

/** What a bill can be split by: the value of the tag `onehop:part` for each construct of the stack. */
const PARTS: Readonly<Record<string, string>> = {
  Links: 'tables',
  Ledger: 'tables',
  EdgeKeys: 'keys',
  HomeKeys: 'keys',
  Lake: 'lake',
  SmsEvents: 'lake',
  EdgeLogs: 'redirect',
  Redirect: 'redirect',
  Domains: 'redirect',
  ApiFunction: 'api',
  Attribute: 'conversions',
  Sweep: 'conversions',
  Postbacks: 'postbacks',
  CheckDestination: 'api',
  Api: 'api',
};

export interface OnehopStackProps extends StackProps {
  readonly config: ResolvedConfig;
}

/** Everything of a stage that lives in us-east-1: tables, keys, lake, redirect, domains, API, alarms. */
export class OnehopStack extends Stack {
  readonly #config: ResolvedConfig;
  readonly #defaults: FunctionDefaults;

  constructor(scope: Construct, id: string, { config, ...props }: OnehopStackProps) {
    super(scope, id, props);
    this.#config = config;
    this.#defaults = functionDefaults(config.runtime, config.logRetentionDays);
    const { topic } = new AlarmTopic(
      this,
      'Alarms',
      config.alarmEmail === undefined ? {} : { email: config.alarmEmail },
    );
    const kept = this.#keptResources();
    const lake = new ClickLake(this, 'Lake', { ...this.#defaults, config, topic });
    const smsEvents = new SmsEvents(this, 'SmsEvents', {
      ...this.#defaults,
      ...lake.parts,
      stage: config.stage,
      topic,
    });
    const redirect = this.#redirect(kept);
    const domains = new ShortDomains(this, 'Domains', { ...kept, config, redirect, lake, topic });
    const handler = new ApiFunction(this, 'ApiFunction', {
      ...this.#defaults,
      ...kept,
      ...lake.parts,
      ...this.#apiFacts(domains),
      checks: new CheckFunction(this, 'CheckDestination', this.#defaults).function,
    });
    const ledgerProps = {
      ...this.#defaults,
      ...kept,
      bucket: lake.parts.lake.bucket,
      eventStreamBase: eventStreamBase(config.stage),
    };
    const attribute = new AttributeFunction(this, 'Attribute', ledgerProps);
    const sweep = new SweepFunction(this, 'Sweep', ledgerProps);
    new LedgerAlarms(this, 'LedgerAlarms', { attribute, sweep, topic });
    const postbacks = new Postbacks(this, 'Postbacks', { ...ledgerProps, topic });
    postbacks.feed(attribute.function);
    const api = new HttpApi(this, 'Api', {
      function: handler.function,
      inlets: postbacks.function,
      logRetentionDays: this.#defaults.logRetentionDays,
      ...(config.apiDomain && { domain: config.apiDomain }),
    });
    new ApiAlarms(this, 'ApiAlarms', { api, function: handler.function, topic });
    new OnehopDashboard(this, 'Dashboard', {
      name: stackName(config.stage),
      distributions: domains.distributions,
      streamNames: lake.streamNames,
      api,
      errorObjects: lake.errorObjects,
    });
    new StackOutputs(this, {
      ApiUrl: api.origin,
      ShortUrl: domains.defaultOrigin,
      LinksTableName: kept.links.tableName,
      LedgerTableName: kept.ledger.tableName,
      BucketName: lake.parts.lake.bucket.bucketName,
      EdgeSecretArn: kept.keys.secretArn,
      HomeSecretArn: kept.home.secretArn,
      StreamBase: streamBase(config.stage),
      SmsEventStreamArn: smsEvents.streamArn,
      SmsEventRoleArn: smsEvents.roleArn,
      DatabaseName: lake.parts.catalog.databaseName,
      WorkgroupName: lake.parts.workgroup.workgroupName,
    } satisfies Record<(typeof stackOutputs)[number], string>);
    for (const part of this.node.children) Tags.of(part).add('onehop:part', PARTS[part.node.id] ?? 'monitoring');
  }

  /** What outlives the stack, new or taken up again. */
  #keptResources() {
    const { replicaRegions, adopt = {} } = this.#config;
    const given = (value: string | undefined) => (value === undefined ? {} : { adopt: value });
    return {
      links: new LinksTable(this, 'Links', { replicaRegions, ...given(adopt.linksTable) }),
      ledger: new LedgerTable(this, 'Ledger', given(adopt.ledgerTable)),
      keys: new KeySecret(this, 'EdgeKeys', {
        description: 'Onehop: keys of codes, click ids and addresses, read at the edge',
        replicaRegions,
        ...given(adopt.edgeSecretArn),
      }),
      home: new KeySecret(this, 'HomeKeys', {
        description: 'Onehop: keys of identities, experiments and sources, never read at the edge',
        ...given(adopt.homeSecretArn),
      }),
    };
  }

  #redirect({ links, keys }: { links: LinksTable; keys: KeySecret }): Redirect {
    const { stage, replicaRegions, streams } = this.#config;
    const logGroupPrefix = edgeLogGroupPrefix(stage);
    new EdgeLogRetention(this, 'EdgeLogs', { ...this.#defaults, logGroupPrefix });
    return new Redirect(this, 'Redirect', {
      links,
      keys,
      logGroupPrefix,
      streamBase: streamBase(stage),
      streamShards: { [HOME_REGION]: streams.shards, ...streams.regions },
      warmRegions: {
        tables: [HOME_REGION, ...replicaRegions],
        streams: [HOME_REGION, ...Object.keys(streams.regions)],
      },
      runtime: this.#defaults.runtime,
    });
  }

  #apiFacts(domains: ShortDomains) {
    const { stage, ipPolicy } = this.#config;
    return {
      stage,
      ipPolicy,
      shortOrigin: domains.defaultOrigin,
      shortDomains: domains.names,
      eventStreamBase: eventStreamBase(stage),
    };
  }
}
