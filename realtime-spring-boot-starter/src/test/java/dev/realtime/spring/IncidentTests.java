package dev.realtime.spring;

import java.util.List;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageDeliveryException;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.MessageBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/** What the log tells of failures that clients provoke. */
class IncidentTests {

	private final Logger logger = (Logger) LoggerFactory.getLogger(getClass());

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.log.start();
		this.logger.addAppender(this.log);
		this.logger.setAdditive(false);
	}

	@AfterEach
	void stop() {
		this.logger.detachAppender(this.log);
		this.logger.setAdditive(true);
	}

	@Test
	void rule8_aFailureThatIsProvokedAgainAndAgainHasOneStackTrace() {
		for (int i = 0; i < 5; i++) {
			String sentence = Incident.log(this.logger, "it failed", provoked("a client's\n" + "x".repeat(1_000)));
			String reference = sentence.replaceAll(".*\\(reference (\\w+)\\)", "$1");
			assertThat(this.log.list.get(i).getFormattedMessage()).contains(reference);
		}
		List<ILoggingEvent> events = this.log.list;
		assertThat(events.get(0).getThrowableProxy()).isNotNull();
		assertThat(events.subList(1, 5)).allSatisfy((event) -> {
			assertThat(event.getThrowableProxy()).isNull();
			assertThat(event.getFormattedMessage())
				.contains("IllegalStateException at ", "IncidentTests.provoked", "a client's?xxx")
				.doesNotContain("\n")
				.hasSizeLessThan(700);
		});
	}

	@Test
	void rule8_aStackTraceHasNoLinesThatAClientWrote() {
		RuntimeException failure = new IllegalStateException("no such thing:\n2026-01-01 ERROR forged");
		failure.addSuppressed(new IllegalStateException("close\r\nforged"));
		Incident.log(this.logger, "it failed", new IllegalArgumentException("fine", failure));
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
		Incident.log(this.logger, "it failed", failure);
		assertThat(ThrowableProxyUtil.asString(this.log.list.get(0).getThrowableProxy())).doesNotContain("secret")
			.contains("MessageDeliveryException: no delivery", "IllegalStateException: the cause",
					"MessageDeliveryException: suppressed");
	}

	@Test
	void anotherFailureHasAStackTraceOfItsOwn() {
		Incident.log(this.logger, "it failed", new IllegalStateException("here"));
		Incident.log(this.logger, "it failed", new IllegalStateException("elsewhere"));
		assertThat(this.log.list.get(1).getThrowableProxy()).isNotNull();
	}

	private static RuntimeException provoked(String text) {
		return new RuntimeException(text, new IllegalStateException(text));
	}

}
