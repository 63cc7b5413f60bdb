export const preface: Buffer;
export const attacks: Readonly<Record<string, () => Generator<Buffer, never>>>;
