import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, LogStream, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** Where all streams of a stack log what they could not deliver; a line names its stream. */
export class StreamLog extends Construct {
  readonly group: LogGroup;
  readonly stream: LogStream;

  constructor(scope: Construct, id: string, retention: RetentionDays) {
    super(scope, id);
    this.group = new LogGroup(this, 'Group', { retention, removalPolicy: RemovalPolicy.DESTROY });
    this.stream = new LogStream(this, 'Stream', { logGroup: this.group, removalPolicy: RemovalPolicy.DESTROY });
  }
}
