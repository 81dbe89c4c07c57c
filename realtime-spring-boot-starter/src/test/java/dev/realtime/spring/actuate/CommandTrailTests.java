package dev.realtime.spring.actuate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.realtime.testing.CapturedLog;
import dev.realtime.testing.Sneaky;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.actuate.audit.InMemoryAuditEventRepository;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;

import static org.assertj.core.api.Assertions.assertThat;

/** Commands are carried out, whatever becomes of their entry in the audit trail. */
class CommandTrailTests {

	@RegisterExtension
	private final CapturedLog log = new CapturedLog(CommandTrail.class);

	private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

	@ParameterizedTest
	@MethodSource("thrown")
	void rule9_aListenerThatFailsIsLoggedAndNothingElse(Throwable thrown) {
		this.beans.registerSingleton("trail", new InMemoryAuditEventRepository());
		new CommandTrail((event) -> {
			throw Sneaky.sneak(thrown);
		}, this.beans).note("olga", "drain", Map.of("node", "a"), "done");
		assertThat(this.log.list).singleElement()
			.satisfies((event) -> assertThat(event.getFormattedMessage()).contains("audit trail"));
	}

	private static List<Throwable> thrown() {
		return List.of(new IllegalStateException("on purpose"), new NoClassDefFoundError("on purpose"),
				new IOException("on purpose"));
	}

	@Test
	void withoutATrailNothingIsPublished() {
		List<Object> published = new ArrayList<>();
		new CommandTrail(published::add, this.beans).note(null, "drain", Map.of(), "done");
		assertThat(published).isEmpty();
		this.beans.registerSingleton("trail", new InMemoryAuditEventRepository());
		new CommandTrail(published::add, this.beans).note(null, "drain", Map.of("node", "a"), "done");
		assertThat(published).singleElement().isInstanceOfSatisfying(AuditApplicationEvent.class, (event) -> {
			assertThat(event.getAuditEvent().getPrincipal()).isEmpty();
			assertThat(event.getAuditEvent().getData())
				.isEqualTo(Map.of("node", "a", "command", "drain", "outcome", "done"));
		});
	}

}
