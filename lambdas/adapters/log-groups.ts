import {
  type CloudWatchLogsClient,
  PutRetentionPolicyCommand,
  paginateDescribeLogGroups,
} from '@aws-sdk/client-cloudwatch-logs';

export interface LogGroup {
  readonly name: string;
  /** Days its lines are kept; absent where they are kept for ever. */
  readonly retentionDays?: number;
}

/** Log groups of one region. */
export interface LogGroups {
  /** Groups whose name begins with a prefix. */
  list(prefix: string): Promise<readonly LogGroup[]>;
  keep(name: string, retentionDays: number): Promise<void>;
}

/** Errors by which AWS says that the account has not switched a region on; permissions are never among them. */
const NOT_ENABLED = new Set(['UnrecognizedClientException', 'InvalidClientTokenId', 'InvalidSignatureException']);

/** True for the error of a region that the account does not use. */
export function isRegionOff(error: unknown): boolean {
  return error instanceof Error && NOT_ENABLED.has(error.name);
}

/** CloudWatch Logs of one region. */
export class CloudWatchLogGroups implements LogGroups {
  readonly #client: CloudWatchLogsClient;

  constructor(client: CloudWatchLogsClient) {
    this.#client = client;
  }

  async list(prefix: string): Promise<readonly LogGroup[]> {
    const groups: LogGroup[] = [];
    for await (const page of paginateDescribeLogGroups({ client: this.#client }, { logGroupNamePrefix: prefix }))
      for (const { logGroupName, retentionInDays } of page.logGroups ?? [])
        if (logGroupName)
          groups.push({ name: logGroupName, ...(retentionInDays !== undefined && { retentionDays: retentionInDays }) });
    return groups;
  }

  async keep(name: string, retentionDays: number): Promise<void> {
    await this.#client.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: retentionDays }));
  }
}
