// node screenshots.mjs http://localhost:8080 FOLDER: how the page looks, for people to judge.
import { launchChromium } from './chromium.mjs';
import { Person } from './person.mjs';

const [url = 'http://localhost:8080', folder = '.'] = process.argv.slice(2);
const browser = await launchChromium();
const shot = (person, name) => person.page.screenshot({ path: `${folder}/${name}.png` });
const phone = { viewport: { width: 375, height: 812 }, hasTouch: true, deviceScaleFactor: 2 };

const room = `coffee-${Date.now() % 10_000}`;
const ann = await Person.joins(browser, `${url}/#${room}`, 'Ann');
const bob = await Person.joins(browser, `${url}/#${room}`, 'Bob', phone);
const carla = await Person.joins(browser, `${url}/#${room}`, 'Carla Ñuñez', { colorScheme: 'dark' });
const talk = [
  [ann, 'Morning! Is anybody up for coffee at ten?'],
  [bob, 'Yes. The usual place?'],
  [carla, 'Count me in. I can bring what is left of the cake from yesterday, if nobody has found it in the fridge meanwhile.'],
  [ann, 'You are the best ☕🍰'],
  [bob, 'Recipe:\n- flour\n- sugar\n- patience\nhttps://example.com/a-very-long-address-that-does-not-fit-on-a-phone/0123456789'],
  [ann, 'See you there'],
];
for (const [index, [person, text]] of talk.entries()) {
  await person.says(text);
  await Promise.all([ann, bob, carla].map((each) => each.until(`[data-seq="${index + 1}"]`)));
}
await Promise.all([ann, bob, carla].map((each) => each.sees('Ann', 'Bob', 'Carla Ñuñez')));
await shot(ann, 'desktop');
await shot(bob, 'phone');
await shot(carla, 'dark');

await bob.page.locator('#people summary').click();
await shot(bob, 'phone-people');
await carla.page.evaluate(() => document.querySelector('#text').removeAttribute('maxlength'));
await carla.says('long '.repeat(500));
await carla.until('[data-state="failed"]');
await shot(carla, 'dark-refused');

await ann.page.goto(`${url}/#nobody-here-${room}`);
await ann.until('#empty');
await shot(ann, 'desktop-empty');

const stranger = await browser.newPage({ ...phone });
await stranger.goto(url);
await stranger.screenshot({ path: `${folder}/phone-welcome.png` });
await browser.close();
