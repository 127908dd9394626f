// Something in a .proto from which no block can be generated: its line, counted from 1, and what to do.
export class Fault extends Error {
  constructor(line, ja, en) {
    super(en);
    Object.assign(this, {line, ja, en});
  }
}
