// As much of curl as the guides use: -s, -N, -X METHOD, -H 'Name: value', -d DATA, one address. Anything else is an error.
const headers = {};
let [url, method, body] = [];
const words = process.argv.slice(2).flatMap((word) => (/^-[sN]{2,}$/.test(word) ? [...word.slice(1)].map((one) => `-${one}`) : [word]));
while (words.length) {
  const word = words.shift();
  if (word === '-s' || word === '-N') continue;
  if (word === '-X') method = words.shift();
  else if (word === '-H') {
    const [, name, value] = words.shift().match(/^([^:]+):\s*(.*)$/);
    headers[name] = value;
  } else if (word === '-d') body = words.shift();
  else if (!word.startsWith('-') && url === undefined) url = word;
  else fail(`curl.mjs knows no ${word}`, 2);
}
if (url === undefined) fail('curl.mjs needs an address', 2);
if (body !== undefined && !Object.keys(headers).some((name) => /^content-type$/i.test(name))) {
  headers['Content-Type'] = 'application/x-www-form-urlencoded';
}
try {
  const address = /^https?:/.test(url) ? url : `http://${url}`;
  const response = await fetch(address, { method: method ?? (body === undefined ? 'GET' : 'POST'), headers, body, redirect: 'manual' });
  for await (const chunk of response.body ?? []) process.stdout.write(chunk);
} catch (error) {
  fail(`curl.mjs: ${error.cause?.message ?? error.message}`, 7);
}

function fail(message, code) {
  console.error(message);
  process.exit(code);
}
