import { cli } from '../../support/cli.js';

describe('baton', () => {
  it('lists its commands in the help, and exits 0', async () => {
    const { code, out } = await cli(['--help']);
    expect(code).toBe(0);
    for (const command of [
      'demo',
      'dev',
      'worker',
      'start',
      'list',
      'show',
      'approvals',
      'approve',
      'doctor',
    ])
      expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  it('prints its version', async () => {
    expect(await cli(['--version'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it.each([
    [['strat'], /unknown command 'strat'[^]*Did you mean start/],
    [[], /Name a command/],
    [['start'], /missing required argument 'orchestration'[^]*Try: npx baton start --help/],
    [['start', 'refund', '--budget', 'much'], /--budget <usd>.*is invalid/],
    [['dev', '--port', '99999'], /A port is a number up to 65535/],
    [['list', '--limit', '1.5'], /It is a whole number/],
    [['demo', 'nothing'], /there is no example "nothing"; there is: .*support-desk/],
  ])('exits 2 at misuse: %j', async (argv, said) => {
    const { code, out, err } = await cli(argv);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(said);
    expect(err).toContain('Try: npx baton');
  });

  it('says where nothing answers', async () => {
    const { code, err } = await cli(['list', '--address', '127.0.0.1:1']);
    expect(code).toBe(1);
    expect(err).toMatch(
      /^ServerUnreachable: No Temporal server answers\n {2}127\.0\.0\.1:1: .*\n {2}Try: start one/,
    );
  });

  it.each([
    ['{bad', '', /--input is not JSON/],
    ['-', 'text', /standard input is not JSON/],
    ['@missing.json', '', /missing\.json cannot be read/],
  ])('refuses the input %s before it connects', async (input, stdin, said) => {
    const { code, err } = await cli(['start', 'refund', '--input', input], { stdin });
    expect(code).toBe(1);
    expect(err).toMatch(said);
    expect(err).toContain('InputInvalid');
  });

  it('refuses a bad ticket before anything is brought up', async () => {
    const { code, out, err } = await cli(['demo', '--ticket', 'T-999']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/"T-999" is neither a file nor an input of the example\n {2}Try: .*--list/);
  });
});
