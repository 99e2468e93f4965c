import type { Column } from '../lambdas/contract/column.ts';
import { type LakeTable, lakeTables, PARTITION } from '../lambdas/contract/lake.ts';
import { rawName, reports, savedQueries, type View, views } from './catalog.ts';
import type { ReportDefinition } from './definitions.ts';
import { LATE_ARRIVAL_DAYS } from './definitions.ts';

/** The data dictionary as Markdown: nothing in it is written by hand, all of it comes from the contract and the catalogue. */
export function dataDictionary(): string {
  const parts = [
    INTRODUCTION,
    '## Tables',
    ...Object.values(lakeTables).map(tablePart),
    '## Views',
    ...views.map(viewPart),
    '## Reports',
    ...Object.values(reports).map(reportPart),
    '## Saved queries',
    table(
      ['name', 'answers'],
      savedQueries.map(({ name, doc }) => [name, doc]),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

const INTRODUCTION = `# Data dictionary

<!-- Written by \`npm run docs\` from lambdas/contract and sql/catalog.ts; a test fails where it is stale. -->

Files lie at \`<table>/${PARTITION}=yyyy-MM-dd/\` in the lake; \`${PARTITION}\` is the UTC date on which a record arrived. Filter it in every
query: it decides which files are read. A click mostly arrives within minutes, one that had to be replayed up to ${LATE_ARRIVAL_DAYS} days later.
Read the views rather than the tables: delivery is at least once, and the views remove repeats.`;

const ATTRIBUTE =
  'A further column of the list the subscriber was minted from, when first minted on the link; name of 1 to 64 characters of A-Z a-z 0-9 . _ -';

function tablePart({ name, grain, doc, columns }: LakeTable): string {
  const heading = `### \`${rawName({ name })}\`\n\n${doc}\nOne row: ${grain}. Files under \`${name}/\`.`;
  const rows = (columns as readonly Column[]).map((column) => [
    `\`${column.name}\``,
    `\`${column.type}\``,
    column.required ? 'yes' : '',
    column.doc,
  ]);
  const partition = [
    `\`${PARTITION}\``,
    '`string`',
    'yes',
    'UTC date of arrival, the partition. Filter it: it decides which files are read.',
  ];
  return `${heading}\n\n${table(['column', 'type', 'always there', 'meaning'], [...rows, partition])}`;
}

function viewPart({ name, grain, source, doc, columns }: View): string {
  const heading = `### \`${name}\`\n\n${doc}\nOne row: ${grain}. Reads \`${source}\`.`;
  const rows = columns.map((column) => [`\`${column.name}\``, `\`${column.type}\``, column.doc]);
  return `${heading}\n\n${table(['column', 'type', 'meaning'], rows)}`;
}

function reportPart({ name, dimensions, attributes, columns }: ReportDefinition): string {
  const byName = dimensions.map((dimension) => [
    `\`${dimension.name}\``,
    dimension.name === dimension.column ? dimension.definition : `short for \`${dimension.column}\``,
  ]);
  if (attributes) byName.push(['`attr.<name>`', ATTRIBUTE]);
  const figures = columns.map((column) => [
    `\`${column.name}\``,
    column.unit,
    column.additive ? 'yes' : 'no',
    column.definition,
  ]);
  return [
    `### \`${name}\``,
    table(['dimension', 'meaning'], byName),
    table(['figure', 'unit', 'groups add up', 'definition'], figures),
  ].join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
