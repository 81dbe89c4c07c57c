package dev.realtime.spring.netty;

class CompressedFloodIT extends CompressedFloodContract {

	@Override
	int port(EdgeNode node) {
		return node.port();
	}

}
