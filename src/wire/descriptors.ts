import { createFileRegistry, type DescFile, type FileRegistry, fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { descriptorSet } from './gen/descriptors.js';

/** What proto/ says, for those who ask a server instead of reading the files. Read when somebody first asks. */
export class Descriptors {
  private read: FileRegistry | undefined;

  /** A file and all it imports, itself first, each a serialized FileDescriptorProto. */
  fileNamed(name: string): Buffer[] | undefined {
    return withImports(this.registry.getFile(name));
  }

  /** The file that defines a service, message, enum, method, field or value. */
  fileWith(symbol: string): Buffer[] | undefined {
    const whole = this.registry.get(symbol);
    if (whole) return withImports(whole.file);
    const dot = symbol.lastIndexOf('.');
    const parent = this.registry.get(symbol.slice(0, dot));
    return hasMember(parent, symbol.slice(dot + 1)) ? withImports(parent?.file) : undefined;
  }

  hasMessage(name: string): boolean {
    return this.registry.getMessage(name) !== undefined;
  }

  private get registry(): FileRegistry {
    this.read ??= createFileRegistry(fromBinary(FileDescriptorSetSchema, Buffer.from(descriptorSet, 'base64')));
    return this.read;
  }
}

function hasMember(parent: ReturnType<FileRegistry['get']>, name: string): boolean {
  if (parent?.kind === 'service') return parent.methods.some((method) => method.name === name);
  if (parent?.kind === 'message') return [...parent.fields, ...parent.oneofs].some((member) => member.name === name);
  return parent?.kind === 'enum' && parent.values.some((value) => value.name === name);
}

function withImports(file: DescFile | undefined): Buffer[] | undefined {
  if (!file) return undefined;
  const found = new Set([file]);
  for (const one of found) for (const imported of one.dependencies) found.add(imported);
  return [...found].map(({ proto }) => Buffer.from(toBinary(FileDescriptorProtoSchema, proto)));
}
