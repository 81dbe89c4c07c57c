package dev.realtime.spring.tracing;

import dev.realtime.TopicPolicies;
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
		ReceiveTracing realtimeReceiveTracing(Spans spans, ObjectProvider<ReceiveObservationConvention> convention,
				TracingProperties properties) {
			return new ReceiveTracing(spans, convention.getIfUnique(), properties.continueClients());
		}

		@Bean
		DeliverTracingHandler realtimeDeliverTracingHandler(Tracer tracer, Propagator propagator) {
			return new DeliverTracingHandler(tracer, propagator);
		}

		@Bean
		SmartInitializingSingleton realtimeDeliverTracing(Spans spans,
				ObjectProvider<DeliverObservationConvention> convention, TopicPolicies policies,
				ObjectProvider<RealtimeNode> nodes, NodeId id) {
			return () -> nodes.ifAvailable((node) -> node.hub()
				.stats()
				.onTraced(new DeliverTracing(spans, convention.getIfUnique(), policies, id.value())));
		}

	}

	/** Where there are meters too. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	@ConditionalOnBean(Spans.class)
	static class MetricsConfiguration {

		@Bean
		MeterBinder realtimeTracingMetrics(Spans spans) {
			return (registry) -> FunctionCounter.builder("realtime.tracing.dropped", spans, Spans::dropped)
				.description("Observations that were dropped because too many waited")
				.register(registry);
		}

	}

}
