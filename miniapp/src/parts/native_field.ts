// Browsers only: the browser's own field for a date or an hour, which keys and screen readers know.
import { defineComponent, h } from 'vue'

export default defineComponent({
  props: { modelValue: { type: String, required: true }, mode: { type: String, required: true }, label: { type: String, required: true }, min: { type: String, default: '' }, bad: { type: Boolean, default: false } },
  emits: { 'update:modelValue': (value: string) => typeof value === 'string' },
  setup(props, { emit }) {
    return () => h('input', {
      class: ['input', { bad: props.bad }], type: props.mode, value: props.modelValue, min: props.min || undefined,
      'aria-label': props.label, 'aria-invalid': props.bad ? 'true' : 'false',
      onInput: (event: Event) => emit('update:modelValue', (event.target as HTMLInputElement).value)
    })
  }
})
