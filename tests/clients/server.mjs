// A server of one's own: in a folder of its own, on free ports, one of them for HTTP with TLS.
import {execFileSync, spawn} from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import readline from 'node:readline';

async function freePort() {
  const probe = net.createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const {port} = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

export class Server {
  // `command`: the binary and what goes before its flags, such as ["build/bin/tsunagu", "serve"].
  static async start(command) {
    const server = new Server();
    server.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsunagu-client-'));
    const [cert, key] = ['web.crt', 'web.key'].map((name) => path.join(server.folder, name));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
      '-days', '1', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
      '-keyout', key, '-out', cert], {stdio: 'ignore'});
    server.certificate = fs.readFileSync(cert);
    server.webAddress = `127.0.0.1:${await freePort()}`;
    const [binary, ...before] = command;
    server.process = spawn(binary, [...before, '--data-dir', path.join(server.folder, 'data'), '--listen', '127.0.0.1:0',
      '--web-listen', server.webAddress, '--web-tls-cert', cert, '--web-tls-key', key],
        {stdio: ['ignore', 'pipe', 'inherit']});
    process.on('exit', () => server.process.kill('SIGKILL'));  // also where nobody catches an error
    server.exited = new Promise((resolve) => {
      server.process.on('exit', (code, signal) => resolve(signal ?? code));
      server.process.on('error', (error) => resolve(error.message));
    });
    const lines = readline.createInterface({input: server.process.stdout});
    const address = new Promise((resolve) => {
      lines.on('line', (line) => {
        if (line.startsWith('listening on ')) resolve(line.slice('listening on '.length));
      });
    });
    server.address = await Promise.race([
      address,
      server.exited.then((how) => Promise.reject(new Error(`the server ended before it listened: ${how}`))),
    ]);
    server.key = fs.readFileSync(path.join(server.folder, 'data', 'admin.key'), 'utf8').trim();
    return server;
  }

  terminate() {
    this.process.kill('SIGTERM');
  }

  // Whatever happened: leaves nothing behind.
  async remove() {
    this.process.kill('SIGKILL');
    await this.exited;
    fs.rmSync(this.folder, {recursive: true, force: true});
  }
}
