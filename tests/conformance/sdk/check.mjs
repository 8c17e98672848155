// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
//
// The cloud's own client library against the practice range: node check.mjs PATH-OF-catamaran-lab
// ACK goes through its SDK; ASM goes, action by action, through the request and signature library that the SDKs are
// made on. Exit 77: the packages are not installed (npm ci).
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
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

async function startRange(...options) {
    const directory = mkdtempSync(join(tmpdir(), 'catamaran-sdk-'));
    const lab = spawn(process.argv[2], ['--dir', directory, '--create-delay', '100', '--update-delay', '50', '--die-with-parent', ...options],
                      { stdio: ['pipe', 'pipe', 'inherit'] });
    const ready = await new Promise((resolve, reject) => {
        createInterface({ input: lab.stdout }).once('line', line => resolve(JSON.parse(line)));
        lab.once('error', reject);
        lab.once('exit', code => reject(new Error(`the range ended with ${code}`)));
    });
    const settings = {
        accessKeyId: /accessKeyId: (\S+)/.exec(readFileSync(ready.env, 'utf8'))[1],
        accessKeySecret: readFileSync(join(directory, 'access-key-secret'), 'utf8'),
        endpoint: new URL(ready.cloud).host,
        protocol: 'https',
        regionId: 'cn-hangzhou',
        ca: readFileSync(ready.ca, 'utf8'),
    };
    const end = async () => {
        lab.removeAllListeners('exit');
        const ended = new Promise(resolve => lab.once('exit', resolve));
        lab.kill('SIGTERM');
        const code = await ended;
        rmSync(directory, { recursive: true });
        return code;
    };
    return { directory, settings, end };
}

const range = await startRange();
const { settings } = range;
const config = changes => new Core.$OpenApiUtil.Config({ ...settings, ...changes });
const table = JSON.parse(readFileSync(new URL('expectations.json', import.meta.url), 'utf8'));
const utils = require('@alicloud/openapi-core/dist/utils').default;

/// One call of the table, by the library's own means. changes: other settings.
async function ask(step, changes = {}, fill = text => text) {
    const client = new Core.default(config(changes));
    const isAck = 'path' in step;
    const isSts = step.call === 'AssumeRole';
    const params = new Core.$OpenApiUtil.Params({
        action: step.call, version: isAck ? '2015-12-15' : isSts ? '2015-04-01' : '2020-01-11', protocol: 'HTTPS',
        pathname: isAck ? fill(step.path) : '/', method: isAck ? 'GET' : step.method ?? 'POST', authType: 'AK', style: isAck ? 'ROA' : 'RPC',
        reqBodyType: isAck ? 'json' : 'formData', bodyType: 'json' });
    const given = step.parameters && Object.fromEntries(Object.entries(step.parameters).map(([key, value]) => [key, fill(value)]));
    const { RuntimeOptions } = require('@darabonba/typescript');
    const request = new Core.$OpenApiUtil.OpenApiRequest(isAck || isSts ? { query: given } : { body: given });
    return (await client.callApi(params, request, new RuntimeOptions({ autoretry: false }))).body;
}

/// The settings of a role that the range's key assumes.
async function assumed(arn, changes = {}) {
    const { Credentials: key } = await ask({ call: 'AssumeRole', parameters: { RoleArn: arn, RoleSessionName: 'sdk', DurationSeconds: '900' } }, changes);
    assert.ok(Date.parse(key.Expiration) > Date.now());
    return { ...changes, accessKeyId: key.AccessKeyId, accessKeySecret: key.AccessKeySecret, securityToken: key.SecurityToken, type: 'sts' };
}

const valueAt = (answer, path) => path.split('.').reduce((value, key) => value?.[key], answer);

async function refusedAsExpected(one) {
    let own = null;
    const { getNonce, getTimestamp } = utils;
    try {
        let changes = {};
        if (one.rate) {
            own = await startRange('--rate-limit', String(one.rate));
            changes = { ...own.settings };
        }
        if (one.secret)
            changes.accessKeySecret = one.secret;
        if (one.accessKeyId)
            changes.accessKeyId = one.accessKeyId;
        if (one.before)
            execFileSync(process.argv[2], ['ctl', '--dir', range.directory, ...one.before]);
        if (one.minutes)
            utils.getTimestamp = () => new Date(Date.now() + one.minutes * 60000).toISOString().replace(/\.\d+Z$/, 'Z');
        const expected = error => error.code === one.error;
        const all = async () => {
            if (one.as)
                changes = await assumed(one.as, changes);
            if (one.token)
                changes.securityToken = one.token;
            if (one.replay) {
                const nonce = `replayed-${Date.now()}`;
                utils.getNonce = () => nonce;
                await ask(one, changes);
            }
            if (one.burst)
                await Promise.all(Array.from({ length: one.burst }, () => ask(one, changes)));
            return ask(one, changes);
        };
        await assert.rejects(all(), expected);
    } finally {
        Object.assign(utils, { getNonce, getTimestamp });
        if (own)
            await own.end();
    }
}

async function wholeLife() {
    const { clusters } = await ask({ call: 'DescribeClustersV1', path: '/api/v1/clusters', parameters: { page_size: '50' } });
    const known = { cluster1: clusters[0].cluster_id, cluster2: clusters[1].cluster_id };
    const fill = text => text.replace(/\$\{(\w+)\}/g, (whole, name) => known[name]);
    for (const [number, step] of table.life.entries()) {
        const where = `step ${number}, ${step.call}`;
        const changes = step.as ? await assumed(step.as) : {};
        if (step.error) {
            await assert.rejects(ask(step, changes, fill), error => error.code === step.error, where);
            continue;
        }
        for (let tries = 0;; ++tries) {
            const answer = await ask(step, changes, fill);
            const value = step.at ? valueAt(answer, fill(step.at)) : undefined;
            const isSo = !step.at || ('length' in step ? value?.length === step.length : value === step.is);
            if (isSo) {
                for (const [name, path] of Object.entries(step.save ?? {})) {
                    known[name] = valueAt(answer, path);
                    assert.ok(known[name], `${where}: ${path}`);
                }
                break;
            }
            assert.ok(step.until && tries < 400, `${where}: ${step.at} is ${JSON.stringify(value)}`);
            await new Promise(resolve => setTimeout(resolve, 50));
        }
    }
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
};

for (const one of table.refusals)
    checks[`refused: ${one.name}`] = () => refusedAsExpected(one);
checks['the life of a mesh, with members in both modes, networks, injection, kubeconfigs and a role'] = wholeLife;

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
const exitCode = await range.end();
if (exitCode !== 0) {
    ++failed;
    console.log(`FAIL  the range ended with ${exitCode}`);
}
process.exit(failed ? 1 : 0);
