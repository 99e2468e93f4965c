/** A condition on a write: the expression, and the values and names it uses. */
export interface Condition {
  readonly expression: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly names?: Readonly<Record<string, string>>;
}

/** What an update does to an item's attributes; those it does not name stay as they are. */
export interface Change {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  /** Numbers to add, where a missing attribute counts as 0, and members to add to sets. */
  readonly add?: Readonly<Record<string, number | ReadonlySet<string>>>;
  /** Members to take out of sets. */
  readonly take?: Readonly<Record<string, ReadonlySet<string>>>;
}

/** The members of a conditional write. */
export function conditional(condition: Condition | undefined) {
  if (!condition) return {};
  return {
    ConditionExpression: condition.expression,
    ...(condition.values && { ExpressionAttributeValues: { ...condition.values } }),
    ...(condition.names && { ExpressionAttributeNames: { ...condition.names } }),
  };
}

/** The members of a read that names its attributes. */
export function projectionOf(attributes: readonly string[]) {
  return {
    ProjectionExpression: attributes.map((_, at) => `#p${at}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(attributes.map((name, at) => [`#p${at}`, name])),
  };
}

/** The members of an update, its condition among them. A value that is undefined is left out. */
export function updateOf({ set = {}, remove = [], add = {}, take = {} }: Change, condition?: Condition) {
  const names: Record<string, string> = { ...condition?.names };
  const values: Record<string, unknown> = { ...condition?.values };
  const assignment =
    (mark: string, joint: string) =>
    ([name, value]: [string, unknown], at: number) => {
      names[`#${mark}${at}`] = name;
      values[`:${mark}${at}`] = value;
      return `#${mark}${at}${joint}:${mark}${at}`;
    };
  const sets = Object.entries(set)
    .filter(([, value]) => value !== undefined)
    .map(assignment('s', ' = '));
  const adds = Object.entries(add).map(assignment('a', ' '));
  const takes = Object.entries(take).map(assignment('t', ' '));
  const removes = remove.map((name, at) => {
    names[`#r${at}`] = name;
    return `#r${at}`;
  });
  const clauses = { SET: sets, ADD: adds, DELETE: takes, REMOVE: removes };
  const parts = Object.entries(clauses).filter(([, list]) => list.length > 0);
  return {
    UpdateExpression: parts.map(([verb, list]) => `${verb} ${list.join(', ')}`).join(' '),
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
    ...(condition && { ConditionExpression: condition.expression }),
  };
}
