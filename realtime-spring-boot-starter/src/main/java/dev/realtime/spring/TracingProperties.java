package dev.realtime.spring;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.tracing}: spans, where the application has a tracer.
 *
 * @param enabled whether there are spans
 * @param continueClients whether the {@code traceparent} header of a client's CONNECT,
 * SUBSCRIBE or SEND is the parent of its span
 * @param toClients whether clients get the {@code traceparent} of messages whose trace is
 * recorded
 */
@ConfigurationProperties("realtime.tracing")
public record TracingProperties(@DefaultValue("true") boolean enabled, @DefaultValue("true") boolean continueClients,
		@DefaultValue("false") boolean toClients) {

	/** Whether MESSAGE frames carry a {@code traceparent}. */
	public boolean tellsClients() {
		return this.enabled && this.toClients;
	}

}
