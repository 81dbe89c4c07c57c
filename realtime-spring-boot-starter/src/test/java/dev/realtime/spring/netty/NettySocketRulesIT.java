package dev.realtime.spring.netty;

class NettySocketRulesIT extends SocketRulesContract {

	@Override
	int port(EdgeNode node) {
		return node.port();
	}

}
