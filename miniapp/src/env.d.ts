/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Where the mini-program finds the service: `https://host`, with the path under which it runs. */
  readonly VITE_SERVER?: string
}

declare module '*.vue' {
  import { DefineComponent } from 'vue'
  const component: DefineComponent<object, object, unknown>
  export default component
}

/** What WeChat alone has, in the code that is built for it alone. */
declare const wx: {
  env: { USER_DATA_PATH: string }
  openPrivacyContract(options: object): void
  shareFileMessage(options: { filePath: string; fileName?: string; fail?: () => void }): void
}
