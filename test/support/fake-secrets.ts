import type { Call, Reply } from '../adapters/edge/fake-aws.ts';

interface Put {
  readonly ClientRequestToken: string;
  readonly SecretString: string;
  readonly VersionStages?: readonly string[];
}

/**
 * Secrets Manager as far as a rotation needs it, with its rules: a version is one client request token, a label is on one
 * version at a time, and moving it needs the version it is on.
 */
export class FakeSecret {
  readonly versions = new Map<string, string>();
  readonly labels = new Map<string, string>();

  constructor(secret: string) {
    this.versions.set('first', secret);
    this.labels.set('AWSCURRENT', 'first');
  }

  get current(): string {
    return this.versions.get(this.labels.get('AWSCURRENT') ?? '') ?? '';
  }

  readonly reply = ({ target, body }: Call): Reply => {
    const operation = target.split('.').at(-1);
    if (operation === 'GetSecretValue')
      return { body: { SecretString: this.current, VersionId: this.labels.get('AWSCURRENT') } };
    if (operation === 'PutSecretValue') return this.#put(body as unknown as Put);
    if (operation === 'UpdateSecretVersionStage') return this.#move(body as Record<string, string>);
    return { status: 400, body: { __type: 'UnknownOperationException' } };
  };

  #put({ ClientRequestToken, SecretString, VersionStages = ['AWSCURRENT'] }: Put): Reply {
    if (this.versions.has(ClientRequestToken)) return { status: 400, body: { __type: 'ResourceExistsException' } };
    this.versions.set(ClientRequestToken, SecretString);
    for (const label of VersionStages) this.labels.set(label, ClientRequestToken);
    return { body: { VersionId: ClientRequestToken, VersionStages } };
  }

  #move({ VersionStage = '', RemoveFromVersionId, MoveToVersionId }: Record<string, string>): Reply {
    const holder = this.labels.get(VersionStage);
    if (holder !== undefined && holder !== RemoveFromVersionId)
      return { status: 400, body: { __type: 'InvalidParameterException', message: `${VersionStage} is on ${holder}` } };
    if (MoveToVersionId) this.labels.set(VersionStage, MoveToVersionId);
    else this.labels.delete(VersionStage);
    return { body: {} };
  }
}
