package dev.realtime.spring.tracing;

import dev.realtime.TopicPolicies;
import dev.realtime.hub.HubStats;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.NodeId;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.TracingProperties;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of spans, where the application has a tracer and a propagator, as
 * with {@code micrometer-tracing-bridge-otel} or {@code -brave}.
 */
@AutoConfiguration(after = RealtimeAutoConfiguration.class,
		afterName = { "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration",
				"org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration" })
@ConditionalOnClass(name = "io.micrometer.tracing.propagation.Propagator")
@ConditionalOnProperty(name = "realtime.tracing.enabled", matchIfMissing = true)
public class RealtimeTracingAutoConfiguration {

	/** Where something records spans. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean({ Tracer.class, Propagator.class, ObservationRegistry.class, TopicPolicies.class, Loops.class })
	@EnableConfigurationProperties(TracingProperties.class)
	static class TracerConfiguration {

		/** Has the thread of observation handlers, which may block. */
		@Bean
		Spans realtimeSpans(Tracer tracer, ObservationRegistry registry, Loops loops) {
			return new Spans(tracer, registry, loops.loop("realtime-tracing"));
		}

		@Bean
		PublishTracing realtimePublishTracing(Spans spans, ObjectProvider<PublishObservationConvention> convention,
				TopicPolicies policies) {
			return new PublishTracing(spans, convention.getIfUnique(), policies);
		}

		@Bean
		FrameTracing realtimeFrameTracing(Spans spans, ObjectProvider<ConnectObservationConvention> connect,
				ObjectProvider<SubscribeObservationConvention> subscribe, TimedTracing recoveries,
				TopicPolicies policies, TracingProperties properties) {
			return new FrameTracing(spans, connect.getIfUnique(), subscribe.getIfUnique(), recoveries, policies,
					properties.continueClients());
		}

		@Bean
		ReceiveTracing realtimeReceiveTracing(Spans spans, ObjectProvider<ReceiveObservationConvention> convention,
				TracingProperties properties) {
			return new ReceiveTracing(spans, convention.getIfUnique(), properties.continueClients());
		}

		@Bean
		TimedTracing realtimeTimedTracing(Spans spans, ObjectProvider<StoreObservationConvention> store,
				ObjectProvider<AnnounceObservationConvention> announce,
				ObjectProvider<RecoverObservationConvention> recover,
				ObjectProvider<RepairObservationConvention> repair, TopicPolicies policies, NodeId id) {
			return new TimedTracing(spans, new TimedTracing.Conventions(store.getIfUnique(), announce.getIfUnique(),
					recover.getIfUnique(), repair.getIfUnique()), policies, id.value());
		}

		@Bean
		TimedTracingHandler realtimeTimedTracingHandler(Tracer tracer, Propagator propagator) {
			return new TimedTracingHandler(tracer, propagator);
		}

		@Bean
		SmartInitializingSingleton realtimeDeliverTracing(Spans spans,
				ObjectProvider<DeliverObservationConvention> convention, TopicPolicies policies,
				ObjectProvider<RealtimeNode> nodes, NodeId id, TimedTracing timed) {
			return () -> nodes.ifAvailable((node) -> {
				HubStats stats = node.hub().stats();
				stats.onTraced(new DeliverTracing(spans, convention.getIfUnique(), policies, id.value()));
				stats.onRepaired(timed);
			});
		}

	}

	/** Where there are meters too. It may be read before the other one. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	@ConditionalOnBean({ Tracer.class, Propagator.class, ObservationRegistry.class, TopicPolicies.class, Loops.class })
	static class MetricsConfiguration {

		@Bean
		MeterBinder realtimeTracingMetrics(Spans spans) {
			return (registry) -> FunctionCounter.builder("realtime.tracing.dropped", spans, Spans::dropped)
				.description("Observations that were dropped because too many waited")
				.register(registry);
		}

	}

}
