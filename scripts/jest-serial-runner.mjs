import runner from 'jest-runner';

/** Runs test files one after another. Jest runs the files of one runner before those of the next. */
export default class SerialRunner extends runner {
  isSerial = true;
}
