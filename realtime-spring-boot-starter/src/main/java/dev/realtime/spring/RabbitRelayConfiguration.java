package dev.realtime.spring;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import com.rabbitmq.client.Connection;
import dev.realtime.loop.Loops;
import dev.realtime.relay.Relay;
import dev.realtime.relay.rabbit.RabbitRelay;
import dev.realtime.relay.rabbit.RabbitRelayOptions;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The relay over RabbitMQ, for {@code realtime.relay.type=rabbit}. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(Connection.class)
@ConditionalOnProperty(name = RelayProperties.TYPE, havingValue = "rabbit")
class RabbitRelayConfiguration {

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	Relay realtimeRelay(RelayProperties properties, Environment environment, ObjectProvider<SslBundles> bundles,
			Loops loops) {
		RabbitProperties rabbit = properties.rabbit();
		boolean own = rabbit.uri() != null || rabbit.sslBundle() != null;
		String property = own ? "realtime.relay.rabbit.ssl-bundle" : "spring.rabbitmq.ssl.bundle";
		String bundle = own ? rabbit.sslBundle() : environment.getProperty(property);
		String uri = (rabbit.uri() != null) ? rabbit.uri() : uri(environment, bundle != null);
		PropertyBounds.check(bundle == null || uri.startsWith("amqps://"), property, bundle,
				"needs an address that begins with amqps://");
		return RabbitRelay.of(new RabbitRelayOptions(uri, rabbit.exchange(), rabbit.timeout(), rabbit.queueLength(),
				rabbit.unconfirmed(), BundleTls.of(property, bundle, bundles)), loops);
	}

	/** The server of Boot's properties: the first of its addresses, or the host. */
	static String uri(Environment environment, boolean encrypted) {
		String addresses = environment.getProperty("spring.rabbitmq.addresses");
		String first = (addresses != null) ? addresses.split(",", 2)[0].trim() : "";
		if (first.contains("://")) {
			return first;
		}
		boolean tls = encrypted || environment.getProperty("spring.rabbitmq.ssl.enabled", Boolean.class, false);
		String host = environment.getProperty("spring.rabbitmq.host", "localhost");
		int port = environment.getProperty("spring.rabbitmq.port", Integer.class, tls ? 5671 : 5672);
		if (!first.isEmpty()) {
			int colon = first.lastIndexOf(':');
			host = (colon < 0) ? first : first.substring(0, colon);
			port = (colon < 0) ? port : Integer.parseInt(first.substring(colon + 1));
		}
		String user = encoded(environment.getProperty("spring.rabbitmq.username", "guest")) + ':'
				+ encoded(environment.getProperty("spring.rabbitmq.password", "guest"));
		String virtualHost = environment.getProperty("spring.rabbitmq.virtual-host", "/");
		return (tls ? "amqps://" : "amqp://") + user + '@' + host + ':' + port
				+ (virtualHost.equals("/") ? "" : '/' + encoded(virtualHost));
	}

	private static String encoded(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
	}

}
