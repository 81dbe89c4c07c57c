package dev.realtime.spring.stream;

import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.audit.SecurityEvents;
import dev.realtime.spring.rates.Rates;
import dev.realtime.spring.stomp.InboundExecutor;
import dev.realtime.spring.stomp.RealtimeStompAutoConfiguration;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/** Streams over HTTP, wherever there is a STOMP endpoint. */
@AutoConfiguration(after = RealtimeStompAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(WebSocketMessageBrokerConfigurer.class)
@ConditionalOnProperty(name = { "realtime.enabled", "realtime.http.enabled" }, matchIfMissing = true)
@ConditionalOnBean(RealtimeNode.class)
public class RealtimeStreamAutoConfiguration {

	@Bean
	Streams realtimeStreams(RealtimeProperties properties, Rates rates, BeanFactory beans, SecurityEvents events) {
		return new Streams(StreamOptions.of(properties),
				() -> StompEndpoint.find(beans.getBean("stompWebSocketHandlerMapping", AbstractUrlHandlerMapping.class),
						properties.endpoint()),
				() -> inbound(beans), rates, events);
	}

	/** The inbound channel's executor, which our broker has made one that keeps order. */
	private static InboundExecutor inbound(BeanFactory beans) {
		Object executor = beans.getBean("clientInboundChannelExecutor");
		if (executor instanceof InboundExecutor inbound) {
			return inbound;
		}
		throw new IllegalStateException("Streams over HTTP need the bean clientInboundChannelExecutor to be an "
				+ "Executor, but it is a " + executor.getClass().getName());
	}

}
