// The same as the servers beside it: clients subscribe to rooms, and publish to them.
const { createServer } = require('node:http');
const { Server } = require('socket.io');

const port = Number(process.argv[2] ?? 3000);
const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });

io.on('connection', (socket) => {
	socket.on('sub', (room, done) => {
		socket.join(room);
		done();
	});
	socket.on('pub', (room, body) => io.to(room).emit('msg', body));
});

http.listen(port, '127.0.0.1', () => console.log(`READY pid=${process.pid} port=${http.address().port} http=0`));

// Whoever measures memory asks for a full collection; needs --expose-gc.
process.on('SIGUSR2', () => globalThis.gc?.());
