package dev.realtime.spring.netty;

/** On Tomcat's port, whose sockets are taken over. */
class UpgradedCompressionIT extends CompressionContract {

	@Override
	int port(EdgeNode node) {
		return node.servletPort();
	}

}
