import { expect } from 'chai';
import { Workplace } from './command.js';

describe('secretsim releases', () => {
  let place: Workplace;
  before(async () => (place = await Workplace.make()));
  after(() => place.remove());

  it('says what an upgrade changes, in words, with sources', async () => {
    const { code, out } = await place.call(['releases', '1.28', '1.34', '-o', 'json']);
    expect(code).to.equal(0);
    const changes = JSON.parse(out) as readonly { readonly name: string; readonly effect: string }[];
    expect(changes.find(({ name }) => name === 'cacheInvalidation')?.effect).to.include('the TTL is waited for');
  });

  it('prints a table for people, and all releases without arguments', async () => {
    const { code, out } = await place.run(['releases']);
    expect(code).to.equal(0);
    expect(out)
      .to.match(/^RELEASE +BEHAVIOUR/)
      .and.to.include('1.21')
      .and.to.include('1.37');
  });

  it('says in one line which releases there are', async () => {
    const { code, out, err } = await place.call(['releases', '1.19']);
    expect(code).to.equal(2);
    expect(out).to.equal('');
    expect(err.split('\n')[0]).to.equal(
      '"1.19" is no release that is known: allowed are 1.20 to 1.37; a newer one is simulated as 1.37',
    );
  });

  it('takes two releases at most', async () => {
    expect((await place.call(['releases', '1.20', '1.21', '1.22'])).code).to.equal(2);
  });
});
