/** Parameters every link appends unless it names others. */
export const LINK_PARAMS: Readonly<Record<string, string>> = {
  click_id: '{click_id}',
  campaign_id: '{campaign_id}',
  message_id: '{message_id}',
  segment: '{segment}',
  creative: '{creative}',
};
