import { invalid } from './errors.js';
import { limits } from './limits.js';

const form = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;

/** @throws MootError `invalid` unless it is dotted words of a-z, 0-9, `_` and `-`, at most 64 characters. */
export function parseTopic(topic: string, field = 'topic'): string {
  if (topic === '') throw invalid(field, `${field} is required: dotted words such as sports.chess`);
  if (topic.length > limits.topicCharacters)
    throw invalid(field, `${field} has ${topic.length} characters; the limit is ${limits.topicCharacters}`);
  if (!form.test(topic))
    throw invalid(
      field,
      `${field} "${topic}" is not a topic: words of a-z, 0-9, _ and -, joined by dots, as in sports.chess`,
    );
  return topic;
}

/** `sports` covers `sports` and `sports.chess`, not `sportsmen`. */
export function covers(topic: string, other: string): boolean {
  return other === topic || (other.startsWith(topic) && other[topic.length] === '.');
}
