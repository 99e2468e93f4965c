import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { HOME_REGION } from '../lib/config/names.ts';
import { UserError } from './options.ts';

/**
 * Id of the account whose credentials are in use.
 * @throws UserError, one sentence, where there are none or AWS refuses them
 */
export async function accountId(client = new STSClient({ region: HOME_REGION, maxAttempts: 2 })): Promise<string> {
  const account = await client.send(new GetCallerIdentityCommand({})).then(
    ({ Account }) => Account,
    (error: unknown) => {
      throw new UserError(reasonOf(error));
    },
  );
  if (!account) throw new UserError('AWS did not say which account these credentials belong to; try again.');
  return account;
}

function reasonOf(error: unknown): string {
  const name = error instanceof Error ? error.name : 'unknown error';
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError')
    return 'No AWS credentials were found: sign in (for example with "aws sso login") or set AWS_PROFILE, then run this again.';
  return `AWS could not be asked who you are (${name}): check your credentials and your network, then run this again.`;
}
