import process from 'node:process';
import { Logger } from '@aws-lambda-powertools/logger';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CloudWatchLogGroups, isRegionOff } from '../adapters/log-groups.ts';
import { edgeLogsEnvironment } from '../contract/environment.ts';
import { type EdgeLogsResult, keepEdgeLogs } from './handler.ts';
import { alwaysOnRegions, optInRegions } from './regions.ts';

const logger = new Logger({ serviceName: 'edge-logs' });

function required(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the environment variable ${variable} is not set`);
  return value;
}

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
