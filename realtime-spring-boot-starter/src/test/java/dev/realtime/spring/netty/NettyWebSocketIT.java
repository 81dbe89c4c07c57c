package dev.realtime.spring.netty;

import java.io.IOException;

class NettyWebSocketIT extends WebSocketContract {

	NettyWebSocketIT() throws IOException {
	}

}
