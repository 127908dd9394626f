// Calls as promises, and errors with their details.
import grpc from '@grpc/grpc-js';

const DETAILS = ['google.rpc.Status', 'google.rpc.ErrorInfo', 'google.rpc.BadRequest', 'google.rpc.ResourceInfo',
  'google.rpc.RetryInfo', 'google.rpc.PreconditionFailure'];
export {DETAILS};

export class Caller {
  // With `certificate`, over TLS to a server that has this one.
  constructor(address, packages, key, certificate = null) {
    this.address = address;
    this.credentials = certificate ? grpc.credentials.createSsl(certificate) : grpc.credentials.createInsecure();
    this.packages = packages;
    this.key = key;
    this.clients = new Map();
  }

  // "tsunagu.registry.v1.AreaService/GetArea"
  find(method) {
    const [service, name] = method.split('/');
    if (!this.packages[service]) throw new Error(`${service} was not described by reflection`);
    if (!this.clients.has(service)) {
      const Client = grpc.makeGenericClientConstructor(this.packages[service], service);
      this.clients.set(service, new Client(this.address, this.credentials));
    }
    return {client: this.clients.get(service), name};
  }

  metadata(headers) {
    const metadata = new grpc.Metadata();
    const all = {authorization: this.key && `Bearer ${this.key}`, 'accept-language': 'en', ...headers};
    for (const [name, value] of Object.entries(all)) if (value) metadata.set(name, value);
    return metadata;
  }

  options() {
    return {deadline: Date.now() + 30_000};
  }

  unary(method, request, headers = {}) {
    const {client, name} = this.find(method);
    return new Promise((resolve, reject) => {
      client[name](request, this.metadata(headers), this.options(),
          (error, response) => error ? reject(this.refusal(error)) : resolve(response));
    });
  }

  // All messages of a server stream.
  collect(method, request, headers = {}) {
    const {client, name} = this.find(method);
    return this.read(client[name](request, this.metadata(headers), this.options()));
  }

  // Sends `requests`, then reads to the end.
  exchange(method, requests, headers = {}) {
    const {client, name} = this.find(method);
    const stream = client[name](this.metadata(headers), this.options());
    const answers = this.read(stream);
    for (const request of requests) stream.write(request);
    stream.end();
    return answers;
  }

  // A server stream that is left open: next() gives its next message.
  watch(method, request) {
    const {client, name} = this.find(method);
    const stream = client[name](request, this.metadata({}), this.options());
    stream.on('error', () => {});  // it ends with the server
    const messages = stream[Symbol.asyncIterator]();
    return {next: async () => (await messages.next()).value};
  }

  read(stream) {
    const messages = [];
    return new Promise((resolve, reject) => {
      stream.on('data', (message) => messages.push(message));
      stream.on('error', (error) => reject(this.refusal(error)));
      stream.on('end', () => resolve(messages));
    });
  }

  // What the server said, in one object.
  refusal(error) {
    const told = {code: grpc.status[error.code], text: error.details, reason: '', fields: [], error};
    const bytes = error.metadata?.get('grpc-status-details-bin')[0];
    if (!bytes) return told;
    for (const detail of this.packages['google.rpc.Status'].deserialize(bytes).details) {
      const type = detail['@type'].split('/').pop();
      if (type === 'google.rpc.ErrorInfo') Object.assign(told, {reason: detail.reason, domain: detail.domain});
      if (type === 'google.rpc.BadRequest') told.fields = detail.field_violations;
      if (type === 'google.rpc.ResourceInfo') told.resource = detail.resource_name;
    }
    return told;
  }

  close() {
    for (const client of this.clients.values()) client.close();
  }
}

// The refusal of `promise`; an answer is a difference.
export async function refused(promise) {
  let answer;
  try {
    answer = await promise;
  } catch (refusal) {
    if (refusal instanceof Error) throw refusal;
    return refusal;
  }
  throw new Error(`not refused: ${JSON.stringify(answer)}`);
}
