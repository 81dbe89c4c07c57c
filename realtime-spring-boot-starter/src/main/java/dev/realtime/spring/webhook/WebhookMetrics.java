package dev.realtime.spring.webhook;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The meters of webhooks; see {@code docs/metrics.md}. */
final class WebhookMetrics implements MeterBinder {

	private final Webhooks webhooks;

	WebhookMetrics(Webhooks webhooks) {
		this.webhooks = webhooks;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (Webhook webhook : this.webhooks.all()) {
			for (Outcome outcome : Outcome.values()) {
				FunctionCounter.builder("realtime.webhooks", webhook.counts(), (counts) -> counts.get(outcome))
					.tag("name", webhook.name())
					.tag("outcome", outcome.tag())
					.description("Events for webhooks, by what became of them")
					.register(registry);
			}
			FunctionCounter.builder("realtime.webhooks.retries", webhook.counts(), WebhookCounts::retries)
				.tag("name", webhook.name())
				.description("Requests of webhooks that failed and are repeated")
				.register(registry);
			Gauge.builder("realtime.webhooks.waiting", webhook, Webhook::waiting)
				.tag("name", webhook.name())
				.description("Events for webhooks that wait to be delivered")
				.register(registry);
		}
	}

}
