import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Explains to cdk-nag why a policy names a pattern instead of single resources. The finding is named by the pattern,
 * so a new pattern in the same policy is a new finding.
 */
export function acknowledgePatterns(construct: IConstruct, reason: string, patterns: readonly string[]): void {
  for (const pattern of patterns)
    Validations.of(construct).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${flat(Stack.of(construct).resolve(pattern))}]`,
      reason,
    });
}

/** The form cdk-nag writes a resource in: references become `<LogicalId>` or `<LogicalId.Attribute>`. */
function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(flat).join('');
  const [name, argument] = Object.entries(value as Record<string, unknown>)[0] ?? [];
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(flat).join((argument as [string])[0]);
  if (name === 'Fn::GetAtt') return `<${(argument as string[]).join('.')}>`;
  if (name === 'Ref') return `<${String(argument)}>`;
  return JSON.stringify(value);
}
