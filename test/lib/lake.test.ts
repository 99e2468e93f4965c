import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { clickColumns } from '../../lambdas/contract/clicks.ts';
import { eventTables, lakeTables } from '../../lambdas/contract/lake.ts';
import { views } from '../../sql/catalog.ts';
import { inspect, text } from './inspect.ts';
import { synthesise } from './synthesise.ts';

const synthesised = synthesise({});
const { one, template } = inspect(synthesised.template());

describe('the lake', () => {
  const stream = () =>
    one('AWS::KinesisFirehose::DeliveryStream', 'LakeClicks').Properties.ExtendedS3DestinationConfiguration;
  const clicks = () =>
    Object.values(template.findResources('AWS::Glue::Table')).find(
      ({ Properties }) => Properties.TableInput.Name === 'clicks_raw',
    )?.Properties.TableInput;

  it('gets Parquet in buffers large enough for the conversion, through the enrichment', () => {
    expect(stream().BufferingHints.SizeInMBs).toBeGreaterThanOrEqual(64);
    expect(stream().DataFormatConversionConfiguration).toMatchObject({
      Enabled: true,
      SchemaConfiguration: { TableName: 'clicks_raw', DatabaseName: 'onehop_prod' },
    });
    expect(text(stream().ProcessingConfiguration)).toContain('Enrich');
  });

  it('writes where the table’s projection looks', () => {
    expect(stream().Prefix).toBe('clicks/dt=!{timestamp:yyyy-MM-dd}/');
    expect(stream().ErrorOutputPrefix).toMatch(/^errors\/clicks\/!\{firehose:error-output-type\}\//);
    expect(clicks().Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.dt.type': 'date',
      'projection.dt.format': 'yyyy-MM-dd',
    });
    expect(text(clicks().StorageDescriptor.Location)).toContain('/clicks/');
  });

  it('has the contract’s columns, in order', () =>
    expect(
      clicks().StorageDescriptor.Columns.map(({ Name, Type }: { Name: string; Type: string }) => [Name, Type]),
    ).toEqual(clickColumns.map(({ name, type }) => [name, type])));

  it('gets rows of event tables as Parquet by their own columns, without a processor', () => {
    for (const table of eventTables) {
      const { Properties } = one(
        'AWS::KinesisFirehose::DeliveryStream',
        `LakeEvents${table.replaceAll('_', '')}Stream`,
      );
      const destination = Properties.ExtendedS3DestinationConfiguration;
      expect(Properties.DeliveryStreamName).toBe(`onehop-prod-${table.replaceAll('_', '-')}`);
      expect(destination.Prefix).toBe(`${table}/dt=!{timestamp:yyyy-MM-dd}/`);
      expect(destination.BufferingHints.SizeInMBs).toBeGreaterThanOrEqual(64);
      expect(destination.DataFormatConversionConfiguration.SchemaConfiguration.TableName).toBe(`${table}_raw`);
      expect(destination.ProcessingConfiguration).toBeUndefined();
      const [found] = Object.values(template.findResources('AWS::Glue::Table')).filter(
        (resource) => resource.Properties.TableInput.Name === `${table}_raw`,
      );
      expect(found?.Properties.TableInput.StorageDescriptor.Columns.map(({ Name }: { Name: string }) => Name)).toEqual(
        lakeTables[table].columns.map(({ name }) => name),
      );
    }
  });

  it('takes delivery events of messages of ours into the table of sends, mapped', () => {
    const { Properties } = one('AWS::KinesisFirehose::DeliveryStream', 'SmsEventsStream');
    const destination = Properties.ExtendedS3DestinationConfiguration;
    expect(Properties.DeliveryStreamName).toBe('onehop-prod-sms-events');
    expect(destination.Prefix).toBe('sends/dt=!{timestamp:yyyy-MM-dd}/');
    expect(destination.DataFormatConversionConfiguration.SchemaConfiguration.TableName).toBe('sends_raw');
    expect(text(destination.ProcessingConfiguration)).toContain('SmsEventsMap');
    const { EventPattern, Targets } = one('AWS::Events::Rule', 'SmsEventsRule').Properties;
    expect(EventPattern.source).toEqual(['aws.sms-voice']);
    expect(text(EventPattern.$or)).toContain('"campaign_id":[{"exists":true}]');
    expect(text(Targets)).toContain('deliverystream/onehop-prod-sms-events');
  });

  it('has the catalogue’s views, decodable by Athena', () => {
    const tables = Object.values(template.findResources('AWS::Glue::Table')).map(
      ({ Properties }) => Properties.TableInput,
    );
    for (const view of views) {
      const table = tables.find(({ Name, TableType }) => Name === view.name && TableType === 'VIRTUAL_VIEW');
      const [, base64 = ''] = /^\/\* Presto View: (\S+) \*\/$/.exec(table.ViewOriginalText) ?? [];
      const decoded = JSON.parse(Buffer.from(base64, 'base64').toString());
      expect(decoded).toMatchObject({ originalSql: view.sql, catalog: 'awsdatacatalog', schema: 'onehop_prod' });
      expect(table.StorageDescriptor.Columns.map((column: { Name: string }) => column.Name)).toEqual(
        decoded.columns.map((column: { name: string }) => column.name),
      );
    }
  });

  it('limits what a query may scan', () =>
    template.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: Match.anyValue(),
        ManagedQueryResultsConfiguration: { Enabled: true },
      },
    }));
});
