import { readIfThere } from '../data-folder.ts';
import { localNames } from '../names.ts';
import { type AwsCall, AwsServiceError, parseBody } from './aws-json.ts';

/** Name of the secret, as a caller sends it, to its place in the key file. */
const PLACES: Readonly<Record<string, string>> = {
  [localNames.edgeSecret]: 'edge',
  [localNames.homeSecret]: 'home',
};

/** Secrets Manager's GetSecretValue over the key file, read anew each time so that a rotation is seen. */
export function secretsService(keysFile: string): (call: AwsCall) => object {
  return ({ operation, body }) => {
    if (operation !== 'GetSecretValue')
      throw new AwsServiceError('UnknownOperationException', `${operation} is not known here`);
    const name = String(parseBody(body).SecretId);
    const keys = JSON.parse(readIfThere(keysFile) ?? '{}') as Record<string, unknown>;
    const value = keys[PLACES[name] ?? ''];
    if (value === undefined) throw new AwsServiceError('ResourceNotFoundException', `no secret is called ${name}`);
    return {
      ARN: `arn:aws:secretsmanager:local:000000000000:secret:${name}`,
      Name: name,
      SecretString: JSON.stringify(value),
    };
  };
}
