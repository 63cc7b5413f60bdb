import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { type Client, credentials, makeGenericClientConstructor, type ServiceDefinition } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer } from '@grpc/proto-loader';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OldReflectionService } from '../../src/rpc/reflection.js';
import { type Channel, openChannel } from '../../src/wire/channels.js';
import {
  HealthCheckResponse_ServingStatus,
  HealthService as health,
} from '../../src/wire/gen/grpc/health/v1/health.js';
import {
  type ServerReflectionRequest,
  ServerReflectionService,
} from '../../src/wire/gen/grpc/reflection/v1/reflection.js';
import { TestNetwork } from '../support/network.js';

const network = new TestNetwork();
const channels: Channel[] = [];
const { SERVING, NOT_SERVING, SERVICE_UNKNOWN } = HealthCheckResponse_ServingStatus;

beforeAll(() => network.start(['Hamlet']));
afterAll(async () => {
  for (const channel of channels) channel.close();
  await network.stop();
});

function channelTo(name?: string): Channel {
  const address = name === undefined ? network.registry : network.servers.get(name)?.address;
  const channel = openChannel(address ?? 'localhost:1', { purpose: 'client' });
  channels.push(channel);
  return channel;
}

type Asked = ServerReflectionRequest['messageRequest'];

/** All asked on one stream, as tools do. */
async function reflect(channel: Channel, method: typeof ServerReflectionService.serverReflectionInfo, asked: Asked[]) {
  const call = channel.bidi(method, { deadlineMs: 5000 });
  for (const messageRequest of asked) await call.send({ host: 'h', messageRequest });
  call.finish();
  const answers = [];
  for await (const { messageResponse } of call) answers.push(messageResponse);
  return answers;
}

const ours = [
  'moot.v1.CommunityService',
  'moot.v1.FederationService',
  'moot.v1.PeerService',
  'moot.v1.ModerationService',
];
const standard = [
  'grpc.health.v1.Health',
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
];

describe('S0.13 reflection', () => {
  it.each([
    ['v1', ServerReflectionService.serverReflectionInfo],
    ['v1alpha', OldReflectionService.serverReflectionInfo],
  ] as const)('%s lists what is served, and goes on after what is unknown', async (_, method) => {
    const answers = await reflect(channelTo('Hamlet'), method as typeof ServerReflectionService.serverReflectionInfo, [
      { $case: 'fileContainingSymbol', value: 'moot.v1.Nothing' },
      { $case: 'fileByFilename', value: '../../etc/passwd' },
      { $case: 'fileContainingExtension', value: { containingType: 'moot.v1.Entry', extensionNumber: 1 } },
      undefined,
      { $case: 'allExtensionNumbersOfType', value: 'moot.v1.Entry' },
      { $case: 'listServices', value: '' },
    ]);
    const codes = answers.slice(0, 4).map((each) => each?.$case === 'errorResponse' && each.value.errorCode);
    expect(codes).toEqual([5, 5, 5, 3]);
    expect(answers[4]).toMatchObject({ value: { baseTypeName: 'moot.v1.Entry', extensionNumber: [] } });
    expect(answers[5]).toMatchObject({ value: { service: [...ours, ...standard].map((name) => ({ name })) } });
  });

  it('a registry lists its own', async () => {
    const method = ServerReflectionService.serverReflectionInfo;
    const [answer] = await reflect(channelTo(), method, [{ $case: 'listServices', value: '' }]);
    const names = ['moot.v1.RegistryService', ...standard];
    expect(answer).toMatchObject({ value: { service: names.map((name) => ({ name })) } });
  });

  it.each([
    ['fileByFilename', 'moot/v1/community.proto'],
    ['fileContainingSymbol', 'moot.v1.CommunityService'],
    ['fileContainingSymbol', 'moot.v1.CommunityService.Describe'],
    ['fileContainingSymbol', 'moot.v1.DescribeResponse.head'],
    ['fileContainingSymbol', 'moot.v1.Scope'],
  ] as const)('%s %s gives the file and all it imports', async ($case, value) => {
    const [answer] = await reflect(channelTo('Hamlet'), ServerReflectionService.serverReflectionInfo, [
      { $case, value },
    ]);
    const files = answer?.$case === 'fileDescriptorResponse' ? answer.value.fileDescriptorProto : [];
    const names = files.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name);
    expect(names[0]).toBe('moot/v1/community.proto');
    expect(names.sort()).toEqual(['moot/v1/article.proto', 'moot/v1/community.proto', 'moot/v1/federation.proto']);
  });

  it('a client built from what reflection gives can call', async () => {
    const symbol: Asked = { $case: 'fileContainingSymbol', value: 'moot.v1.CommunityService' };
    const [answer] = await reflect(channelTo('Hamlet'), ServerReflectionService.serverReflectionInfo, [symbol]);
    const files = answer?.$case === 'fileDescriptorResponse' ? answer.value.fileDescriptorProto : [];
    const file = files.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
    const set = Buffer.from(toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file })));
    const loaded = loadFileDescriptorSetFromBuffer(set);
    const Community = makeGenericClientConstructor(
      loaded['moot.v1.CommunityService'] as ServiceDefinition,
      'Community',
    );
    const client: Client = new Community(network.servers.get('Hamlet')?.address ?? '', credentials.createInsecure());
    const said = await new Promise((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = (loaded['moot.v1.CommunityService'] as ServiceDefinition)
        .Describe as ServiceDefinition[string];
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, {}, (error, value) =>
        error ? reject(error) : resolve(value),
      );
    });
    client.close();
    expect(said).toMatchObject({ name: 'Hamlet', id: network.servers.get('Hamlet')?.id });
  });
});

describe('S0.13 health', () => {
  it.each(['', ...ours])('“%s” of a community is serving', async (service) => {
    expect(await channelTo('Hamlet').unary(health.check, { service })).toEqual({ status: SERVING });
  });

  it.each(['', 'moot.v1.RegistryService'])('“%s” of a registry is serving', async (service) => {
    expect(await channelTo().unary(health.check, { service })).toEqual({ status: SERVING });
  });

  it('a service that is not there is not found, and watched it is unknown', async () => {
    const channel = channelTo('Hamlet');
    await expect(channel.unary(health.check, { service: 'x' })).rejects.toMatchObject({ code: 'not_found' });
    for await (const { status } of channel.serverStream(health.watch, { service: 'x' })) {
      expect(status).toBe(SERVICE_UNKNOWN);
      break;
    }
  });

  it('all are listed', async () => {
    const { statuses } = await channelTo('Hamlet').unary(health.list, {});
    expect(statuses).toEqual(Object.fromEntries(['', ...ours].map((name) => [name, { status: SERVING }])));
  });

  it('who watches hears of a graceful stop before the stream ends', async () => {
    const server = await network.startServer('Leaving');
    const heard: number[] = [];
    const watching = (async () => {
      for await (const { status } of channelTo('Leaving').serverStream(health.watch, { service: '' })) {
        heard.push(status);
        if (heard.length === 1) void server.stop();
      }
    })();
    await expect(watching).rejects.toMatchObject({ code: 'unavailable' });
    expect(heard).toEqual([SERVING, NOT_SERVING]);
  });
});
