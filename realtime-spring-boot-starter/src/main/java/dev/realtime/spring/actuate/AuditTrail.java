package dev.realtime.spring.actuate;

import java.util.HashMap;
import java.util.Map;

import dev.realtime.spring.audit.SecurityEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;

/** Makes refusals part of the actuator's audit trail, where the application keeps one. */
final class AuditTrail implements ApplicationListener<PayloadApplicationEvent<SecurityEvent>> {

	static final String TYPE = "REALTIME_REFUSED";

	private final ApplicationEventPublisher publisher;

	AuditTrail(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	@Override
	public void onApplicationEvent(PayloadApplicationEvent<SecurityEvent> published) {
		SecurityEvent event = published.getPayload();
		Map<String, Object> data = new HashMap<>();
		put(data, "node", event.node());
		put(data, "door", event.door().tag());
		put(data, "reason", event.reason());
		put(data, "session", event.session());
		put(data, "address", event.address());
		put(data, "topic", event.topic());
		String user = event.user();
		this.publisher.publishEvent(
				new AuditApplicationEvent(new AuditEvent(event.time(), (user != null) ? user : "", TYPE, data)));
	}

	private static void put(Map<String, Object> data, String name, @Nullable String value) {
		if (value != null) {
			data.put(name, value);
		}
	}

}
