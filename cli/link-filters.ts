import type { Command } from 'commander';

/** Adds the flags that say which links are meant. */
export function addFilterFlags(command: Command): Command {
  return command
    .option('--campaign-id <id>', 'only links of this campaign')
    .option('--message-id <id>', 'only links of this message')
    .option('--status <status>', 'active|paused|archived')
    .option('--tag <tag>', 'only links with this tag')
    .option('--personal <true|false>', 'only links that mint, or only slug links')
    .option('--domain <name>', 'only links of this short domain')
    .option('--external-id <id>', 'only the link with this external id')
    .option('--q <text>', 'text in name, external id, slug or destination');
}

/** The query that these flags are. */
export function linkFilters(flags: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const { campaignId, messageId, status, tag, personal, domain, externalId, q } = flags;
  return { campaign_id: campaignId, message_id: messageId, status, tag, personal, domain, external_id: externalId, q };
}
