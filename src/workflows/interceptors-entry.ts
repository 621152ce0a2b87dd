/** What Temporal loads Baton's interceptors from. */
export { interceptors } from './bundled.js';
