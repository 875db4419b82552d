// Builds both targets. Its two plugins keep what the framework would call of its own maker's hosts out of them.
import { defineConfig, type Plugin } from 'vite'
import uni from '@dcloudio/vite-plugin-uni'

interface Declaration { value: string; remove(): void }

/** The framework's H5 styles animate with a picture from its maker's host, which every visitor would fetch. */
const noForeignPictures = {
  postcssPlugin: 'no-foreign-pictures',
  Declaration(declaration: Declaration) {
    if (declaration.value.includes('dcloud.net.cn')) declaration.remove()
  }
}

/** The framework's mini-program runtime fetches a picture from its maker's host, with the appid in its path. */
const noVendorPing: Plugin = {
  name: 'no-vendor-ping',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('uni.mp.esm.js')) return
    const out = code.replace(/^\s*preloadAsset\(\);$/m, '')
    if (out === code) this.error('uni.mp.esm.js has changed: look for its ping again')
    return { code: out, map: null }
  }
}

export default defineConfig({
  // Relative: the pages work under whatever path the service hands them out.
  base: './',
  plugins: [noVendorPing, uni()],
  css: { postcss: { plugins: [noForeignPictures] } }
})
