import type { DeliveryProfile } from './profile.ts';

/** AWS End User Messaging SMS: its events go into a stream, authorised by a role; nothing comes over HTTP. */
export const awsSms: DeliveryProfile = {
  title: 'AWS End User Messaging SMS',
  kind: 'own',
  inlet: 'stream',
  reports: 'deliveries',
  authentication: { scheme: 'role' },
  acknowledgement: { body: '', contentType: 'text/plain; charset=utf-8' },
  setup: [
    'Look up the stack’s outputs SmsEventStreamArn and SmsEventRoleArn.',
    'aws pinpoint-sms-voice-v2 create-event-destination --region us-east-1 --configuration-set-name <yours> --event-destination-name onehop-lake --matching-event-types TEXT_ALL MEDIA_ALL --kinesis-firehose-destination "IamRoleArn=<SmsEventRoleArn>,DeliveryStreamArn=<SmsEventStreamArn>"',
    'Send with that configuration set and with --context onehop=campaign_id=…&message_id=…&link_no=…&subscriber_id=…',
  ],
};
