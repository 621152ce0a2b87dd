export { routeAll } from './route-all.js';
export { routePage } from './route-page.js';
export { routeQuestion } from './route-question.js';
