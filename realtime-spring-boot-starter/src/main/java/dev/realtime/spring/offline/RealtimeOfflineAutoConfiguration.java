package dev.realtime.spring.offline;

import java.util.List;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.DurableTopics;
import dev.realtime.spring.OfflineProperties;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.sessions.RealtimeSessions;
import dev.realtime.spring.sessions.RealtimeSessionsAutoConfiguration;
import dev.realtime.spring.unread.RealtimeUnreadAutoConfiguration;
import dev.realtime.unread.ReadPositions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Calls the {@link OfflineHandler}s of an application that has some. */
@AutoConfiguration(after = { RealtimeAutoConfiguration.class, RealtimeSessionsAutoConfiguration.class,
		RealtimeUnreadAutoConfiguration.class })
@ConditionalOnBean({ RealtimeNode.class, OfflineHandler.class })
@EnableConfigurationProperties(OfflineProperties.class)
public class RealtimeOfflineAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(RealtimeOfflineAutoConfiguration.class);

	private static final String BROKER = "simpleBrokerMessageHandler";

	@Bean(destroyMethod = "close")
	OfflineMessages realtimeOfflineMessages(OfflineProperties properties, List<OfflineHandler> handlers,
			RealtimeSessions sessions, ObjectProvider<ReadPositions> positions, DurableTopics durable, Loops loops) {
		Loop loop = loops.loop("realtime-offline");
		ReadPositions kept = positions.getIfAvailable();
		return new OfflineMessages(properties, loop, loops.loop("realtime-offline-handler", properties.threads()),
				handlers, sessions::connectedUsers,
				(kept != null) ? new UnreadLookup(loop, kept::unread, durable) : null);
	}

	/** Handlers that nothing calls would be worse than none. */
	@Bean
	SmartInitializingSingleton realtimeOfflineCheck(BeanFactory beans) {
		return () -> {
			boolean ours = beans.containsBean(BROKER)
					&& beans.getBean(BROKER).getClass().getPackageName().startsWith("dev.realtime.");
			if (!ours) {
				logger.warn("OfflineHandler beans are not called: this application has no STOMP support with the "
						+ "broker of this starter, through which messages are sent to users");
			}
		};
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		OfflineMetrics realtimeOfflineMetrics(OfflineMessages messages) {
			return new OfflineMetrics(messages);
		}

	}

}
