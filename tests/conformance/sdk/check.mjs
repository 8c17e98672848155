// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
//
// The cloud's own client library against the practice range: node check.mjs PATH-OF-catamaran-lab
// ACK goes through its SDK; ASM goes, action by action, through the request and signature library that the SDKs are
// made on. Exit 77: the packages are not installed (npm ci).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const require = createRequire(import.meta.url);
let Core, Cs;
try {
    Core = require('@alicloud/openapi-core');
    Cs = require('@alicloud/cs20151215');
} catch (error) {
    console.error(`skipped: ${error.code ?? error.message}; run npm ci in tests/conformance/sdk`);
    process.exit(77);
}

const directory = mkdtempSync(join(tmpdir(), 'catamaran-sdk-'));
const lab = spawn(process.argv[2], ['--dir', directory, '--create-delay', '100', '--update-delay', '50', '--die-with-parent'],
                  { stdio: ['pipe', 'pipe', 'inherit'] });
const ready = await new Promise((resolve, reject) => {
    createInterface({ input: lab.stdout }).once('line', line => resolve(JSON.parse(line)));
    lab.once('error', reject);
    lab.once('exit', code => reject(new Error(`the range ended with ${code}`)));
});

const environment = readFileSync(ready.env, 'utf8');
const settings = {
    accessKeyId: /accessKeyId: (\S+)/.exec(environment)[1],
    accessKeySecret: readFileSync(join(directory, 'access-key-secret'), 'utf8'),
    endpoint: new URL(ready.cloud).host,
    protocol: 'https',
    regionId: 'cn-hangzhou',
    ca: readFileSync(ready.ca, 'utf8'),
};
const config = changes => new Core.$OpenApiUtil.Config({ ...settings, ...changes });

async function asm(action, body = {}, method = 'POST', changes = {}) {
    const client = new Core.default(config(changes));
    const params = new Core.$OpenApiUtil.Params({ action, version: '2020-01-11', protocol: 'HTTPS', pathname: '/', method, authType: 'AK',
                                                  style: 'RPC', reqBodyType: 'formData', bodyType: 'json' });
    const { RuntimeOptions } = require('@darabonba/typescript');
    const answer = await client.callApi(params, new Core.$OpenApiUtil.OpenApiRequest({ body }), new RuntimeOptions({}));
    return answer.body;
}

async function running(id) {
    for (let i = 0; i < 200; ++i) {
        const { ServiceMesh } = await asm('DescribeServiceMeshDetail', { ServiceMeshId: id });
        if (ServiceMesh.ServiceMeshInfo.State === 'running')
            return ServiceMesh;
        await new Promise(resolve => setTimeout(resolve, 25));
    }
    assert.fail(`mesh ${id} never got running`);
}

const checks = {
    async 'ACK lists both clusters and describes one'() {
        const cs = new Cs.default(config());
        const listed = await cs.describeClustersV1(new Cs.DescribeClustersV1Request({ pageSize: 50, pageNumber: 1 }));
        assert.deepEqual(listed.body.clusters.map(each => each.name), ['cluster-1', 'cluster-2']);
        const { body } = await cs.describeClusterDetail(listed.body.clusters[0].clusterId);
        assert.equal(body.regionId, 'cn-hangzhou');
        assert.match(JSON.parse(body.masterUrl).api_server_endpoint, /^https:\/\/127\./);
    },
    async 'ACK filters by a name with special characters'() {
        const cs = new Cs.default(config());
        const listed = await cs.describeClustersV1(new Cs.DescribeClustersV1Request({ name: "集群 a&b!'()*~", pageSize: 50, pageNumber: 1 }));
        assert.equal(listed.body.clusters.length, 0);
    },
    async 'ACK hands out a kubeconfig'() {
        const cs = new Cs.default(config());
        const { clusters: [first] } = (await cs.describeClustersV1(new Cs.DescribeClustersV1Request({ regionId: 'cn-shanghai' }))).body;
        assert.equal(first.name, 'cluster-2');
        const request = new Cs.DescribeClusterUserKubeconfigRequest({ privateIpAddress: false, temporaryDurationMinutes: 60 });
        const { body } = await cs.describeClusterUserKubeconfig(first.clusterId, request);
        assert.match(body.config, /^apiVersion: v1\nkind: Config/);
        assert.ok(Date.parse(body.expiration) > Date.now());
    },
    async 'ASM creates a mesh, adds a cluster, and describes both'() {
        const { ServiceMeshId: id } = await asm('CreateServiceMesh', {
            Name: 'by-sdk', RegionId: 'cn-hangzhou', VpcId: 'vpc-bp1rangehangzhou001', VSwitches: '["vsw-bp1rangehangzhouk01"]', Edition: 'Pro', ClusterSpec: 'enterprise' });
        assert.match(id, /^c[0-9a-f]{32}$/);
        const first = await asm('DescribeServiceMeshes', undefined, 'GET');
        assert.deepEqual(first.ServiceMeshes.map(each => each.ServiceMeshInfo.State), ['initial']);
        await running(id);
        const cs = new Cs.default(config());
        const { clusters } = (await cs.describeClustersV1(new Cs.DescribeClustersV1Request({ pageSize: 50 }))).body;
        const added = await asm('AddClusterIntoServiceMesh', { ServiceMeshId: id, ClusterId: clusters[0].clusterId });
        assert.equal(added.Code, '200');
        await assert.rejects(asm('AddClusterIntoServiceMesh', { ServiceMeshId: id, ClusterId: clusters[1].clusterId }),
                             error => error.code === 'InvalidOperation.Mesh.NotRunning');
        assert.deepEqual((await running(id)).Clusters, [clusters[0].clusterId]);
        assert.match((await asm('GetCaCert', { ServiceMeshId: id })).CaCert, /BEGIN CERTIFICATE/);
    },
    async 'wrong secret, unknown key, unknown mesh and missing parameter give the library its errors'() {
        const code = expected => error => error.code === expected;
        await assert.rejects(asm('DescribeVersions', {}, 'POST', { accessKeySecret: 'wrong' }), code('SignatureDoesNotMatch'));
        await assert.rejects(asm('DescribeVersions', {}, 'POST', { accessKeyId: 'LTAIunknown' }), code('InvalidAccessKeyId.NotFound'));
        await assert.rejects(asm('DescribeServiceMeshDetail', { ServiceMeshId: 'c0' }), code('ServiceMesh.NotFound'));
        await assert.rejects(asm('DescribeServiceMeshDetail'), code('MissingServiceMeshId'));
    },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
    try {
        await check();
        console.log(`ok    ${name}`);
    } catch (error) {
        ++failed;
        console.log(`FAIL  ${name}: ${error.code ?? ''} ${error.message}`);
    }
}
lab.removeAllListeners('exit');
const ended = new Promise(resolve => lab.once('exit', resolve));
lab.kill('SIGTERM');
const exitCode = await ended;
if (exitCode !== 0) {
    ++failed;
    console.log(`FAIL  the range ended with ${exitCode}`);
}
rmSync(directory, { recursive: true });
process.exit(failed ? 1 : 0);
