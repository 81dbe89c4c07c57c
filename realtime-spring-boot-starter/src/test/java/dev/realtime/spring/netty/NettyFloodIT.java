package dev.realtime.spring.netty;

import java.io.IOException;

class NettyFloodIT extends FloodContract {

	NettyFloodIT() throws IOException {
	}

}
