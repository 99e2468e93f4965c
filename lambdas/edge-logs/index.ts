import { Logger } from '@aws-lambda-powertools/logger';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { required } from '../adapters/environment.ts';
import { CloudWatchLogGroups, isRegionOff } from '../adapters/log-groups.ts';
import { edgeLogsEnvironment } from '../contract/environment.ts';
import { type EdgeLogsResult, keepEdgeLogs } from './handler.ts';
import { alwaysOnRegions, optInRegions } from './regions.ts';

const logger = new Logger({ serviceName: 'edge-logs' });

/** Runs once a day. */
export async function handler(): Promise<EdgeLogsResult> {
  return keepEdgeLogs({
    alwaysOn: alwaysOnRegions,
    optIn: optInRegions,
    logGroupsIn: (region) => new CloudWatchLogGroups(new CloudWatchLogsClient({ region })),
    isRegionOff,
    prefix: required(edgeLogsEnvironment.logGroupPrefix),
    retentionDays: Number(required(edgeLogsEnvironment.retentionDays)),
    log: (event, facts) => logger.info(event, { ...facts }),
  });
}
