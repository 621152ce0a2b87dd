import { nameEach } from '../../../src/workflows/patterns/name-each.js';
import { agentFunction } from '../../../src/workflows/proxy-agents.js';

const closure = async () => null;
const namesOf = (...args: Parameters<typeof nameEach>) => nameEach(...args).map(({ name }) => name);

describe('nameEach', () => {
  it('takes the names of a record', () => {
    expect(namesOf('vote', { one: closure, two: agentFunction('clerk') })).toEqual(['one', 'two']);
  });

  it('calls those of a list after their agents, and closures by their place', () => {
    expect(namesOf('vote', [agentFunction('clerk'), closure])).toEqual(['clerk', '2']);
  });

  it('numbers names that come again, also in further tries', () => {
    const clerk = agentFunction('clerk');
    expect(namesOf('vote', [clerk, clerk])).toEqual(['clerk', 'clerk-2']);
    expect(namesOf('vote', { a: clerk, b: closure }, 2)).toEqual(['a', 'b', 'a-2', 'b-2']);
  });

  it.each([
    [[], 1, 'vote: there is nobody to ask'],
    [[closure], 0, 'vote: 0 is no number of tries; give 1 or more'],
    [[closure], 1.5, 'vote: 1.5 is no number of tries; give 1 or more'],
  ])('refuses %j with %j tries', (fns, tries, message) => {
    expect(() => nameEach('vote', fns, tries)).toThrow(
      expect.objectContaining({ type: 'ConfigInvalid', message }),
    );
  });
});
