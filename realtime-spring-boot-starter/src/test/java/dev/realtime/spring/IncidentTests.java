package dev.realtime.spring;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import dev.realtime.testing.CapturedLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageDeliveryException;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.MessageBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/** What the log tells of failures that clients provoke. */
class IncidentTests {

	@RegisterExtension
	private final CapturedLog log = new CapturedLog(IncidentTests.class);

	@Test
	void rule8_aFailureThatIsProvokedAgainAndAgainIsOneLineWhoseReferenceAllClientsHave() {
		Set<String> sentences = new HashSet<>();
		for (int i = 0; i < 5; i++) {
			sentences.add(Incident.log(this.log.logger, "it failed", provoked("a client's\n" + "x".repeat(1_000))));
		}
		assertThat(sentences).hasSize(1);
		String reference = sentences.iterator().next().replaceAll(".*\\(reference (\\w+)\\)", "$1");
		assertThat(this.log.list).hasSize(1);
		assertThat(this.log.list.get(0).getThrowableProxy()).isNotNull();
		assertThat(this.log.list.get(0).getFormattedMessage()).contains(reference, "1 times")
			.doesNotContain("\n", "xxx");
	}

	@Test
	void rule8_aMinuteLaterTheNextLineHasTheNumberOfThoseInBetween() {
		RuntimeException failure = provoked("again");
		long start = 1_000_000_000;
		Incident.Line first = Incident.occurred(this.log.logger, failure, start);
		for (int i = 1; i <= 3; i++) {
			Incident.Line within = Incident.occurred(this.log.logger, failure, start + i);
			assertThat(within.isDue()).isFalse();
			assertThat(within.reference()).isEqualTo(first.reference());
		}
		Incident.Line next = Incident.occurred(this.log.logger, failure, start + TimeUnit.MINUTES.toNanos(1));
		Incident.Line last = Incident.occurred(this.log.logger, failure, start + TimeUnit.MINUTES.toNanos(2));
		assertThat(first.isDue()).isTrue();
		assertThat(next.isDue()).isTrue();
		assertThat(next.reference()).isNotEqualTo(first.reference());
		assertThat(List.of(first.times(), next.times(), last.times())).containsExactly(1L, 4L, 1L);
	}

	@Test
	void rule8_withDebugEachIsLogged() {
		this.log.logger.setLevel(Level.DEBUG);
		try {
			for (int i = 0; i < 3; i++) {
				Incident.warn(this.log.logger, "it failed", provoked("debug"));
			}
		}
		finally {
			this.log.logger.setLevel(Level.INFO);
		}
		assertThat(this.log.list).extracting(ILoggingEvent::getLevel)
			.containsExactly(Level.WARN, Level.DEBUG, Level.DEBUG);
		assertThat(this.log.list).allSatisfy((event) -> assertThat(event.getThrowableProxy()).isNotNull());
	}

	@Test
	void theSameCauseAtAnotherLoggerIsAnotherLine() {
		Logger other = (Logger) LoggerFactory.getLogger(getClass().getName() + ".other");
		RuntimeException failure = provoked("logger");
		assertThat(Incident.isFirst(this.log.logger, failure)).isTrue();
		assertThat(Incident.isFirst(this.log.logger, failure)).isFalse();
		assertThat(Incident.isFirst(other, failure)).isTrue();
	}

	@Test
	void rule8_aStackTraceHasNoLinesThatAClientWrote() {
		RuntimeException failure = new IllegalStateException("no such thing:\n2026-01-01 ERROR forged");
		failure.addSuppressed(new IllegalStateException("close\r\nforged"));
		Incident.log(this.log.logger, "it failed", new IllegalArgumentException("fine", failure));
		assertThat(ThrowableProxyUtil.asString(this.log.list.get(0).getThrowableProxy()).lines())
			.noneMatch((line) -> line.startsWith("forged") || line.startsWith("2026"))
			.anyMatch((line) -> line.contains("IllegalStateException: no such thing:?2026-01-01 ERROR forged"))
			.anyMatch((line) -> line.contains("at dev.realtime.spring.IncidentTests."));
	}

	/** The text of such an exception is the whole message. */
	@Test
	void rule10_aFrameThatAFailureTellsOfIsNotLogged() {
		SimpMessageHeaderAccessor connect = SimpMessageHeaderAccessor.create(SimpMessageType.CONNECT);
		connect.setNativeHeader("Authorization", "Bearer secret-1");
		Message<String> frame = MessageBuilder.createMessage("secret-2", connect.getMessageHeaders());
		RuntimeException failure = new IllegalStateException("outside",
				new MessageDeliveryException(frame, "no delivery", new IllegalStateException("the cause")));
		failure.addSuppressed(new MessageDeliveryException(frame, "suppressed"));
		assertThat(failure.getCause()).asString().contains("secret-1");
		Incident.log(this.log.logger, "it failed", failure);
		assertThat(ThrowableProxyUtil.asString(this.log.list.get(0).getThrowableProxy())).doesNotContain("secret")
			.contains("MessageDeliveryException: no delivery", "IllegalStateException: the cause",
					"MessageDeliveryException: suppressed");
	}

	@Test
	void anotherFailureHasAStackTraceOfItsOwn() {
		Incident.log(this.log.logger, "it failed", new IllegalStateException("here"));
		Incident.log(this.log.logger, "it failed", new IllegalStateException("elsewhere"));
		assertThat(this.log.list.get(1).getThrowableProxy()).isNotNull();
	}

	/** Each text is a cause of its own. */
	private static RuntimeException provoked(String text) {
		IllegalStateException root = new IllegalStateException(text);
		root.setStackTrace(new StackTraceElement[] { new StackTraceElement("Some", text, "Some.java", 1) });
		return new RuntimeException(text, root);
	}

}
