/** What stands in a field of a form, without spaces around it. */
export function formText(form: EventTarget | null, name: string): string {
  return form instanceof HTMLFormElement ? String(new FormData(form).get(name) ?? '').trim() : '';
}
