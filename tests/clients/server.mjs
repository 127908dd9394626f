// A server of one's own: in a folder of its own, on a free port.
import {execFileSync, spawn} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import readline from 'node:readline';
import {Issuer} from './issuer.mjs';

export class Server {
  // `command`: the binary and what goes before its flags, such as ["build/bin/tsunagu", "serve"]; `flags`: more of them,
  // among which --web-tls stands for a certificate of its own.
  static async start(command, flags = []) {
    const server = new Server();
    server.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tsunagu-client-'));
    server.issuers = fs.mkdtempSync(path.join(os.tmpdir(), 'tsunagu-issuers-'));
    server.issuer = await Issuer.create(server.issuers);
    const [binary, ...before] = command;
    if (flags.includes('--web-tls')) flags = server.#withCertificate(flags);
    const given = ['--data-dir', server.folder, '--listen', '127.0.0.1:0', ...server.issuer.flags, ...flags];
    server.process = spawn(binary, [...before, ...given],
        {stdio: ['ignore', 'pipe', 'inherit']});
    process.on('exit', () => server.process.kill('SIGKILL'));  // also where nobody catches an error
    server.exited = new Promise((resolve) => {
      server.process.on('exit', (code, signal) => resolve(signal ?? code));
      server.process.on('error', (error) => resolve(error.message));
    });
    const lines = readline.createInterface({input: server.process.stdout});
    const told = (beginning) => new Promise((resolve) => {
      lines.on('line', (line) => {
        if (line.startsWith(beginning)) resolve(line.slice(beginning.length));
      });
    });
    const web = flags.includes('--web-listen') ? told('web on ') : undefined;
    [server.address, server.web] = await Promise.race([
      Promise.all([told('listening on '), web]),
      server.exited.then((how) => Promise.reject(new Error(`the server ended before it listened: ${how}`))),
    ]);
    server.key = fs.readFileSync(path.join(server.folder, 'admin.key'), 'utf8').trim();
    return server;
  }

  #withCertificate(flags) {
    const [certificate, key] = ['web.crt', 'web.key'].map((name) => path.join(this.issuers, name));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1',
      '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', certificate],
    {stdio: 'ignore'});
    this.certificate = fs.readFileSync(certificate);
    return [...flags.filter((flag) => flag !== '--web-tls'), '--web-tls-cert', certificate, '--web-tls-key', key];
  }

  terminate() {
    this.process.kill('SIGTERM');
  }

  // Whatever happened: leaves nothing behind.
  async remove() {
    this.process.kill('SIGKILL');
    await this.exited;
    for (const folder of [this.folder, this.issuers]) fs.rmSync(folder, {recursive: true, force: true});
  }
}
