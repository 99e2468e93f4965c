import type { Template } from 'aws-cdk-lib/assertions';

export interface Resource {
  readonly Type: string;
  readonly DependsOn?: unknown;
  readonly DeletionPolicy?: string;
  // biome-ignore lint/suspicious/noExplicitAny: templates are looked into at every depth
  readonly Properties: any;
}

export interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Principal: unknown;
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

export const text = (value: unknown) => JSON.stringify(value);

/** Looks into a template: resources by type, the one whose logical id begins so, and what a role may do. */
export function inspect(template: Template) {
  const of = (type: string): [string, Resource][] =>
    Object.entries(template.findResources(type)) as [string, Resource][];

  /** @throws Error where not exactly one logical id begins so */
  const one = (type: string, part: string): Resource => {
    const found = of(type).filter(([id]) => id.startsWith(part));
    const [first] = found;
    if (!first || found.length > 1) throw new Error(`${found.length} resources ${type} begin with ${part}`);
    return first[1];
  };

  /** Every statement of the policies that a role has, inline or attached. */
  const statementsOf = (role: string): Statement[] => {
    const roles = of('AWS::IAM::Role').filter(([id]) => id.startsWith(role));
    const inline = roles.flatMap(([, { Properties }]) => Properties.Policies ?? []);
    const attached = of('AWS::IAM::Policy').filter(([, { Properties }]) => text(Properties.Roles).includes(role));
    const documents = [...inline, ...attached.map(([, { Properties }]) => Properties)].map(
      (policy) => policy.PolicyDocument,
    );
    return documents.flatMap((document) => document.Statement);
  };

  const actionsOf = (role: string) =>
    statementsOf(role)
      .flatMap(({ Action }) => Action)
      .sort();
  return { template, of, one, statementsOf, actionsOf };
}
