package dev.realtime.spring.audit;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.NodeId;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.RealtimeProperties;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of {@link SecurityEvent}s. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnBean(RealtimeNode.class)
public class RealtimeAuditAutoConfiguration {

	/** The thread of listeners of the application, which may block. */
	@Bean(destroyMethod = "close", defaultCandidate = false)
	Loop realtimeAuditLoop(Loops loops) {
		return loops.loop("realtime-audit");
	}

	@Bean
	SecurityEvents realtimeSecurityEvents(NodeId node, RealtimeProperties properties,
			@Qualifier("realtimeAuditLoop") Loop loop, ApplicationEventPublisher publisher) {
		return new SecurityEvents(node.value(), properties.audit(), loop, publisher::publishEvent);
	}

}
