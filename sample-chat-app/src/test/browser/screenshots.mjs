// node screenshots.mjs http://localhost:8080 FOLDER [http://localhost:8081]: how each page looks, for people to judge.
import { launchChromium } from './chromium.mjs';
import { Person } from './person.mjs';

const [url = 'http://localhost:8080', folder = '.', other = url] = process.argv.slice(2);
const browser = await launchChromium();
const phone = { viewport: { width: 375, height: 812 }, hasTouch: true, deviceScaleFactor: 2 };
const shot = (person, name) => person.page.screenshot({ path: `${folder}/${name}.png` });
const shots = (name) => Promise.all([shot(ann, `desktop-${name}`), shot(bob, `phone-${name}`), shot(carla, `dark-${name}`)]);
const all = (act) => Promise.all([ann, bob, carla].map(act));

const room = `coffee-${Date.now() % 10_000}`;
const ann = await Person.joins(browser, `${url}/#${room}`, 'Ann');
const bob = await Person.joins(browser, `${other}/#${room}`, 'Bob', phone);
const carla = await Person.joins(browser, `${url}/#${room}`, 'Carla Ñuñez', { colorScheme: 'dark' });
const talk = [
  [ann, 'Morning! Is anybody up for coffee at ten?'],
  [bob, 'Yes. The usual place?'],
  [carla, 'Count me in. I can bring what is left of the cake from yesterday, if nobody has found it in the fridge meanwhile.'],
  [ann, 'You are the best ☕🍰 @Bob, your turn to pay'],
  [bob, 'Recipe:\n- flour\n- sugar\n- patience\nhttps://example.com/a-very-long-address-that-does-not-fit-on-a-phone/0123456789'],
  [ann, 'See you there, @Bob and @"Carla Ñuñez"'],
];
for (const [index, [person, text]] of talk.entries()) {
  await person.says(text);
  await all((each) => each.until(`[data-seq="${index + 1}"]`));
}
await all((each) => each.sees('Ann', 'Bob', 'Carla Ñuñez'));
await ann.types('Coming', () => all((each) => (each === ann ? undefined : each.until('#typing:text("Ann is typing")'))));
await shots('room');

await ann.talksTo('Bob');
await ann.says('Between you and me: I have the cake');
await carla.talksTo('Bob');
await carla.says('Have you seen the cake?');
await bob.until('#inbox-link .badge');
await bob.talksTo('Ann');
await bob.says('I will not tell');
await all((each) => each.until('#talks a'));
await shots('talk');
await all(async (each) => {
  await each.goesTo('#/inbox');
  await each.until('#inbox');
});
await ann.hasUnread('inbox', 0);
await shots('inbox');

await bob.enters(room);
await bob.page.locator('#people summary').click();
await shot(bob, 'phone-people');
await carla.enters(room);
await carla.page.evaluate(() => document.querySelector('#text').removeAttribute('maxlength'));
await carla.says('long '.repeat(500));
await carla.until('[data-state="failed"]');
await shot(carla, 'dark-refused');

await ann.enters('tech');
await all((each) => each.losesNetwork());
await all((each) => each.says('Written without a network'));
await shots('offline');
await ann.page.context().setOffline(false);
await ann.isLive();
for (let i = 1; i <= 12; i++) await ann.says(`Catching up ${i}`);
await ann.enters(room);
for (let i = 1; i <= 12; i++) await ann.says(`Nobody is here ${i}`);
await all((each) => each.findsNetwork());
await all((each) => each.isLive());
await Promise.all([bob, carla].map((each) => each.until('.divider.new')));
await all((each) => each.page.evaluate(() => document.querySelector('.divider.new')?.scrollIntoView({ block: 'center' })));
await shots('new');

await all((each) => each.goesTo('ticker.html'));
await all((each) => each.page.waitForFunction(() => Number(document.querySelector('#prices')?.dataset.frame) > 0 && document.querySelector('polyline')?.points.length > 30));
await shots('prices');

await all((each) => each.goesTo('fleet.html'));
await all(async (each) => {
  await each.page.getByRole('button', { name: 'Send through' }).first().click();
  await each.until('.path[data-arrivals]');
  await each.until('.card[data-state="live"]');
});
await all((each) => each.page.waitForFunction(() => !document.querySelector('.nodes').textContent.includes('–')));
await shots('fleet');

await all(async (each) => {
  await each.page.evaluate(() => sessionStorage.clear());
  await each.goesTo('?again');
  await each.until('#join');
});
await shots('welcome');
await ann.page.getByLabel('Your name').fill('Zoe');
await ann.page.getByRole('button', { name: 'Join' }).click();
await ann.isLive();
await ann.enters(`nobody-here-${room}`);
await ann.until('#empty');
await shot(ann, 'desktop-empty');
await browser.close();
