// Issuers of tokens that the server trusts, made with a library that knows nothing of this program: jose.
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import {exportJWK, generateKeyPair, SignJWT} from 'jose';

export const AUDIENCE = 'urn:tsunagu';
export const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

export class Issuer {
  constructor(name) {
    this.name = name;
    this.keys = new Map();
  }

  // Its keys lie in a file in `folder`. `entry` is what the list of issuers says of it.
  static async create(folder) {
    const issuer = new Issuer('https://id.example/realms/staff');
    issuer.file = path.join(folder, 'staff.jwks.json');
    for (const algorithm of ALGORITHMS) await issuer.addKey(algorithm, algorithm);
    issuer.publish();
    issuer.entry = `- {issuer: "${issuer.name}", audience: "${AUDIENCE}", keys: ${path.basename(issuer.file)}}\n`;
    return issuer;
  }

  async addKey(kid, alg) {
    const {publicKey, privateKey} = await generateKeyPair(alg, {extractable: true});
    this.keys.set(kid, {alg, privateKey, publicKey, jwk: {...await exportJWK(publicKey), kid, alg, use: 'sig'}});
  }

  // Only these; all if none are named.
  publish(kids) {
    fs.writeFileSync(`${this.file}.new`, this.keySet(kids));
    fs.renameSync(`${this.file}.new`, this.file);
  }

  keySet(kids = [...this.keys.keys()]) {
    return JSON.stringify({keys: kids.map((kid) => this.keys.get(kid).jwk)});
  }

  // A token that is good for `seconds`. What `claims` and `header` say goes before what an honest issuer says.
  token(kid, claims = {}, {seconds = 60, header = {}} = {}) {
    const now = Math.floor(Date.now() / 1000);
    const {alg, privateKey} = this.keys.get(kid);
    return new SignJWT({iss: this.name, aud: AUDIENCE, sub: 'client-1', iat: now, exp: now + seconds, ...claims})
        .setProtectedHeader({alg, kid, typ: 'at+jwt', ...header}).sign(privateKey);
  }
}

// Its keys are at an address, whose server shows `certificate`. The list says that `ca` (a file) vouches for it.
export class HttpsIssuer extends Issuer {
  static async create(name, {certificate, key, ca}) {
    const issuer = new HttpsIssuer(name);
    await issuer.addKey('first', 'ES256');
    issuer.publish();
    issuer.asked = 0;
    issuer.server = https.createServer({cert: fs.readFileSync(certificate), key: fs.readFileSync(key)}, (request, answer) => {
      ++issuer.asked;
      answer.setHeader('content-type', 'application/jwk-set+json');
      answer.end(issuer.published);
    });
    await new Promise((resolve) => issuer.server.listen(0, '127.0.0.1', resolve));
    issuer.server.unref();
    const url = `https://127.0.0.1:${issuer.server.address().port}/jwks`;
    issuer.entry = `- {issuer: "${name}", audience: "${AUDIENCE}", keys_url: "${url}", ca_file: "${ca}"}\n`;
    return issuer;
  }

  publish(kids) {
    this.published = this.keySet(kids);
  }
}
