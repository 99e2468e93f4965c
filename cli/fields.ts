import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { CliError } from './cli-error.ts';
import { firstLine, secretFromInput } from './secret-line.ts';
import type { Terminal } from './terminal.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Adds a flag for every field of an entity, named after it, and `--file`. What may be written and never read is a secret: it
 * comes out of a file or a pipe, since a flag stays in the shell's history and in the list of processes.
 */
export function addFieldFlags(command: Command, schema: z.ZodType): Command {
  for (const [name, property] of Object.entries(propertiesOf(schema)))
    command.addOption(
      property.writeOnly
        ? new Option(
            `--${kebab(name)}-file <path>`,
            'read it from the first line of a file, or of standard input with - (on a terminal it is asked for)',
          )
        : new Option(`--${kebab(name)} ${isBoolean(property) ? '[true|false]' : '<value>'}`, describe(property)),
    );
  return command.option(
    '--file <path>',
    'read the fields from a JSON file, or from standard input with -; flags win over it',
  );
}

/** The body that flags and file name together. @throws CliError with every value that cannot be read */
export async function bodyFromFlags(
  flags: Readonly<Record<string, unknown>>,
  schema: z.ZodType,
  terminal: Terminal,
): Promise<Record<string, unknown>> {
  const body = typeof flags.file === 'string' ? await readBody(flags.file, terminal) : {};
  const faults: string[] = [];
  for (const [name, property] of Object.entries(propertiesOf(schema))) {
    const file = flags[`${camel(name)}File`];
    if (property.writeOnly && typeof file === 'string') body[name] = await readSecret(file, terminal);
    const value = flags[camel(name)];
    // a flag of a boolean may stand alone
    if (value === true) body[name] = true;
    if (property.writeOnly || typeof value !== 'string') continue;
    try {
      body[name] = parseValue(value, property);
    } catch {
      faults.push(`--${kebab(name)}: ${describe(property)}`);
    }
  }
  if (faults.length > 0) throw new CliError('some flags cannot be read', faults);
  return body;
}

/** @throws CliError */
async function readSecret(path: string, terminal: Terminal): Promise<string> {
  try {
    return path === '-' ? await secretFromInput(terminal) : firstLine(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new CliError(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
}

async function readBody(path: string, { stdin }: Terminal): Promise<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(path === '-' ? await text(stdin) : readFileSync(path, 'utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch (error) {
    throw new CliError(`${path === '-' ? 'standard input' : path} cannot be read as JSON: ${(error as Error).message}`);
  }
  throw new CliError(`${path} does not hold a JSON object`);
}

function propertiesOf(schema: z.ZodType): Record<string, JsonSchema> {
  return (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }).properties ?? {}) as Record<
    string,
    JsonSchema
  >;
}

/** How a field is written as text: as it is, as a list separated by commas, or as JSON. */
export type FieldKind = 'text' | 'list' | 'json';

/** The kind of every field of an entity. */
export function fieldKinds(schema: z.ZodType): Readonly<Record<string, FieldKind>> {
  return Object.fromEntries(
    Object.entries(propertiesOf(schema)).map(([name, property]) => [name, kindOf(typesOf(property)[0])]),
  );
}

function kindOf(type: JsonSchema | undefined): FieldKind {
  if (type?.type === 'string' || type?.enum) return 'text';
  return type?.type === 'array' && (type.items as JsonSchema | undefined)?.type === 'string' ? 'list' : 'json';
}

/** Types a field takes, null left out. */
function typesOf(property: JsonSchema): JsonSchema[] {
  const choices = (property.anyOf as JsonSchema[] | undefined) ?? [property];
  return choices
    .flatMap((choice) => (choice.anyOf ? typesOf(choice) : typed(choice)))
    .filter(({ type }) => type !== 'null');
}

/** A schema of several types as one schema for each. */
function typed(schema: JsonSchema): JsonSchema[] {
  return Array.isArray(schema.type) ? schema.type.map((type) => ({ ...schema, type })) : [schema];
}

/** @throws SyntaxError or TypeError where the text does not fit the field */
function parseValue(value: string, property: JsonSchema): unknown {
  if (value === 'null') return null;
  const kind = kindOf(typesOf(property)[0]);
  if (kind === 'text') return value;
  if (kind === 'list' && !value.startsWith('[')) return value.split(',');
  return JSON.parse(value);
}

const isBoolean = (property: JsonSchema) => typesOf(property)[0]?.type === 'boolean';

function describe(property: JsonSchema): string {
  const [first] = typesOf(property);
  if (first?.enum) return (first.enum as string[]).join('|');
  if (isBoolean(property)) return 'true|false; true if no value is given';
  if (first?.type === 'array')
    return (first.items as JsonSchema)?.type === 'string' ? 'list, separated by commas' : 'JSON array';
  if (first?.type === 'object') return 'JSON object';
  return String(first?.type === 'integer' ? 'number' : (first?.type ?? 'text')).replace('string', 'text');
}

const kebab = (name: string) => name.replaceAll('_', '-');
const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
