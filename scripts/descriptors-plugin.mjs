// A plugin of `buf generate`: writes all of proto/ as one FileDescriptorSet, in a module, for the reflection service.
import { readFileSync } from 'node:fs';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponse_Feature,
  CodeGeneratorResponseSchema,
} from '@bufbuild/protobuf/wkt/google/protobuf/compiler/plugin_pb.js';

const { protoFile } = fromBinary(CodeGeneratorRequestSchema, readFileSync(0));
const bytes = toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: protoFile }));
const content = `/** A google.protobuf.FileDescriptorSet of all of proto/, in base64. */
export const descriptorSet =
  '${Buffer.from(bytes).toString('base64')}';
`;
const response = create(CodeGeneratorResponseSchema, {
  supportedFeatures: BigInt(CodeGeneratorResponse_Feature.PROTO3_OPTIONAL),
  file: [{ name: 'descriptors.ts', content }],
});
process.stdout.write(toBinary(CodeGeneratorResponseSchema, response));
