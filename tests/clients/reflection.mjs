// Everything a client has to know, asked of the server itself: no .proto file is read.
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';

// json: an Any comes as what is in it, with its type in "@type".
const FORM = {keepCase: true, longs: String, enums: String, defaults: true, oneofs: true, json: true};

// The one contract that has to be known beforehand, as far as it is used here.
function reflectionPackage(version) {
  const field = (type, id, more = {}) => ({type, id, ...more});
  const nested = {
    ServerReflectionRequest: {fields: {
      file_by_filename: field('string', 3),
      file_containing_symbol: field('string', 4),
      list_services: field('string', 7),
    }},
    ServerReflectionResponse: {fields: {
      file_descriptor_response: field('FileDescriptorResponse', 4),
      list_services_response: field('ListServiceResponse', 6),
      error_response: field('ErrorResponse', 7),
    }},
    FileDescriptorResponse: {fields: {file_descriptor_proto: field('bytes', 1, {rule: 'repeated'})}},
    ListServiceResponse: {fields: {service: field('ServiceResponse', 1, {rule: 'repeated'})}},
    ServiceResponse: {fields: {name: field('string', 1)}},
    ErrorResponse: {fields: {error_code: field('int32', 1), error_message: field('string', 2)}},
    FileName: {fields: {name: field('string', 1)}},  // the beginning of every FileDescriptorProto
    ServerReflection: {methods: {ServerReflectionInfo: {
      requestType: 'ServerReflectionRequest', requestStream: true,
      responseType: 'ServerReflectionResponse', responseStream: true,
    }}},
  };
  return protoLoader.fromJSON({nested: {grpc: {nested: {reflection: {nested: {[version]: {nested}}}}}}}, FORM);
}

// One reflection stream: ask(request) gives the answer to it.
class Reflection {
  constructor(address, version) {
    this.package = reflectionPackage(version);
    this.prefix = `grpc.reflection.${version}.`;
    const Service = grpc.loadPackageDefinition(this.package).grpc.reflection[version].ServerReflection;
    this.client = new Service(address, grpc.credentials.createInsecure());
    this.stream = this.client.ServerReflectionInfo({deadline: Date.now() + 20_000});
  }

  ask(request) {
    return new Promise((resolve, reject) => {
      const settle = (done) => (value) => {
        this.stream.removeAllListeners();
        this.stream.on('error', () => {});
        done(value);
      };
      this.stream.once('data', settle(resolve));
      this.stream.once('error', settle(reject));
      this.stream.once('end', settle(() => reject(new Error('reflection ended early'))));
      this.stream.write(request);
    });
  }

  fileName(bytes) {
    return this.package[this.prefix + 'FileName'].deserialize(bytes).name;
  }

  close() {
    this.stream.end();
    this.client.close();
  }
}

export async function listServices(address, version = 'v1') {
  const reflection = new Reflection(address, version);
  const answer = await reflection.ask({list_services: '*'});
  reflection.close();
  return answer.list_services_response.service.map((service) => service.name);
}

export async function askForSymbol(address, symbol) {
  const reflection = new Reflection(address, 'v1');
  const answer = await reflection.ask({file_containing_symbol: symbol});
  reflection.close();
  return answer;
}

// A FileDescriptorSet: field 1, once per file.
function joinFiles(files) {
  const parts = [];
  for (const bytes of files) {
    const head = [0x0a];
    for (let size = bytes.length; ; size >>>= 7) {
      head.push(size > 0x7f ? (size & 0x7f) | 0x80 : size);
      if (size <= 0x7f) break;
    }
    parts.push(Buffer.from(head), bytes);
  }
  return Buffer.concat(parts);
}

// A FileDescriptorSet of `symbols` (services and messages) with all that they use.
export async function describedFiles(address, symbols) {
  const reflection = new Reflection(address, 'v1');
  const files = new Map();
  for (const symbol of symbols) {
    const answer = await reflection.ask({file_containing_symbol: symbol});
    if (answer.file_descriptor_response == null) {
      throw new Error(`${symbol}: ${answer.error_response?.error_message}`);
    }
    for (const bytes of answer.file_descriptor_response.file_descriptor_proto) {
      files.set(reflection.fileName(bytes), bytes);
    }
  }
  reflection.close();
  return joinFiles(files.values());
}

// Their package definition.
export async function describe(address, symbols) {
  return protoLoader.loadFileDescriptorSetFromBuffer(await describedFiles(address, symbols), FORM);
}
