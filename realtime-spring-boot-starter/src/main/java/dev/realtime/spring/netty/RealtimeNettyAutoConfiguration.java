package dev.realtime.spring.netty;

import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.AddressConnections;
import dev.realtime.spring.ClientAddress;
import dev.realtime.spring.InvalidRealtimePropertyException;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.audit.SecurityEvents;
import dev.realtime.spring.security.AnonymousAccess;
import dev.realtime.spring.stomp.InboundExecutor;
import dev.realtime.spring.stomp.RealtimeStompAutoConfiguration;
import dev.realtime.spring.stream.RealtimeStreamAutoConfiguration;
import dev.realtime.spring.stream.Streams;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;

/** The Netty listener, when {@code realtime.netty.port} is set. */
@AutoConfiguration(after = { RealtimeAutoConfiguration.class, RealtimeStompAutoConfiguration.class,
		RealtimeStreamAutoConfiguration.class })
@ConditionalOnProperty({ "realtime.netty.port" })
@ConditionalOnBean(RealtimeNode.class)
@ConditionalOnClass(name = "io.netty.handler.codec.http.websocketx.WebSocketFrame")
public class RealtimeNettyAutoConfiguration {

	/** The property that tells the port it listens on. */
	static final String LOCAL_PORT = "local.realtime.netty.port";

	/**
	 * For each address, connections that are open only to be told that there are too
	 * many.
	 */
	private static final int TURNED_AWAY = 32;

	private static final String PORTS = "server.ports";

	/** Closed after the node, which depends on it. */
	@Bean(destroyMethod = "close")
	NettyLoops realtimeNettyLoops(RealtimeProperties properties) {
		return new NettyLoops(properties.netty());
	}

	@Bean
	ListenerStats realtimeNettyStats() {
		return new ListenerStats();
	}

	@Bean
	NettyListener realtimeNettyListener(RealtimeProperties properties, AnonymousAccess anonymous, NettyLoops loops,
			ListenerStats stats, ObjectProvider<SslBundles> bundles, ApplicationContext application,
			ConfigurableEnvironment environment) {
		if (anonymous.isOpen() && !anonymous.isDecided()) {
			throw new InvalidRealtimePropertyException("realtime.netty.port", properties.netty().port(),
					"needs a ConnectAuthenticator bean or a JwtDecoder, because the application's filters do not "
							+ "protect that port, or realtime.security.anonymous=true, which lets every client connect");
		}
		ConnectionSetup entrance = new ConnectionSetup(properties.netty(), bundles.getIfAvailable());
		return new NettyListener(properties.netty(), (int) properties.limits().maxCredentialsSize().toBytes(), loops,
				entrance, () -> context(properties, entrance.proxies(), stats, application),
				(port) -> publish(port, environment));
	}

	/** As Boot does for {@code local.server.port}, in the same property source. */
	private static void publish(int port, ConfigurableEnvironment environment) {
		MutablePropertySources sources = environment.getPropertySources();
		if (!(sources.get(PORTS) instanceof MapPropertySource)) {
			sources.addFirst(new MapPropertySource(PORTS, new ConcurrentHashMap<>()));
		}
		if (sources.get(PORTS) instanceof MapPropertySource ports) {
			ports.getSource().put(LOCAL_PORT, port);
		}
	}

	/** The inbound channel's executor, which our broker has made one that keeps order. */
	private static ListenerContext context(RealtimeProperties properties, TrustedProxies proxies, ListenerStats stats,
			ApplicationContext beans) {
		Object executor = beans.getBean("clientInboundChannelExecutor");
		if (!(executor instanceof InboundExecutor inbound)) {
			throw new IllegalStateException("realtime.netty.port is set, but the bean clientInboundChannelExecutor, "
					+ "a " + executor.getClass().getName() + ", is not an Executor");
		}
		return new ListenerContext(ServletPaths.of(beans),
				new Endpoints(beans.getBean("stompWebSocketHandlerMapping", AbstractUrlHandlerMapping.class)),
				new Origins(properties.allowedOrigins()), inbound, properties.limits().largestFrame(),
				properties.limits().inboundPending(), properties.limits().inboundBytes().toBytes(),
				properties.netty().maxConnections(), properties.netty().pingInterval().toNanos(),
				properties.netty().compression(), proxies, beans.getBean(AddressConnections.class),
				new AddressConnections(TURNED_AWAY, new ClientAddress(properties.limits())), stats,
				beans.getBeanProvider(Streams.class).getIfAvailable(), properties.netty().handshakeTimeout(),
				new WriteDeadline(properties.limits().writeTimeout()), beans.getBean(SecurityEvents.class),
				beans.getBean(RealtimeNode.class)::isRefusingConnections);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ListenerMetrics realtimeNettyMetrics(ListenerStats stats) {
			return new ListenerMetrics(stats);
		}

	}

}
