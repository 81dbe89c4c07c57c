package dev.realtime.spring.pipe;

import java.util.concurrent.CompletableFuture;

import dev.realtime.RealtimePublisher;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.loop.Loops;
import dev.realtime.spring.PipeProperties;
import dev.realtime.spring.publisher.SwitchedOffAutoConfiguration;
import org.reactivestreams.Publisher;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Lets an application with {@code realtime.enabled=false} start that injects
 * {@link RealtimeStreams}. Calls fail with a sentence.
 */
@AutoConfiguration(after = SwitchedOffAutoConfiguration.class)
@ConditionalOnClass(Publisher.class)
@ConditionalOnProperty(name = "realtime.enabled", havingValue = "false")
@EnableConfigurationProperties(PipeProperties.class)
public class SwitchedOffPipeAutoConfiguration {

	private static final String REFUSAL = "realtime.enabled=false, so this application publishes nothing";

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	RealtimeStreams realtimeTextStreams(RealtimePublisher publisher, PipeProperties properties) {
		return new RealtimeStreams(publisher, properties, TopicPolicies.all(TopicPolicy.DEFAULT), Long.MAX_VALUE,
				PipeLoops.of(new Loops(), properties.threads()),
				(topic) -> CompletableFuture.failedFuture(new IllegalStateException(REFUSAL)))
			.refusing(REFUSAL);
	}

}
