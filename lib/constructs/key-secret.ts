import { ArnFormat, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

export interface KeySecretProps {
  readonly description: string;
  /** Regions beside the stack's own that hold a replica. @default none */
  readonly replicaRegions?: readonly string[];
  /** Complete ARN of a secret kept by an earlier destroy. @default a new secret with a new key */
  readonly adopt?: string;
}

/**
 * How the first key is made: `{"key_1":"<64 letters and digits>"}`. Frozen: CloudFormation writes a new version of the
 * secret, and so loses every key, whenever one of these properties changes.
 */
const FIRST_KEY = {
  secretStringTemplate: '{}',
  generateStringKey: 'key_1',
  passwordLength: 64,
  excludePunctuation: true,
} as const;

/** A secret of keys that outlives the stack: without it no code and no click id could be read again. */
export class KeySecret extends Construct {
  /** The same in every region, as an ARN is not. */
  readonly secretName: string;
  /** ARN in the stack's region. */
  readonly secretArn: string;
  /** ARNs of the secret and of every replica. */
  readonly arns: readonly string[];

  constructor(scope: Construct, id: string, { description, replicaRegions = [], adopt }: KeySecretProps) {
    super(scope, id);
    const secret =
      adopt === undefined
        ? new Secret(this, 'Secret', {
            description,
            generateSecretString: FIRST_KEY,
            replicaRegions: replicaRegions.map((region) => ({ region })),
            removalPolicy: RemovalPolicy.RETAIN,
          })
        : Secret.fromSecretCompleteArn(this, 'Secret', adopt);
    this.secretName = secret.secretName;
    this.secretArn = secret.secretArn;
    this.arns = [secret.secretArn, ...replicaRegions.map((region) => this.#arnIn(region))];
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Replacing a key by schedule would make links already sent unreadable. Rotation adds a key and keeps the old ones.',
    });
  }

  #arnIn(region: string): string {
    const stack = Stack.of(this);
    const parts = stack.splitArn(this.secretArn, ArnFormat.COLON_RESOURCE_NAME);
    return stack.formatArn({ ...parts, region, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  }
}
