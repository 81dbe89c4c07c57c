package dev.realtime.spring;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.tracing}: spans, where the application has a tracer.
 *
 * @param enabled whether publications, SENDs and deliveries are observed
 * @param continueClients whether the {@code traceparent} header of a client's SEND is the
 * parent of its span
 */
@ConfigurationProperties("realtime.tracing")
public record TracingProperties(@DefaultValue("true") boolean enabled, @DefaultValue("true") boolean continueClients) {
}
