package dev.realtime.spring.netty;

import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.InvalidRealtimePropertyException;
import dev.realtime.spring.RealtimeAutoConfiguration;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Fails the start when the listener is wanted and its dependency is missing: backing off
 * would make a node that looks well and does not listen.
 */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnBean(RealtimeNode.class)
@ConditionalOnProperty("realtime.netty.port")
@ConditionalOnMissingClass("io.netty.handler.codec.http.websocketx.WebSocketFrame")
public class MissingNettyAutoConfiguration {

	/** Before any bean is made. */
	@Bean
	static BeanFactoryPostProcessor realtimeNettyIsMissing(Environment environment) {
		String port = environment.getProperty("realtime.netty.port");
		return (beans) -> {
			throw new InvalidRealtimePropertyException("realtime.netty.port", port,
					"needs io.netty:netty-codec-http; add this dependency (Spring Boot knows its version), "
							+ "or remove the property");
		};
	}

}
