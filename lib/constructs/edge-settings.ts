import { Stack, Token, Tokenization } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EDGE_CONFIG_HEADER, EDGE_CONFIG_MAX_LENGTH, type EdgeConfig } from '../../lambdas/contract/edge-config.ts';

/** Longest name CloudFormation generates here: stack name, logical id and 14 random characters. */
const GENERATED_NAME_LENGTH = 80;

/**
 * The edge function's settings as the origin's custom header. Names of resources are filled in by CloudFormation, so the
 * length is an upper bound. A value that may not fit fails the synthesis with what to do about it.
 */
export function edgeSettingsHeader(scope: Construct, config: EdgeConfig): Record<string, string> {
  const json = Stack.of(scope).toJsonString(config);
  const length = longest(scope, config);
  scope.node.addValidation({
    validate: () =>
      length <= EDGE_CONFIG_MAX_LENGTH
        ? []
        : [
            `The edge settings of ${config.domain} may take ${length} characters; CloudFront allows ${EDGE_CONFIG_MAX_LENGTH} in a header. ` +
              'Shorten its fallbackUrl, or name fewer regions in replicaRegions and streams.regions.',
          ],
  });
  return { [EDGE_CONFIG_HEADER]: json };
}

function longest(scope: Construct, config: EdgeConfig): number {
  const placeholder = 'x'.repeat(GENERATED_NAME_LENGTH);
  const known = (value: unknown) =>
    typeof value === 'string' && Token.isUnresolved(value) && Tokenization.reverseString(value).length > 0
      ? placeholder
      : value;
  return JSON.stringify(
    Stack.of(scope).resolve(Object.fromEntries(Object.entries(config).map(([k, v]) => [k, known(v)]))),
  ).length;
}
