import { randomUUID } from 'node:crypto';
import {
  GetSecretValueCommand,
  InvalidParameterException,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { CliError } from '../cli-error.ts';
import { CHANGE_ATTEMPTS, type EdgeSecret } from './edge-secret.ts';

const CURRENT = 'AWSCURRENT';

/**
 * The edge secret of a stage in Secrets Manager. Its put has no condition, so a change is put beside the current version first
 * and becomes current by moving the label away from the version that was read: AWS refuses that where another has it by then.
 */
export class StageSecret implements EdgeSecret {
  readonly #client: SecretsManagerClient;
  readonly #arn: string;

  constructor(client: SecretsManagerClient, arn: string) {
    this.#client = client;
    this.#arn = arn;
  }

  async read(): Promise<string> {
    return (await this.#current()).secret;
  }

  /** @throws CliError where others change the secret all the time */
  async change<T extends { readonly secret: string }>(apply: (secret: string) => T): Promise<T> {
    for (let attempt = 0; attempt < CHANGE_ATTEMPTS; attempt++) {
      const { secret, version } = await this.#current();
      const changed = apply(secret);
      if (await this.#replace(version, changed.secret)) return changed;
    }
    throw new CliError('somebody else changes the keys at the same time: nothing was changed, try again in a minute');
  }

  async #current(): Promise<{ secret: string; version: string }> {
    const { SecretString = '', VersionId = '' } = await this.#client.send(
      new GetSecretValueCommand({ SecretId: this.#arn, VersionStage: CURRENT }),
    );
    return { secret: SecretString, version: VersionId };
  }

  /** @returns false where the version that was read is not the current one any more */
  async #replace(version: string, secret: string): Promise<boolean> {
    const added = randomUUID();
    const label = `onehop-${added}`;
    await this.#client.send(
      new PutSecretValueCommand({
        SecretId: this.#arn,
        SecretString: secret,
        ClientRequestToken: added,
        VersionStages: [label],
      }),
    );
    try {
      await this.#move(CURRENT, version, added);
      return true;
    } catch (error) {
      if (error instanceof InvalidParameterException) return false;
      throw error;
    } finally {
      await this.#move(label, added);
    }
  }

  /** Moves a label from one version to another, or off it: a version without labels is deleted by AWS in time. */
  async #move(VersionStage: string, RemoveFromVersionId: string, MoveToVersionId?: string): Promise<void> {
    await this.#client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: this.#arn,
        VersionStage,
        RemoveFromVersionId,
        ...(MoveToVersionId && { MoveToVersionId }),
      }),
    );
  }
}
