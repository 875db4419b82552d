// The real service with the WeChat simulator and the demo district, in a folder of its own, which hands
// out the H5 pages. `startService()` gives what a test needs; `stop()` ends it all.
const { spawn, execFileSync } = require('node:child_process')
const { randomBytes } = require('node:crypto')
const fs = require('node:fs')
const http = require('node:http')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')

const REPOSITORY = path.resolve(__dirname, '../..')
const BUILT = path.join(REPOSITORY, process.env.CARGO_TARGET_DIR ?? 'target', 'debug')
const API = process.env.MASHANGJIAN_API ?? path.join(BUILT, 'api')
const SIM = process.env.MASHANGJIAN_SIM ?? path.join(BUILT, 'wechat-sim')
const H5 = path.join(__dirname, '../dist/build/h5')
const APPID = 'wxde30000000000000'
const secret = (bytes) => randomBytes(bytes).toString('hex')
const freePort = () => new Promise((resolve, reject) => {
  const server = net.createServer().on('error', reject).listen(0, '127.0.0.1', () => {
    const { port } = server.address()
    server.close(() => resolve(port))
  })
})

async function until(what, check, seconds = 90) {
  const end = Date.now() + seconds * 1000
  for (;;) {
    try { if (await check()) return } catch { /* not yet */ }
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Passes everything on to the service. `cut()` takes the network away, `mend()` gives it back. */
function front(port, apiPort) {
  let cut = null
  const server = http.createServer((request, response) => {
    if (cut?.before(request)) return request.socket.destroy()
    const on = http.request({ port: apiPort, host: '127.0.0.1', path: request.url, method: request.method, headers: request.headers }, (answer) => {
      if (cut?.after(request)) { answer.resume(); return request.socket.destroy() }
      response.writeHead(answer.statusCode, answer.headers)
      answer.pipe(response)
    })
    on.on('error', () => request.socket.destroy())
    request.pipe(on)
  })
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve({
    /** Calls that `before` picks never arrive; of those that `after` picks the answer is lost. */
    cut: (before = () => false, after = () => false) => { cut = { before, after } },
    mend: () => { cut = null },
    close: () => new Promise((done) => { server.closeAllConnections(); server.close(done) })
  })))
}

async function startService() {
  for (const program of [API, SIM]) if (!fs.existsSync(program)) throw new Error(`${program} is not there; build it: cargo build --workspace --bins`)
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'miniapp-'))
  const [port, apiPort, simPort] = [await freePort(), await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  const sim = `http://127.0.0.1:${simPort}`
  const [wechatSecret, password] = [secret(16), `demo-${secret(6)}`]
  const config = path.join(folder, 'test.toml')
  fs.mkdirSync(path.join(folder, 'files'))
  const template = (kind) => `[messages.templates.${kind}]\nid = "demo-${kind.replace(/_/g, '-')}"\nterm = "once"\npage = "pages/case/detail?id={case_id}"\n` +
    'fields = { character_string1 = "number", thing2 = "title", time3 = "at", thing4 = "station" }\n'
  fs.writeFileSync(config, [
    `server.port = ${apiPort}`, `server.public_url = "${url}"`, `server.pages_dir = "${H5}"`, `database.url = "sqlite://${folder}/db.sqlite?mode=rwc"`,
    `wechat.base_url = "${sim}"`, `wechat.appid = "${APPID}"`, `wechat.secret = "${wechatSecret}"`,
    `storage.path = "${folder}/files"`, 'telemetry.format = "text"', 'demo.enabled = true', `demo.password = "${password}"`,
    `auth.keys = [{ id = "test", secret = "${secret(32)}" }]`, `secrets.code_keys = [{ version = "A", secret = "${secret(32)}" }]`,
    `secrets.data_keys = [{ id = 1, secret = "${secret(32)}" }]`, template('progress'), template('answered'), template('received')
  ].join('\n'))
  const log = (name) => fs.openSync(path.join(folder, name), 'w')
  const simulator = spawn(SIM, ['--port', String(simPort), '--appid', APPID, '--secret', wechatSecret, '--public-url', url], { stdio: ['ignore', log('sim.log'), log('sim.err')] })
  await until('the simulator', async () => (await fetch(`${sim}/__sim/users`)).ok)
  execFileSync(API, ['migrate', '--config', config], { stdio: 'ignore' })
  const demo = JSON.parse(execFileSync(API, ['demo', '--config', config], { stdio: ['ignore', 'pipe', 'ignore'] }))
  const api = spawn(API, ['serve', '--config', config], { stdio: ['ignore', log('api.log'), log('api.err')] })
  await until('the service', async () => (await fetch(`http://127.0.0.1:${apiPort}/health/ready`)).ok)
  const network = await front(port, apiPort)
  const ended = (child) => new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve()))

  async function ask(method, target, { body, token, ticket, key } = {}) {
    const headers = { 'idempotency-key': key ?? secret(16) }
    if (body !== undefined) headers['content-type'] = 'application/json'
    if (token) headers.authorization = `Bearer ${token}`
    if (ticket) headers['x-case-ticket'] = ticket
    const answer = await fetch(`http://127.0.0.1:${apiPort}/api/v1${target}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
    const text = await answer.text()
    const value = text ? JSON.parse(text) : undefined
    if (!answer.ok) throw new Error(`${method} ${target}: ${answer.status} ${text}`)
    return value
  }
  return {
    url, sim, apiPort, appid: APPID, folder, demo, network, ask,
    token: demo.station_link.split('/').pop(),
    password,
    session: (login) => ask('POST', '/sessions/password', { body: { login, password } }),
    logIn: async (login) => (await ask('POST', '/sessions/password', { body: { login, password } })).access_token,
    jsCode: async (user) => (await (await fetch(`${sim}/__sim/login`, { method: 'POST', body: JSON.stringify({ user }), headers: { 'content-type': 'application/json' } })).json()).js_code,
    stop: async () => {
      await network.close()
      for (const child of [api, simulator]) { child.kill('SIGTERM'); await ended(child) }
      fs.rmSync(folder, { recursive: true, force: true })
    }
  }
}

module.exports = { startService, until }
