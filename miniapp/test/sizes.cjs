// How large both builds are, and that they name no host but known ones. Fails when a limit is passed.
const fs = require('node:fs')
const path = require('node:path')
const { gzipSync } = require('node:zlib')

const BUILDS = path.join(__dirname, '../dist/build')
const KB = 1024
const LIMITS = { main: 1536 * KB, first: 300 * KB, view: 250 * KB }
/**
 * Hosts that stand in the builds and are not called: names of XML vocabularies, the sample address of the
 * mini-program, what the framework's unused parts would call, and where its errors are explained.
 */
const NAMED = new Set(['www.w3.org', 'service.invalid', 'hac1.dcloud.net.cn', 'has1.dcloud.net.cn', 'vuejs.org', 'uniapp.dcloud.net.cn', 'uniapp.dcloud.io', 'ask.dcloud.net.cn'])

function filesIn(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? filesIn(path.join(folder, entry.name)) : [path.join(folder, entry.name)]))
}
const weigh = (files) => files.reduce((sum, file) => sum + fs.statSync(file).size, 0)
const faults = []
function measure(what, bytes, limit) {
  console.log(`${what}: ${(bytes / KB).toFixed(0)} KB of ${limit / KB} KB`)
  if (bytes > limit) faults.push(`${what} is too large`)
}

const mp = path.join(BUILDS, 'mp-weixin')
const appJson = JSON.parse(fs.readFileSync(path.join(mp, 'app.json'), 'utf8'))
const roots = (appJson.subPackages ?? []).map((one) => path.join(mp, one.root) + path.sep)
const inMain = filesIn(mp).filter((file) => !roots.some((root) => file.startsWith(root)))
measure('main package of the mini-program', weigh(inMain), LIMITS.main)

/** A page with all that its components are made of; and every script, since the program loads what is shared first. */
function partsOf(page, seen = new Set()) {
  if (seen.has(page)) return seen
  seen.add(page)
  const { usingComponents = {} } = JSON.parse(fs.readFileSync(`${page}.json`, 'utf8'))
  for (const used of Object.values(usingComponents)) partsOf(used.startsWith('/') ? path.join(mp, used) : path.resolve(path.dirname(page), used), seen)
  return seen
}
const own = [...partsOf(path.join(mp, 'pages/scan/index'))].flatMap((part) => ['.js', '.json', '.wxml', '.wxss'].map((end) => part + end)).filter((file) => fs.existsSync(file))
const shared = inMain.filter((file) => file.endsWith('.js') && !/[/\\](pages|parts)[/\\]/.test(file))
measure('scan page of the mini-program with all shared code', weigh([...new Set([...own, ...shared, path.join(mp, 'app.wxss')])]), LIMITS.first)

const h5 = path.join(BUILDS, 'h5')
const index = fs.readFileSync(path.join(h5, 'index.html'), 'utf8')
/** What the browser fetches for a page: the entry with all it imports, and that page's part with all it imports. */
function imports(file, seen) {
  if (seen.has(file) || !fs.existsSync(file)) return
  seen.add(file)
  if (!file.endsWith('.js')) return
  const code = fs.readFileSync(file, 'utf8')
  for (const [, name] of code.matchAll(/(?:from|import)\s*["'](\.\/[^"']+\.js)["']/g)) imports(path.join(path.dirname(file), name), seen)
}
const view = new Set([path.join(h5, 'index.html')])
for (const [, name] of index.matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css))"/g)) imports(path.join(h5, name), view)
const chunks = filesIn(path.join(h5, 'assets'))
for (const chunk of chunks.filter((file) => /pages-scan-index/.test(file))) imports(chunk, view)
for (const style of chunks.filter((file) => file.endsWith('.css'))) view.add(style)
const compressed = [...view].reduce((sum, file) => sum + gzipSync(fs.readFileSync(file)).length, 0)
measure(`first view in a browser, ${view.size} files, compressed`, compressed, LIMITS.view)
if (![...view].some((file) => /pages-scan-index.*\.js$/.test(file))) faults.push('the scan page was not found in the H5 build')
if (/<script(?![^>]*\ssrc=)[^>]*>/.test(index)) faults.push('index.html has a script of its own, which the policy forbids')

for (const file of [...filesIn(mp), ...filesIn(h5)].filter((name) => /\.(js|css|wxss|html|wxml|json)$/.test(name))) {
  for (const [, host] of fs.readFileSync(file, 'utf8').matchAll(/https?:\/\/([a-z0-9.-]+\.[a-z]{2,})/gi)) {
    if (!NAMED.has(host)) faults.push(`${path.relative(BUILDS, file)} names ${host}`)
  }
}
if (fs.readFileSync(path.join(mp, 'common/vendor.js'), 'utf8').includes('preloadAsset()')) faults.push('the runtime calls home')

if (faults.length) {
  console.error([...new Set(faults)].join('\n'))
  process.exitCode = 1
}
