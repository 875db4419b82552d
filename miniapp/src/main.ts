// Where both builds begin: WeChat's mini-program and the pages in a browser.
import { createSSRApp } from 'vue'
import App from './App.vue'
// #ifdef H5
import { keepNamed, pressByKeyboard } from './reachable'
pressByKeyboard()
keepNamed()
// #endif

export function createApp() {
  return { app: createSSRApp(App) }
}
