// Sealed text is passed on as it is, so whatever an origin sealed can arrive here: escape sequences would drive the
// terminal, and bidirectional overrides would make text read as what it is not.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what it is for
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu;

/** Text that cannot drive a terminal; line breaks and tabs stay. */
export function plain(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(unsafe, '\ufffd');
}

/** The same, on one line. */
export function oneLine(text: string): string {
  return plain(text).replace(/\s+/g, ' ').trim();
}
