package dev.realtime.spring.actuate;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.realtime.spring.Incident;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.AuditEventRepository;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.context.ApplicationEventPublisher;

/** Makes operators' commands part of the audit trail, where the application keeps one. */
final class CommandTrail {

	private static final Logger logger = LoggerFactory.getLogger(CommandTrail.class);

	static final String TYPE = "REALTIME_COMMAND";

	private final ApplicationEventPublisher publisher;

	private final boolean kept;

	CommandTrail(ApplicationEventPublisher publisher, BeanFactory beans) {
		this.publisher = publisher;
		this.kept = beans.getBeanProvider(AuditEventRepository.class).stream().findAny().isPresent();
	}

	/**
	 * Takes note of a command that was carried out, or may have been. If that fails it is
	 * logged, because the command is done.
	 * @param operator the operator's name, or null if there is no login
	 * @param parameters what the command is about
	 * @param outcome in one word
	 */
	void note(@Nullable String operator, String command, Map<String, Object> parameters, String outcome) {
		if (this.kept) {
			Map<String, Object> data = new LinkedHashMap<>(parameters);
			data.put("command", command);
			data.put("outcome", outcome);
			try {
				this.publisher.publishEvent(
						new AuditApplicationEvent(new AuditEvent((operator != null) ? operator : "", TYPE, data)));
			}
			catch (Throwable ex) {
				Incident.warn(logger, "A command could not be added to the audit trail", ex);
			}
		}
	}

}
