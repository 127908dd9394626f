// Prints what an image is made of, as CycloneDX 1.6: a component for each Debian package, as dpkg knows it, and Scalar
// with the packages of npm that its one file is made of.
//
//   node sbom.mjs NAME VERSION SCALAR_VERSION SCALAR_FOLDER PACKAGE...       SOURCE_DATE_EPOCH is its time
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [name, version, scalarVersion, scalarFolder, ...packages] = process.argv.slice(2);
const fields = ['Package', 'Version', 'Architecture', 'source:Package', 'source:Version', 'Maintainer'];

function describe(line) {
  const [pkg, packageVersion, architecture, source, sourceVersion, maintainer] = line.split('\t');
  const upstream = encodeURIComponent(`${source}@${sourceVersion}`);
  // As package URLs want it: colons and plus signs of a version are escaped.
  const purl = `pkg:deb/debian/${encodeURIComponent(pkg)}@${encodeURIComponent(packageVersion)}` +
    `?arch=${architecture}&distro=debian-12&upstream=${upstream}`;
  return { type: 'library', 'bom-ref': purl, supplier: { name: maintainer }, name: pkg, version: packageVersion, purl };
}

function describeNpm(part) {
  const at = part.lastIndexOf('@');
  const [name, version] = [part.slice(0, at), part.slice(at + 1)];
  const purl = `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`;
  return { type: 'library', 'bom-ref': purl, name, version, purl };
}

function describeScalar() {
  const lines = (file) => readFileSync(`${scalarFolder}/${file}`, 'utf8').trimEnd().split('\n');
  const [integrity] = lines('integrity');
  const { purl, ...scalar } = describeNpm(`@scalar/api-reference@${scalarVersion}`);
  return {
    ...scalar,
    // Of the tarball that the file is taken from.
    hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex') }],
    licenses: [{ license: { id: 'MIT' } }],
    purl,
    components: lines('parts').map(describeNpm),
  };
}

const printed = execFileSync('dpkg-query', ['-W', '-f', fields.map((field) => `\${${field}}`).join('\\t') + '\\n', ...packages],
  { encoding: 'utf8' });
const components = [...printed.trimEnd().split('\n').map(describe), describeScalar()]
  .sort((a, b) => (a.purl < b.purl ? -1 : Number(a.purl > b.purl)));

const self = { type: 'application', 'bom-ref': `${name}@${version}`, name, version };
const digest = createHash('sha256').update(JSON.stringify([self, components])).digest('hex');
// The same contents have the same number: a UUID of version 8, made of their digest.
const uuid = digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');

console.log(JSON.stringify({
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  serialNumber: `urn:uuid:${uuid}`,
  version: 1,
  metadata: { timestamp: new Date(Number(process.env.SOURCE_DATE_EPOCH) * 1000).toISOString(), component: self },
  components,
  dependencies: [{ ref: self['bom-ref'], dependsOn: components.map((component) => component['bom-ref']) }],
}, null, 2));
