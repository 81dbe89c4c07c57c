package dev.realtime.spring.pipe;

import dev.realtime.Epochs;
import dev.realtime.RealtimePublisher;
import dev.realtime.TopicPolicies;
import dev.realtime.loop.Loops;
import dev.realtime.node.FleetMember;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.PipeProperties;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.RealtimeProperties;
import org.reactivestreams.Publisher;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** {@link RealtimeStreams}: texts that grow while their readers watch. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnClass(Publisher.class)
@ConditionalOnBean(FleetMember.class)
@EnableConfigurationProperties(PipeProperties.class)
public class RealtimePipeAutoConfiguration {

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	RealtimeStreams realtimeTextStreams(FleetMember member, ObjectProvider<RealtimeNode> node,
			RealtimePublisher publisher, PipeProperties properties, RealtimeProperties realtime, TopicPolicies policies,
			Loops loops) {
		FleetStops stops = new FleetStops(member, Epochs.next(loops.environment().secureRandom()));
		RealtimeStreams streams = new RealtimeStreams(publisher, properties, policies,
				realtime.publish().maxPayload().toBytes(), PipeLoops.of(loops, properties.threads()), stops);
		node.ifAvailable((known) -> stops.listen(known, streams::stopHere));
		return streams;
	}

	@Bean
	PipeLifecycle realtimePipeLifecycle(RealtimeStreams streams) {
		return new PipeLifecycle(streams);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		PipeMetrics realtimePipeMetrics(RealtimeStreams streams) {
			return new PipeMetrics(streams);
		}

	}

}
