package dev.realtime.spring.netty;

import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.stomp.InboundExecutor;
import dev.realtime.spring.stomp.RealtimeStompAutoConfiguration;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;

/** The Netty listener, when {@code realtime.netty.port} is set. */
@AutoConfiguration(after = { RealtimeAutoConfiguration.class, RealtimeStompAutoConfiguration.class })
@ConditionalOnProperty({ "realtime.netty.port" })
@ConditionalOnClass(name = "io.netty.handler.codec.http.websocketx.WebSocketFrame")
public class RealtimeNettyAutoConfiguration {

	/** Closed after the node, which depends on it. */
	@Bean(destroyMethod = "close")
	NettyLoops realtimeNettyLoops(RealtimeProperties properties) {
		return new NettyLoops(properties.netty());
	}

	@Bean
	NettyListener realtimeNettyListener(RealtimeProperties properties, NettyLoops loops, BeanFactory beans) {
		return new NettyListener(properties.netty(), loops, () -> context(properties, beans));
	}

	/** The inbound channel's executor, which our broker has made one that keeps order. */
	private static ListenerContext context(RealtimeProperties properties, BeanFactory beans) {
		Object executor = beans.getBean("clientInboundChannelExecutor");
		if (!(executor instanceof InboundExecutor inbound)) {
			throw new IllegalStateException("realtime.netty.port is set, but the bean clientInboundChannelExecutor, "
					+ "a " + executor.getClass().getName() + ", is no Executor");
		}
		return new ListenerContext(
				new Endpoints(beans.getBean("stompWebSocketHandlerMapping", AbstractUrlHandlerMapping.class)),
				new Origins(properties.allowedOrigins()), inbound, (int) properties.limits().maxFrameSize().toBytes(),
				properties.limits().inboundPending(), properties.netty().maxConnections(),
				properties.netty().pingInterval().toNanos(), new AtomicInteger());
	}

}
